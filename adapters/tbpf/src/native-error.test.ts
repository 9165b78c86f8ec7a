import { expect, test } from 'vitest';
import { nativeError, quoteDebug } from './native-error.ts';

test('the detail text is the debug form of name and payload', () => {
  expect(nativeError('verify', 'NoProgram').detail).toBe('NoProgram');
  expect(nativeError('verify', 'JumpOutOfCode', 18446744073709551614n, 0).detail).toBe(
    'JumpOutOfCode(18446744073709551614, 0)',
  );
  expect(nativeError('load', 'FailedToParse', 'invalid file header').detail).toBe(
    'FailedToParse("invalid file header")',
  );
  expect(nativeError('run', 'AccessViolation', { raw: 'Store' }, { raw: '0x10' }, 4, 'unknown').detail).toBe(
    'AccessViolation(Store, 0x10, 4, "unknown")',
  );
});

test.each([
  ['plain', '"plain"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ["it's", '"it\'s"'],
  ['\0\t\r\n', '"\\0\\t\\r\\n"'],
  ['\u0001\u007f', '"\\u{1}\\u{7f}"'],
  ['é\ufffd😀', '"é\ufffd😀"'],
  ['\u0301\u00a0\u200b', '"\\u{301}\\u{a0}\\u{200b}"'],
])('quotes %j', (text, quoted) => {
  expect(quoteDebug(text)).toBe(quoted);
});
