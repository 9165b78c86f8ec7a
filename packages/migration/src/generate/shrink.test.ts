import { expect, test } from 'vitest';
import { hex } from '../mapping/canonical.ts';
import type { SuiteCall } from '../suite/suite.ts';
import { type CallsToFail, shrinkSequence } from './shrink.ts';

const accounts = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
const [first, second, third] = accounts as [Uint8Array, Uint8Array, Uint8Array];

const call = (entry: string, sender: Uint8Array, args: SuiteCall['args'] = [], value = 0n): SuiteCall => ({
  entry,
  args,
  sender,
  value,
  deposits: [],
  gasLimit: { old: undefined, new: undefined },
  block: {},
  txHash: undefined,
});

/** A failure that all of a sequence shows, or nothing of it. */
const whole =
  (fails: (calls: readonly SuiteCall[]) => boolean): CallsToFail =>
  (calls) =>
    fails(calls) ? calls.length : 0;

test('calls that do not matter are left out, and values become small', () => {
  const calls = [call('a', first), call('pay', first, ['500'], 9n), call('b', second), call('c', third)];
  const shrunk = shrinkSequence(
    calls,
    accounts,
    whole((sequence) =>
      sequence.some(({ entry, args }) => entry === 'pay' && BigInt(args[0] as string) >= 20n),
    ),
  );
  expect(shrunk).toEqual([call('pay', first, ['20'])]);
});

test('an account that several calls need to be the same becomes another one in all of them', () => {
  const calls = [call('fund', third, [hex(second)]), call('unlock', third), call('claim', second)];
  const shrunk = shrinkSequence(
    calls,
    accounts,
    whole((sequence) => {
      const [fund, unlock, claim] = sequence;
      return sequence.length === 3 && fund!.sender === unlock!.sender && fund!.args[0] === hex(claim!.sender);
    }),
  );
  expect(shrunk).toEqual([call('fund', first, [hex(first)]), call('unlock', first), call('claim', first)]);
});

test('a value of which a remainder matters becomes small as well', () => {
  const [shrunk] = shrinkSequence(
    [call('pay', first, [], 8_227_531_375_001_596_986n)],
    accounts,
    whole(([only]) => only!.value % 4n === 2n),
  );
  expect(shrunk!.value).toBeLessThan(16n);
});

test('what comes after the call that fails is left out', () => {
  const calls = [call('a', first), call('b', first), call('c', first)];
  const shrunk = shrinkSequence(
    calls,
    accounts,
    (sequence) => 1 + sequence.findIndex(({ entry }) => entry === 'b'),
  );
  expect(shrunk).toEqual([call('b', first)]);
});
