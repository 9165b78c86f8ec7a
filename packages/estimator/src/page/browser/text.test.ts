import { expect, test } from 'vitest';
import { entriesOf } from './entries.ts';
import { grouped, percentOf, printable, shortHex, shownBytes } from './text.ts';

test('numbers have commas, and shares are exact beyond 2^53', () => {
  expect([grouped('861'), grouped('18446744073709551615'), grouped(1000)]).toEqual([
    '861',
    '18,446,744,073,709,551,615',
    '1,000',
  ]);
  expect(percentOf('6148914691236517205', '18446744073709551615')).toBe(33.333);
  expect(percentOf('0', '0')).toBe(0);
});

test('bytes that are text are shown as text, and all others as digits', () => {
  expect(shownBytes('76616c7565')).toBe('"value"');
  expect(shownBytes('c3bc')).toBe('"ü"');
  for (const bytes of ['', '00', 'ff', '41e280ae42']) expect(shownBytes(bytes)).toBe(bytes);
});

test('what would turn text around or break its line is written out', () => {
  expect(printable('a\u202eb\n\u001b[2J\u2028')).toBe('a\\u{202e}b\\n\\u{1b}[2J\\u{2028}');
});

test('long addresses lose their middle', () => {
  expect(shortHex(`0123456789abcdef${'0'.repeat(44)}beef`)).toBe('01234567…beef');
  expect(shortHex('beef')).toBe('beef');
});

test('a module offers each name once, the default entry first', () => {
  const module = { entries: [0, 2], hooks: [0], functions: ['entrypoint', 'entry_0', 'transfer'] };
  expect(entriesOf(module).map(({ text }) => text)).toEqual([
    'entrypoint',
    'entry_0',
    'entry_2',
    'hook_0',
    'transfer',
    'deploy it',
    'another…',
  ]);
});
