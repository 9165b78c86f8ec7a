import { bytesToHex, VmError } from '@switchyard/core';
import { expect, test } from 'vitest';
import { accountAddress, readSuite } from './read-suite.ts';

const minimal = `switchyard: migration/1
name: t
old: old.module
new: new.so
accounts: { alice: 18446744073709551615, bob: { address: "0x${'0b'.repeat(32)}", balance: 5 } }
entries:
  pay: { params: { to: address, amount: u64 }, old: entry_1, new: entry_2 }
`;

const read = (text: string) =>
  readSuite({ name: 'suite.yaml', text, readFile: (path) => new TextEncoder().encode(path) });

const refusal = (text: string): string => {
  try {
    read(text);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(VmError);
    expect((thrown as VmError).code).toBe('SUITE_INVALID');
    return (thrown as VmError).message;
  }
  throw new Error('the suite was read');
};

test('a suite has accounts by name, builds with their code, and calls in canonical form', () => {
  const suite = read(`${minimal}
calls:
  - { call: pay, from: alice, args: [bob, 1_000], value: 7 }
  - { call: pay, from: bob, args: { amount: "5", to: alice } }
`);
  expect(new TextDecoder().decode(suite.sides.new.code)).toBe('new.so');
  expect(suite.start.balances.map(({ amount }) => amount)).toEqual([18446744073709551615n, 5n]);
  expect(suite.calls[0]).toMatchObject({ entry: 'pay', args: [`0x${'0b'.repeat(32)}`, '1000'], value: 7n });
  expect(suite.calls[1]!.args).toEqual([`0x${bytesToHex(accountAddress('alice'))}`, '5']);
});

test('bytes may stand without quotes: their leading zeros are kept', () => {
  const suite = read(`${minimal}
contract: 0x${'0a'.repeat(32)}
calls:
  - { call: pay, args: [0x${'00'.repeat(31)}01, 5] }
`);
  expect(bytesToHex(suite.start.contract)).toBe('0a'.repeat(32));
  expect(suite.calls[0]!.args).toEqual([`0x${'00'.repeat(31)}01`, '5']);
  expect(refusal(`${minimal}calls:\n  - { call: pay, args: [alice, 0x10] }\n`)).toBe(
    'suite.yaml: calls[0].args.amount: expected u64, found "0x10".',
  );
});

test.each([
  ['not YAML', 'a: [', /^suite\.yaml: .+/],
  [
    'another format',
    'switchyard: migration/9',
    'suite.yaml: switchyard: Invalid input: expected "migration/1".',
  ],
  ['an unknown field', `${minimal}colour: red\n`, 'suite.yaml: Unrecognized key: "colour".'],
  [
    'an amount beyond u64',
    minimal.replace('5 }', '18446744073709551616 }'),
    'suite.yaml: accounts.bob.balance: expected 0 to 2^64 − 1.',
  ],
  [
    'a short address',
    minimal.replace('0b'.repeat(32), '0b'),
    'suite.yaml: accounts.bob.address: expected 0x and 64 hexadecimal digits.',
  ],
  [
    'no entry',
    minimal.replace(/entries:\n.*\n/, 'entries: {}\n'),
    'suite.yaml: entries: expected at least one entry.',
  ],
  [
    'a name with a line end',
    minimal.replace('name: t', 'name: "t\\nequal"'),
    'suite.yaml: name: expected a name without control characters.',
  ],
  [
    'a call of no entry',
    `${minimal}calls:\n  - { call: play }\n`,
    'suite.yaml: calls[0]: there is no entry "play".',
  ],
  [
    'too few arguments',
    `${minimal}calls:\n  - { call: pay, args: [bob] }\n`,
    'suite.yaml: calls[0]: pay takes 2 arguments (to, amount), found 1.',
  ],
  [
    'an argument of another type',
    `${minimal}calls:\n  - { call: pay, args: [bob, -1] }\n`,
    'suite.yaml: calls[0].args.amount: expected u64, found "-1".',
  ],
  [
    'an account of no name',
    `${minimal}calls:\n  - { call: pay, args: [carol, 1] }\n`,
    'suite.yaml: calls[0].args.to: expected address, found "carol".',
  ],
  [
    'a sender of no name',
    `${minimal}calls:\n  - { call: pay, from: carol, args: [bob, 1] }\n`,
    'suite.yaml: calls[0].from: expected a name from accounts or 0x and 64 digits, found "carol".',
  ],
  [
    'a state of no item',
    `${minimal}state:\n  - { item: x, value: 1 }\n`,
    'suite.yaml: state[0]: there is no storage item "x".',
  ],
])('%s is refused with the place', (_what, text, message) => {
  expect(refusal(text)).toMatch(message);
});

test('a document of many aliases is refused, not unfolded', () => {
  const levels = Array.from(
    { length: 12 },
    (_, i) =>
      `a${i}: &a${i} [${
        i === 0
          ? 'x'
          : Array(9)
              .fill(`*a${i - 1}`)
              .join(', ')
      }]`,
  );
  expect(refusal(levels.join('\n'))).toMatch(/^suite\.yaml: /);
});
