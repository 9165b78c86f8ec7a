import { expect, test } from 'vitest';
import { booleanOption, checkEngineOptions, integerOption } from './engine-options.ts';

const rules = { depth: integerOption(1, 9), strict: booleanOption };
const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;

test('options within their rules are accepted', () => {
  expect(() => checkEngineOptions('toy', { depth: 9, strict: false }, rules)).not.toThrow();
  expect(() => checkEngineOptions('toy', {}, rules)).not.toThrow();
});

test.each([
  [null, 'engine toy: options: expected an object.'],
  [{ dept: 1 }, 'engine toy has no option "dept"; options: depth, strict.'],
  [{ toString: 1 }, 'engine toy has no option "toString"; options: depth, strict.'],
  [{ depth: 10 }, 'engine toy: option depth: expected an integer from 1 to 9, found 10.'],
  [{ depth: 5n }, 'engine toy: option depth: expected an integer from 1 to 9, found 5n.'],
  [{ strict: undefined }, 'engine toy: option strict: expected true or false, found undefined.'],
  [{ strict: cyclic }, 'engine toy: option strict: expected true or false, found a value of type object.'],
])('%o is refused by name', (given, message) => {
  expect(() => checkEngineOptions('toy', given, rules)).toThrow(message);
});
