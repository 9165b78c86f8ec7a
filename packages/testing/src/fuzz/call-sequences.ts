import { type AssetAmount, bytesToHex } from '@switchyard/core';
import { type Arbitrary, array, constant, nat, oneof, record, toStringMethod, tuple } from 'fast-check';
import type { Addressable } from '../chain/accounts.ts';
import type { TestOutcome } from '../chain/outcome.ts';
import type { Argument, CallOptions, Entry } from '../chain/requests.ts';
import type { TestContract } from '../chain/test-contract.ts';

/** So many calls to a place that is left out from the start: a gap tests nothing. */
const CALLS_TO_A_GAP = 15;

/** A kind of call that a sequence may hold. */
export interface CallSpec {
  readonly contract: TestContract;
  readonly entry: Entry;
  /** One arbitrary for each typed argument, in order. */
  readonly args?: readonly Arbitrary<Argument>[];
  /** Bytes instead of arguments. */
  readonly input?: Arbitrary<Uint8Array>;
  readonly sender?: Arbitrary<Addressable>;
  readonly value?: Arbitrary<bigint>;
  /** Other assets to give along. */
  readonly deposits?: Arbitrary<readonly AssetAmount[]>;
  readonly gasLimit?: Arbitrary<bigint>;
}

/** One call of a sequence. Printed as it would be written. */
export interface FuzzCall {
  readonly contract: TestContract;
  readonly entry: Entry;
  readonly options: CallOptions;
  /** Calls, and keeps what changed. */
  run(): TestOutcome;
}

/** Sequences of calls, each of one of the kinds; a failing one shrinks to few and small calls. At most `maxLength`, by default 10. */
export function callSequences(
  kinds: readonly CallSpec[],
  { maxLength = 10 }: { readonly maxLength?: number } = {},
): Arbitrary<readonly FuzzCall[]> {
  // An array shrinks from its front only. A place whose number shrinks to 0 is left out, so any call that does not matter goes.
  const place = tuple(nat(CALLS_TO_A_GAP), oneof(...kinds.map(callsOf)));
  return array(place, { minLength: 1, maxLength }).map((places) => {
    const calls = places.filter(([number]) => number > 0).map(([, call]) => call);
    return Object.defineProperty(calls, toStringMethod, {
      value: () => calls.map(describeCall).join('\n') || 'no calls',
    });
  });
}

function callsOf(kind: CallSpec): Arbitrary<FuzzCall> {
  const { contract, entry, args, input, sender, value, deposits, gasLimit } = kind;
  const options: Arbitrary<CallOptions> = record({
    ...(args === undefined ? {} : { args: args.length === 0 ? constant([]) : tuple(...args) }),
    ...(input === undefined ? {} : { input }),
    ...(sender === undefined ? {} : { sender }),
    ...(value === undefined ? {} : { value }),
    ...(deposits === undefined ? {} : { deposits }),
    ...(gasLimit === undefined ? {} : { gasLimit }),
  });
  return options.map((chosen) => {
    const call = { contract, entry, options: chosen, run: () => contract.call(entry, chosen) };
    return Object.defineProperty(call, toStringMethod, { value: () => describeCall(call) });
  });
}

function describeCall({ contract, entry, options }: Omit<FuzzCall, 'run'>): string {
  const fields = Object.entries(options).map(([name, value]) => `${name}: ${describeValue(value)}`);
  const name = typeof entry === 'object' ? describeValue(entry) : JSON.stringify(entry);
  return `${contract.name}.call(${[name, ...(fields.length === 0 ? [] : [`{ ${fields.join(', ')} }`])].join(', ')})`;
}

function describeValue(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Uint8Array) return value.length === 0 ? 'no bytes' : `0x${bytesToHex(value)}`;
  if (Array.isArray(value)) return `[${value.map(describeValue).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = value as Readonly<Record<string, unknown>>;
  if (typeof fields['kind'] === 'string' && 'value' in fields) {
    return `${fields['kind']}(${describeValue(fields['value']).replace(/n$/, '')})`;
  }
  if (fields['kind'] === 'opaque') return `bytes32(${describeValue(fields['content'])})`;
  // An account or a contract is best known by its name.
  if (typeof fields['name'] === 'string' && 'address' in fields) return fields['name'];
  return `{ ${Object.entries(fields)
    .map(([name, inner]) => `${name}: ${describeValue(inner)}`)
    .join(', ')} }`;
}
