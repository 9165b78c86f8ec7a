import { hex } from '../mapping/canonical.ts';
import type { Suite } from '../suite/suite.ts';

/** What the suite calls accounts and the contract, by address (`0x` and 64 digits). */
export type AccountNames = ReadonlyMap<string, string>;

const known = new WeakMap<Suite, AccountNames>();

/** The names of a suite's accounts, and `contract` for the contract's own address. */
export function accountNames(suite: Suite): AccountNames {
  let names = known.get(suite);
  if (names === undefined) {
    const { contract, accounts } = suite.start;
    names = new Map([
      [hex(contract), 'contract'],
      ...[...accounts].map(([name, address]) => [hex(address), name] as const),
    ]);
    known.set(suite, names);
  }
  return names;
}

/** An address in a place such as `balance["0x…"]` or in the JSON of a value; not in a `{ text }`, which only looks like one. */
const ADDRESS = /(?<!\w|: ?"?)("?)(0x[0-9a-f]{64})\1(?!\w)/g;

/** A place, or a value's JSON, with accounts by their names: `balance["alice"]`. */
export function withNames(text: string, names: AccountNames): string {
  return text.replace(ADDRESS, (found, quote: string, address: string) => {
    const name = names.get(address);
    if (name === undefined) return found;
    return quote === '' ? name : JSON.stringify(name);
  });
}
