import type { VmError } from '../errors/vm-error.ts';
import { byteKey } from '../state/byte-key.ts';
import type { StateAccess } from '../state/state-access.ts';
import type { ExecutionContext } from '../vm/execution-context.ts';

/** How a precompile ended. */
export type PrecompileResult =
  | { readonly status: 'success'; readonly output: Uint8Array }
  | { readonly status: 'failed'; readonly error: VmError };

/** A contract that the host itself provides at a fixed address. Looked up before any code. */
export interface Precompile {
  /** 32 bytes. */
  readonly address: Uint8Array;
  readonly name: string;
  /** Gas for an input; charged before `execute`. */
  gasCost(input: Uint8Array): bigint;
  execute(context: ExecutionContext, input: Uint8Array, state: StateAccess): PrecompileResult;
}

/** Precompiles by address. */
export class PrecompileRegistry {
  readonly #byAddress = new Map<string, Precompile>();

  constructor(precompiles: Iterable<Precompile> = []) {
    for (const precompile of precompiles) this.add(precompile);
  }

  /** Adds a precompile; a later one at the same address wins. @returns this, to chain. */
  add(precompile: Precompile): this {
    this.#byAddress.set(byteKey(precompile.address), precompile);
    return this;
  }

  get(address: Uint8Array): Precompile | undefined {
    return this.#byAddress.size === 0 ? undefined : this.#byAddress.get(byteKey(address));
  }
}
