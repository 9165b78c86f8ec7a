import { compareBytes, equalBytes, hexToBytes } from '../bytes.ts';
import type { VmType } from '../vm/virtual-machine.ts';

/** What the factory knows of a module when it chooses an engine. */
export interface ModuleDescriptor {
  readonly code: Uint8Array;
  /** The module's own engine choice. */
  readonly engine?: string | undefined;
  /** Where the module is deployed (32 bytes). */
  readonly address?: Uint8Array | undefined;
  /** Height of the block in which it runs. */
  readonly blockHeight?: bigint | undefined;
}

/** One `select` rule. Every given condition must hold; a rule without conditions fits every module. */
export interface SelectRule {
  readonly engine: VmType;
  /** Options of the engine for these modules, instead of `engines.<type>.options`. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** sha-256 of the code: any of these. */
  readonly codeHash?: readonly Uint8Array[] | undefined;
  /** First and last address (32 bytes), inclusive. */
  readonly address?: { readonly from: Uint8Array; readonly to: Uint8Array } | undefined;
  /** An engine whose format the code has, or the code's first bytes as `0x…`. */
  readonly format?: string | undefined;
  /** First height at which the rule holds. */
  readonly fromHeight?: bigint | undefined;
  /** Last height at which the rule holds. */
  readonly toHeight?: bigint | undefined;
  /** Any other condition; only a configuration in code can have one. Must be deterministic. */
  readonly predicate?: ((module: ModuleDescriptor) => boolean) | undefined;
}

/** What a rule asks about code; the factory answers from its caches. */
export interface CodeFacts {
  codeHash(code: Uint8Array): Uint8Array;
  hasFormat(code: Uint8Array, type: string): boolean;
}

/** True when every condition of the rule holds. A module without address or height does not fit a rule that asks for one. */
export function ruleFits(rule: SelectRule, module: ModuleDescriptor, facts: CodeFacts): boolean {
  const { address, blockHeight } = module;
  if (rule.fromHeight !== undefined && (blockHeight === undefined || blockHeight < rule.fromHeight))
    return false;
  if (rule.toHeight !== undefined && (blockHeight === undefined || blockHeight > rule.toHeight)) return false;
  if (rule.address !== undefined) {
    if (address === undefined) return false;
    if (compareBytes(address, rule.address.from) < 0 || compareBytes(address, rule.address.to) > 0)
      return false;
  }
  if (rule.format !== undefined && !fitsFormat(rule.format, module.code, facts)) return false;
  if (rule.codeHash !== undefined) {
    const hash = facts.codeHash(module.code);
    if (!rule.codeHash.some((wanted) => equalBytes(wanted, hash))) return false;
  }
  return rule.predicate === undefined || rule.predicate(module);
}

function fitsFormat(format: string, code: Uint8Array, facts: CodeFacts): boolean {
  if (!format.startsWith('0x')) return facts.hasFormat(code, format);
  const prefix = hexToBytes(format);
  return prefix !== undefined && equalBytes(code.subarray(0, prefix.length), prefix);
}
