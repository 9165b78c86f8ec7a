import { expect, test } from 'vitest';
import { functionKey, syscallKey } from './murmur3.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

test.each([
  ['', 0x00000000],
  ['a', 0x3c2569b2],
  ['abc', 0xb3dd93fa],
  ['abcd', 0x43ed676a],
  ['hello', 0x248bfa47],
  ['entrypoint', 0x71e3cf81],
  ['gather_bytes', 0x91020cdd],
  ['log', 0x6bf5c3fe],
])('hashes the name %j', (name, hash) => {
  expect(syscallKey(name)).toBe(hash);
});

test.each([
  [0, 0x63852afc],
  [1, 0x53075d44],
  [4, 0xd0220d26],
  [8, 0xf6db493f],
  [10, 0xeeb72d3c],
  [13, 0x31f6352d],
  [256, 0xb2ab22aa],
  [65535, 0x796a6145],
])('hashes the pc %i', (pc, hash) => {
  expect(functionKey(pc)).toBe(hash);
});

test('decodes UTF-8 as the web platform does, well-formed or not', () => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let state = 0x2545f491;
  const interesting = [
    0x00, 0x41, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf4, 0xf5,
    0xff,
  ];
  for (let round = 0; round < 5_000; round++) {
    const bytes = new Uint8Array(8).map(() => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return interesting[(state >>> 8) % interesting.length]!;
    });
    expect(decodeUtf8(bytes)).toBe(decoder.decode(bytes));
  }
});

test('encodes UTF-8 as the web platform does', () => {
  for (const text of ['', 'plain', 'ÿ߿ࠀ￿', '😀', 'a\ud800b']) {
    expect(encodeUtf8(text)).toEqual(new TextEncoder().encode(text));
  }
});
