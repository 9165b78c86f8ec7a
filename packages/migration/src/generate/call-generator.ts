import { type BlockInfo, NATIVE_ASSET } from '@switchyard/core';
import { type Arbitrary, constant, constantFrom, nat, oneof, Random, tuple } from 'fast-check';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { type Canonical, hex } from '../mapping/canonical.ts';
import { parseType } from '../mapping/mapped-type.ts';
import type { Suite, SuiteCall } from '../suite/suite.ts';
import { canonicalArbitrary, type Dictionary, integerArbitrary } from './canonical-arbitrary.ts';

/** How strongly fast-check prefers small values: its own default at the beginning of a run. */
const BIAS = 3;

/** One in so many calls comes with native value. */
const VALUE_ODDS = 3;

/** Makes calls of a suite's entries from their declared types. The same seed gives the same calls. */
export class CallGenerator {
  readonly #entries: readonly { readonly name: string; readonly args: Arbitrary<Canonical[]> }[];
  readonly #senders: Arbitrary<Uint8Array>;
  readonly #values: Arbitrary<string>;
  readonly #blocks: Arbitrary<number>;
  readonly random: Random;

  constructor(suite: Suite, seed: number) {
    const dictionary = dictionaryOf(suite);
    this.random = new Random(xoroshiro128plus(seed));
    this.#entries = Object.entries(suite.mapping.entries).map(([name, { params }]) => ({
      name,
      args: tuple(...Object.values(params).map((type) => canonicalArbitrary(parseType(type), dictionary))),
    }));
    const accounts = [...suite.start.accounts.values()];
    this.#senders = constantFrom(...(accounts.length > 0 ? accounts : [suite.start.contract]));
    this.#values = integerArbitrary((1n << 64n) - 1n, dictionary);
    this.#blocks = oneof({ weight: 3, arbitrary: constant(0) }, { weight: 1, arbitrary: nat(100) });
  }

  /** The next call, at a height not below the last one's. */
  next(previous: SuiteCall | undefined, start: Partial<BlockInfo>): SuiteCall {
    const { name, args } = this.#entries[this.below(this.#entries.length)]!;
    const step = BigInt(this.#draw(this.#blocks));
    const height = (previous?.block.height ?? start.height ?? 0n) + step;
    const timestamp = (previous?.block.timestamp ?? start.timestamp ?? 0n) + step * 10n;
    return {
      entry: name,
      args: this.#draw(args),
      sender: this.#draw(this.#senders),
      value: this.below(VALUE_ODDS) === 0 ? BigInt(this.#draw(this.#values)) : 0n,
      deposits: [],
      gasLimit: { old: undefined, new: undefined },
      block: { height, topoheight: height, timestamp },
      txHash: undefined,
    };
  }

  /** A whole number below a bound. */
  below(bound: number): number {
    return this.random.nextInt(0, bound - 1);
  }

  #draw<T>(arbitrary: Arbitrary<T>): T {
    return arbitrary.generate(this.random, BIAS).value;
  }
}

/** What the suite's calls and accounts speak of. */
export function dictionaryOf(suite: Suite): Dictionary {
  const integers = new Set<bigint>();
  const texts = new Set<string>();
  const accounts = new Set([...suite.start.accounts.values()].map(hex));
  accounts.add(hex(suite.start.contract));
  accounts.add(hex(NATIVE_ASSET));
  const collect = (value: Canonical): void => {
    if (typeof value === 'string') {
      if (/^\d+$/.test(value)) integers.add(BigInt(value));
      else if (value.length === 66) accounts.add(value);
    } else if (typeof value === 'object' && value !== null) {
      if ('text' in value) texts.add(value.text);
      else for (const each of value) collect(each);
    }
  };
  for (const call of suite.calls) {
    for (const arg of call.args) collect(arg);
    if (call.value > 0n) integers.add(call.value);
  }
  for (const { amount } of suite.start.balances) integers.add(amount);
  for (const { value } of suite.start.storage) collect(value);
  return { accounts: [...accounts], integers: [...integers], texts: [...texts] };
}
