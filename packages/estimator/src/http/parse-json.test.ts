import { expect, test } from 'vitest';
import { MAX_DEPTH, MAX_VALUES, parseJson } from './parse-json.ts';

const parse = (text: string): unknown => parseJson(Buffer.from(text, 'utf8'));

test.each([
  '{}',
  '[]',
  '"a"',
  ' 1.5e3 ',
  'null',
  '{"a":{"b":[1,"x:y",{"c":"\\"}"}]},"b":"{\\\\"}',
  '[{"a":1},{"a":1}]',
  '{"a":{"a":{"a":1}}}',
  '{"":1,"ä":"\\u00e4 é 漢 😀"}',
  '{"constructor":1,"toString":2,"hasOwnProperty":3}',
])('reads %s as JSON.parse does', (text) => {
  expect(parse(text)).toEqual(JSON.parse(text));
});

test.each([
  ['', /^the body: expected JSON, found none: Unexpected end of JSON input\.$/],
  ['{"a":1', /^the body: expected JSON, found none: /],
  ['{"a":1}}', /^the body: expected JSON, found none: /],
  ['\u{feff}{}', /^the body: expected JSON, found none: /],
  ['"\\', /^the body: expected JSON, found none: /],
  ['{"a":1,"b":{"c":1,"d":2,"c":3}}', /^the body: the key "c" stands twice in one object\.$/],
  ['{"a":1,"\\u0061":2}', /^the body: the key "a" stands twice in one object\.$/],
  ['{"__proto__":{"admin":true}}', /^the body: the key "__proto__" is not taken\.$/],
  ['{"a":[{"\\u005f_proto__":1}]}', /^the body: the key "__proto__" is not taken\.$/],
  ['['.repeat(MAX_DEPTH + 1), /^the body: expected at most 64 levels of nesting, found more\.$/],
  ['{"a":'.repeat(1_000_000), /^the body: expected at most 64 levels of nesting, found more\.$/],
  [`[${'0,'.repeat(MAX_VALUES)}0]`, /^the body: expected at most 100000 values, found more\.$/],
])('refuses %.40s', (text, message) => {
  expect(() => parse(text)).toThrow(
    expect.objectContaining({ code: 'REQUEST_INVALID', message: expect.stringMatching(message) }),
  );
  expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
});

test('takes what is nested as deep as may be', () => {
  const text = '['.repeat(MAX_DEPTH) + ']'.repeat(MAX_DEPTH);
  expect(JSON.stringify(parse(text))).toBe(text);
});

test('refuses bytes that are not UTF-8', () => {
  expect(() => parseJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow(
    'the body: expected JSON in UTF-8, found bytes that are none.',
  );
});
