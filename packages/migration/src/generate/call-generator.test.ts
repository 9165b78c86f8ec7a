import { expect, test } from 'vitest';
import { ledgerSuite } from '../pairs.fixture.ts';
import type { Suite, SuiteCall } from '../suite/suite.ts';
import { CallGenerator } from './call-generator.ts';

/** The ledger without calls of its own, in which alice alone has something. */
const suite: Suite = {
  ...ledgerSuite({}, (text) => text.replace('alice: 0', 'alice: 40')),
  calls: [],
};

const make = (generator: CallGenerator, count: number): readonly SuiteCall[] => {
  const calls: SuiteCall[] = [];
  for (let i = 0; i < count; i++) calls.push(generator.next(calls.at(-1), suite.start.block));
  return calls;
};

test('most values are not more than their sender begins with', () => {
  const calls = make(new CallGenerator(suite, 1), 600);
  const alice = suite.start.accounts.get('alice');
  const held = ({ sender }: SuiteCall): bigint => (sender === alice ? 40n : 0n);
  expect(calls.filter(({ value }) => value > 0n).length).toBeGreaterThan(50);
  expect(calls.filter((call) => call.value > held(call)).length).toBeLessThan(30);
});

test('calls speak of what the sequence spoke of, until another one begins', () => {
  const generator = new CallGenerator(suite, 1);
  const odd = '987654321';
  const account = `0x${'0b'.repeat(32)}`;
  const near = (calls: readonly SuiteCall[]): number =>
    calls.filter(({ args }) => ['987654320', odd, '987654322'].includes(args[1] as string)).length;
  expect(near(make(generator, 200))).toBe(0);
  const [call] = make(generator, 1);
  generator.note({ ...call!, args: [account, odd] });
  expect(near(make(generator, 200))).toBeGreaterThan(20);
  generator.begin();
  expect(near(make(generator, 200))).toBe(0);
});

test('the same seed gives the same calls', () => {
  const [first, again] = [make(new CallGenerator(suite, 5), 50), make(new CallGenerator(suite, 5), 50)];
  expect(again).toEqual(first);
});
