import { expect, test } from 'vitest';
import { hexOfFile, hexOfText, ModuleProblem } from './module-bytes.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

test('pasted digits may have 0x, blanks and lines', () => {
  expect(hexOfText(' 0x7F45\n4c 46\r\n')).toBe('7f454c46');
  expect(hexOfText(' ')).toBe('');
});

test('a file is bytes, but one that holds digits is those', () => {
  expect(hexOfFile(new Uint8Array([0x7f, 0x45, 0x00, 0xff]))).toBe('7f4500ff');
  expect(hexOfFile(ascii('0x7f45 00FF\n'))).toBe('7f4500ff');
});

test.each([
  ['an empty file', () => hexOfFile(new Uint8Array()), 'The file is empty.'],
  ['half a byte', () => hexOfText('7f4'), '3 digits are not whole bytes.'],
  ['other text', () => hexOfText('7f4z'), '"z" at 3 is no hexadecimal digit.'],
  [
    'a file beyond 16 MiB',
    () => hexOfFile(new Uint8Array(16 * 1024 * 1024 + 1)),
    '16777217 bytes are more than a module may have (16777216).',
  ],
])('%s is refused', (_, read, message) => {
  expect(read).toThrow(ModuleProblem);
  expect(read).toThrow(message);
});
