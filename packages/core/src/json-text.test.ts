import { expect, test } from 'vitest';
import { jsonText } from './json-text.ts';

test('what steers a terminal is escaped, and reading gives the same value', () => {
  const value = { log: 'a\u009b31m\u202eb\u2066c\u007f\u{e0001}d\u001b', name: 'Grüße 🙂' };
  const text = jsonText(value);
  expect(text).toBe('{"log":"a\\u009b31m\\u202eb\\u2066c\\u007f\\udb40\\udc01d\\u001b","name":"Grüße 🙂"}');
  expect(JSON.parse(text)).toEqual(value);
});

test('an indent gives lines', () => {
  expect(jsonText({ a: ['\u2069'] }, 2)).toBe('{\n  "a": [\n    "\\u2069"\n  ]\n}');
});
