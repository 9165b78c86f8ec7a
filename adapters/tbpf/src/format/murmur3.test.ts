import { expect, test } from 'vitest';
import { functionKey, syscallKey } from './murmur3.ts';

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
