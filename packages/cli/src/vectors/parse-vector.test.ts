import { VmError } from '@switchyard/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseVector } from './parse-vector.ts';

const parse = (fields: Record<string, unknown>) => parseVector(JSON.stringify(fields), 'v.jsonl', 3);

describe('parsing a vector', () => {
  test('takes the shared fields and keeps the others', () => {
    const vector = parse({
      id: 'a',
      engine: 'tbpf',
      code: '0x95',
      codeKind: 'text',
      gasLimit: '10',
      heap: 5,
    });
    expect(vector).toMatchObject({ id: 'a', engine: 'tbpf', codeKind: 'text', gasLimit: 10n, expect: {} });
    expect(vector.code).toEqual(Uint8Array.of(0x95));
    expect(vector.fields['heap']).toBe(5);
  });

  test('keeps integers above 2^53 exact', () => {
    const vector = parseVector(
      '{"id":"a","engine":"legacy","code":"","gasLimit":"1","expect":{"value":18446744073709551615}}',
      'v',
      1,
    );
    expect(vector.expect['value']).toBe(18446744073709551615n);
  });

  test.each([
    [{ engine: 'tbpf', code: '', gasLimit: '1' }, 'v.jsonl:3: id: expected text.'],
    [{ id: 'a', code: '', gasLimit: '1' }, 'v.jsonl:3: engine: expected text.'],
    [
      { id: 'a', engine: 'tbpf', code: '9', gasLimit: '1' },
      'v.jsonl:3: code: expected hexadecimal text, or a codeFile.',
    ],
    [
      { id: 'a', engine: 'tbpf', code: '', gasLimit: 1.5 },
      'v.jsonl:3: gasLimit: expected a decimal string from 0 to 2^64 − 1.',
    ],
    [
      { id: 'a', engine: 'tbpf', code: '', gasLimit: '18446744073709551616' },
      'v.jsonl:3: gasLimit: expected a decimal string from 0 to 2^64 − 1.',
    ],
    [
      { id: 'a', engine: 'tbpf', code: '', gasLimit: '1', expect: [] },
      'v.jsonl:3: expect: expected an object.',
    ],
    [
      { id: 'a', engine: 'tbpf', codeFile: '/etc/passwd', gasLimit: '1' },
      'v.jsonl:3: codeFile: expected a path beside the vector file, found "/etc/passwd".',
    ],
  ])('names file, line and field: %j', (fields, message) => {
    expect(() => parse(fields)).toThrow(message);
  });

  test('throws nothing but VmError whatever the line is', () => {
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      fc.object().map((value) => JSON.stringify({ id: 'a', engine: 'x', ...value })),
    );
    fc.assert(
      fc.property(line, (text) => {
        try {
          parseVector(text, 'v', 1);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(VmError);
        }
      }),
    );
  });
});
