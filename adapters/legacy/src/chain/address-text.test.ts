import { expect, test } from 'vitest';
import { formatAddress, parseAddress } from './address-text.ts';

const key = Uint8Array.from({ length: 32 }, (_, index) => index * 7);

test('an address survives its text, on both networks', () => {
  for (const isMainnet of [true, false]) {
    const text = formatAddress(key, isMainnet);
    expect(text.startsWith(isMainnet ? 'tos1' : 'tst1')).toBe(true);
    expect(parseAddress(text)).toEqual({ key, isMainnet });
  }
});

test('one wrong character, another prefix or length is refused', () => {
  const text = formatAddress(key, true);
  expect(parseAddress(text.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q')))).toBeUndefined();
  expect(parseAddress(text.replace('tos1', 'tst1'))).toBeUndefined();
  expect(parseAddress(text.slice(0, -1))).toBeUndefined();
  expect(parseAddress('')).toBeUndefined();
});
