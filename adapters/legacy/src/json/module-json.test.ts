import { bytesToHex, encodeUtf8 } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { describeCell } from '../values/display.ts';
import { encodeModule } from '../wire/encode-module.ts';
import { decodeModuleJson, moduleToJson } from './module-json.ts';
import { JsonError, parseJson } from './parse-json.ts';

const decode = (text: string) => decodeModuleJson(encodeUtf8(text));

describe('the JSON form of a module', () => {
  test('may lack fields, have unknown ones, and keeps the order of hooks', () => {
    const decoded = decode(
      '{"hook_chunk_ids":{"2":0,"1":1},"other":[],"chunks":[{"instructions":[20]},{"instructions":[]}]}',
    );
    if (!decoded.ok) throw new Error(decoded.detail);
    expect(bytesToHex(encodeModule(decoded.module))).toBe(
      '000000020000000114000000000000020200000100' + '01',
    );
  });

  test('keeps integers above 2^53 exactly, and merges equal constants', () => {
    const cell = '{"type":"default","value":{"type":"u128","value":340282366920938463463374607431768211455}}';
    const decoded = decode(`{"constants":[${cell},${cell}]}`);
    if (!decoded.ok) throw new Error(decoded.detail);
    expect(decoded.module.constants.map(describeCell)).toEqual([`u128:${2n ** 128n - 1n}`]);
    expect(moduleToJson(decoded.module)).toMatchObject({
      constants: [{ type: 'default', value: { type: 'u128', value: 2n ** 128n - 1n } }],
    });
  });

  test.each([
    '',
    '[]',
    '{"chunks":[{}]}',
    '{"chunks":[{"instructions":[256]}]}',
    '{"constants":[{"type":"default","value":{"type":"u8","value":256}}]}',
    '{"constants":[{"type":"default","value":{"type":"u8","value":1.5}}]}',
    '{"constants":[{"type":"default","value":{"type":"string","value":"\\ud800"}}]}',
    '{"hook_chunk_ids":{"256":0}}',
    '{"hook_chunk_ids":{"0":0}',
  ])('%s is refused', (text) => {
    expect(decode(text)).toMatchObject({ ok: false, name: 'InvalidValue' });
  });
});

test('the JSON reader agrees with JSON.parse on what is valid and what it means', () => {
  for (const text of [
    '{"a":[1,-2.5e3,"x\\n\\u00e9",true,false,null,{}]}',
    ' [ ] ',
    '"\\\\"',
    '0',
    '{"__proto__":1}',
  ]) {
    expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)));
  }
  for (const text of ['01', '[1,]', '{"a":1,}', '"\n"', 'nul', '1 2', '"\\x"', '-']) {
    expect(() => parseJson(text)).toThrow(JsonError);
  }
  expect(parseJson('[9007199254740993]')).toEqual([9007199254740993n]);
});
