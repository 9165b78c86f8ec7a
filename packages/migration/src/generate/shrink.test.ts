import { expect, test } from 'vitest';
import { hex } from '../mapping/canonical.ts';
import type { SuiteCall } from '../suite/suite.ts';
import { shrinkSequence } from './shrink.ts';

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

test('calls that do not matter are left out, and values become small', () => {
  const calls = [call('a', first), call('pay', first, ['500'], 9n), call('b', second), call('c', third)];
  const shrunk = shrinkSequence(calls, accounts, (sequence) =>
    sequence.some(({ entry, args }) => entry === 'pay' && BigInt(args[0] as string) >= 20n),
  );
  expect(shrunk).toEqual([call('pay', first, ['20'])]);
});

test('an account that several calls need to be the same becomes another one in all of them', () => {
  const calls = [call('fund', third, [hex(second)]), call('unlock', third), call('claim', second)];
  const shrunk = shrinkSequence(calls, accounts, (sequence) => {
    const [fund, unlock, claim] = sequence;
    return sequence.length === 3 && fund!.sender === unlock!.sender && fund!.args[0] === hex(claim!.sender);
  });
  expect(shrunk).toEqual([call('fund', first, [hex(first)]), call('unlock', first), call('claim', first)]);
});

test('a value of which a remainder matters becomes small as well', () => {
  const [shrunk] = shrinkSequence(
    [call('pay', first, [], 8_227_531_375_001_596_986n)],
    accounts,
    ([only]) => {
      return only!.value % 4n === 2n;
    },
  );
  expect(shrunk!.value).toBeLessThan(16n);
});
