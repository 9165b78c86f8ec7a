import { expect, test } from 'vitest';
import { callParams, FieldProblem, type FormFields, wholeNumber } from './call-params.ts';
import { DEPLOY, OTHER } from './entries.ts';

const EMPTY: FormFields = {
  code: '7f45',
  contract: '',
  entry: 'entrypoint',
  entryName: '',
  args: [],
  input: '',
  from: '',
  value: '',
  gasLimit: '',
  gasPrice: '',
  isStatic: false,
  state: '',
  block: '',
};

test('an untouched form calls the entrypoint, and leaves the rest to the service', () => {
  expect(callParams(EMPTY)).toEqual({ code: '7f45', entry: 'entrypoint' });
});

test('every field that is filled goes along', () => {
  expect(
    callParams({
      ...EMPTY,
      code: null,
      contract: ` ${'a'.repeat(64)} `,
      entry: OTHER,
      entryName: ' transfer ',
      args: ['u64:5', 'string: a '],
      from: `0x${'B'.repeat(64)}`,
      value: '1,000',
      gasLimit: '18446744073709551615',
      gasPrice: '2',
      isStatic: true,
      state: '{"00": {"balance": "1"}}',
      block: '{"height": 7}',
    }),
  ).toEqual({
    contract: 'a'.repeat(64),
    entry: 'transfer',
    args: ['u64:5', 'string: a '],
    from: `0x${'B'.repeat(64)}`,
    value: '1000',
    gasLimit: '18446744073709551615',
    gasPrice: '2',
    static: true,
    state: { '00': { balance: '1' } },
    block: { height: 7 },
  });
});

test('a deployment has no entry and is not read-only', () => {
  const fields = { ...EMPTY, entry: DEPLOY, isStatic: true, args: null, input: '0x 05' };
  expect(callParams(fields)).toEqual({ deploy: { code: '7f45' }, input: '05' });
});

test.each<[string, Partial<FormFields>, string]>([
  ['file', { code: '' }, 'Choose a file, or give the bytes of a module.'],
  ['contract', { code: null }, "Give the contract's address."],
  ['contract', { code: null, contract: 'abc' }, 'An address has 64 hexadecimal digits.'],
  ['from', { from: 'me' }, 'An address has 64 hexadecimal digits.'],
  ['entry-name', { entry: OTHER }, 'Name the entry to call.'],
  ['input', { args: null, input: '0g' }, 'Input: "g" at 1 is no hexadecimal digit.'],
  ['input', { args: null, input: '0' }, 'Input: 1 digits are not whole bytes.'],
  ['value', { value: '-1' }, '"-1" is not a whole number.'],
  ['gasLimit', { gasLimit: '1e6' }, '"1e6" is not a whole number.'],
  ['state', { state: '[]' }, 'state: expected an object.'],
])('a wrong field is named: %s of %j', (field, fields, message) => {
  try {
    callParams({ ...EMPTY, ...fields });
    expect.unreachable('it was taken');
  } catch (problem) {
    expect(problem).toBeInstanceOf(FieldProblem);
    expect(problem).toMatchObject({ field, message });
  }
});

test('a number may be grouped', () => {
  expect(wholeNumber('value', ' 1_000 000,000 ')).toBe('1000000000');
  expect(wholeNumber('value', '')).toBeUndefined();
});
