import { expect, test } from 'vitest';
import { printable } from './printable.ts';

test('plain text of any language stays as it is', () => {
  expect(printable('Grüße, мир, 你好 🙂')).toBe('Grüße, мир, 你好 🙂');
});

test('what steers a terminal is written out', () => {
  expect(printable('\u001b[2Jok\nfake\r\t\u009b31m')).toBe('\\u{1b}[2Jok\\nfake\\r\\t\\u{9b}31m');
  expect(printable('a\u202eb\u2028c')).toBe('a\\u{202e}b\\u{2028}c');
});
