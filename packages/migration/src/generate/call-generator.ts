import { type BlockInfo, equalBytes, MAX_U64, NATIVE_ASSET } from '@switchyard/core';
import { type Arbitrary, constant, nat, oneof, Random, tuple } from 'fast-check';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { type Canonical, hex } from '../mapping/canonical.ts';
import { parseType } from '../mapping/mapped-type.ts';
import type { SideObservation } from '../observe/observation.ts';
import type { Suite, SuiteCall } from '../suite/suite.ts';
import { canonicalArbitrary, type Dictionary, integerArbitrary } from './canonical-arbitrary.ts';
import { WordList } from './word-list.ts';

/** How strongly fast-check prefers small values: its own default at the beginning of a run. */
const BIAS = 3;

/** One in so many calls comes with native value. */
const VALUE_ODDS = 3;

/** One in so many values may be more than its sender has in the beginning. */
const UNFUNDED_ODDS = 8;

/** Values of each kind that a sequence remembers. */
const REMEMBERED = 24;

/** `0x` and 32 bytes. */
const ACCOUNT_LENGTH = 66;

/** Who calls, and what native values come along. */
interface Sender {
  readonly address: Uint8Array;
  readonly values: Arbitrary<string>;
}

/**
 * Makes calls of a suite's entries from their declared types, with values that the suite and the present sequence speak of. The same seed,
 * told of the same calls, gives the same calls.
 */
export class CallGenerator {
  readonly #entries: readonly { readonly name: string; readonly args: Arbitrary<Canonical[]> }[];
  readonly #senders: readonly Sender[];
  readonly #anyValue: Arbitrary<string>;
  readonly #blocks: Arbitrary<number>;
  readonly #recent = new WordList(REMEMBERED);
  readonly random: Random;

  constructor(suite: Suite, seed: number) {
    const dictionary = dictionaryOf(suite, this.#recent);
    this.random = new Random(xoroshiro128plus(seed));
    this.#entries = Object.entries(suite.mapping.entries).map(([name, { params }]) => ({
      name,
      args: tuple(...Object.values(params).map((type) => canonicalArbitrary(parseType(type), dictionary))),
    }));
    const accounts = [...suite.start.accounts.values()];
    this.#senders = (accounts.length > 0 ? accounts : [suite.start.contract]).map((address) => ({
      address,
      values: integerArbitrary(balanceOf(suite, address), dictionary),
    }));
    this.#anyValue = integerArbitrary(MAX_U64, dictionary);
    this.#blocks = oneof({ weight: 3, arbitrary: constant(0) }, { weight: 1, arbitrary: nat(100) });
  }

  /** Begins a sequence: what was said before is forgotten. */
  begin(): void {
    this.#recent.clear();
  }

  /** Remembers a call of the sequence and, if it is known, what it did: later calls speak of the same. */
  note(call: SuiteCall, observation?: SideObservation): void {
    this.#recent.addCall(call);
    if (observation !== undefined) this.#recent.addObservation(observation);
  }

  /** The next call, at a height not below the last one's. */
  next(previous: SuiteCall | undefined, start: Partial<BlockInfo>): SuiteCall {
    const { name, args } = this.#entries[this.below(this.#entries.length)]!;
    const sender = this.#senders[this.below(this.#senders.length)]!;
    const step = BigInt(this.#draw(this.#blocks));
    const height = (previous?.block.height ?? start.height ?? 0n) + step;
    const timestamp = (previous?.block.timestamp ?? start.timestamp ?? 0n) + step * 10n;
    return {
      entry: name,
      args: this.#draw(args),
      sender: sender.address,
      value: this.below(VALUE_ODDS) === 0 ? this.#value(sender) : 0n,
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

  #value({ values }: Sender): bigint {
    return BigInt(this.#draw(this.below(UNFUNDED_ODDS) === 0 ? this.#anyValue : values));
  }

  #draw<T>(arbitrary: Arbitrary<T>): T {
    return arbitrary.generate(this.random, BIAS).value;
  }
}

/** What the suite's calls and accounts speak of, and what the present sequence does. */
export function dictionaryOf({ calls, start }: Suite, recent: WordList): Dictionary {
  const words = new WordList();
  for (const account of start.accounts.values()) words.add(hex(account));
  words.add(hex(start.contract));
  words.add(hex(NATIVE_ASSET));
  for (const call of calls) words.addCall(call);
  for (const { amount } of start.balances) words.addInteger(amount);
  for (const { value } of start.storage) words.add(value);
  const { integers, texts } = words;
  return {
    accounts: words.bytes.filter((bytes) => bytes.length === ACCOUNT_LENGTH),
    integers,
    texts,
    recent,
  };
}

function balanceOf({ start }: Suite, account: Uint8Array): bigint {
  return start.balances
    .filter((each) => equalBytes(each.account, account) && equalBytes(each.asset, NATIVE_ASSET))
    .reduce((sum, { amount }) => sum + amount, 0n);
}
