import { expect, test } from 'vitest';
import { withNames } from './account-names.ts';

const alice = `0x${'a1'.repeat(32)}`;
const stranger = `0x${'5f'.repeat(32)}`;
const names = new Map([[alice, 'alice']]);

test('an account in a place, in a list or alone is called by its name', () => {
  expect(withNames(`balance["${alice}"]`, names)).toBe('balance["alice"]');
  expect(withNames(`balance ${alice} ${stranger}`, names)).toBe(`balance alice ${stranger}`);
  expect(withNames(JSON.stringify(['transfer', alice, null, '5']), names)).toBe(
    '["transfer","alice",null,"5"]',
  );
  expect(withNames(alice, names)).toBe('alice');
});

test('unknown accounts, longer bytes and text that looks like an account stay as they are', () => {
  for (const text of [
    stranger,
    `${alice}00`,
    JSON.stringify({ text: alice }),
    JSON.stringify({ text: alice }, null, 1),
  ]) {
    expect(withNames(text, names)).toBe(text);
  }
});

test('a name with quotes stays one string of the JSON', () => {
  expect(withNames(`["${alice}"]`, new Map([[alice, 'a"]']]))).toBe('["a\\"]"]');
});
