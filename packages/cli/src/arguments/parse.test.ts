import { bytesToHex, NATIVE_ASSET } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import {
  parseAddress,
  parseBalance,
  parseDeposit,
  parseEntry,
  parseHook,
  parseInteger,
  parseU64,
} from './parse.ts';

const failure = (act: () => unknown): string => {
  try {
    act();
  } catch (thrown) {
    return (thrown as Error).message;
  }
  return 'no error';
};

describe('values of the command line', () => {
  test('an amount is a u64 in decimal and may be grouped with underscores', () => {
    expect(parseU64('1_000_000', '--gas')).toBe(1_000_000n);
    expect(parseU64('18446744073709551615', '--gas')).toBe(2n ** 64n - 1n);
    for (const text of ['', '-1', '0x10', '1e3', '18446744073709551616', '_1']) {
      expect(failure(() => parseU64(text, '--gas'))).toBe(
        `--gas: expected a whole number from 0 to 2^64 − 1, found "${text}".`,
      );
    }
  });

  test('an address has 64 digits, or 0x and at most 16, which are padded with zeros on the left', () => {
    expect(bytesToHex(parseAddress('0xb0b', '--from'))).toBe(`${'0'.repeat(61)}b0b`);
    expect(bytesToHex(parseAddress('AB'.repeat(32), '--from'))).toBe('ab'.repeat(32));
    expect(bytesToHex(parseAddress(`0x${'cd'.repeat(32)}`, '--from'))).toBe('cd'.repeat(32));
  });

  test.each(['b0b', '0'.repeat(63), '0'.repeat(65), `0x${'1'.repeat(17)}`, '', '0x', 'alice'])(
    'no address is made of "%s": one that lost a digit must not become another',
    (text) => {
      expect(failure(() => parseAddress(text, '--from'))).toBe(
        `--from: expected 64 hexadecimal digits, or 0x and up to 16, found "${text}".`,
      );
    },
  );

  test('a hook is a number from 0 to 255', () => {
    expect(parseHook('255')).toEqual({ kind: 'hook', id: 255 });
    expect(failure(() => parseHook('256'))).toBe(
      '--hook: expected a whole number from 0 to 255, found "256".',
    );
    expect(failure(() => parseHook('x'))).toContain('--hook: expected');
  });

  test('an entry is a number, a hook, the default or a name', () => {
    expect(parseEntry('7')).toEqual({ kind: 'entry', id: 7 });
    expect(parseEntry('entry_65535')).toEqual({ kind: 'entry', id: 65535 });
    expect(parseEntry('hook_0')).toEqual({ kind: 'hook', id: 0 });
    expect(parseEntry('hook:255')).toEqual({ kind: 'hook', id: 255 });
    expect(parseEntry('entrypoint')).toEqual({ kind: 'default' });
    expect(parseEntry('transfer')).toEqual({ kind: 'function', name: 'transfer' });
    expect(parseEntry('entry_01')).toEqual({ kind: 'function', name: 'entry_01' });
    expect(failure(() => parseEntry('hook_256'))).toBe(
      '--entry: expected a whole number from 0 to 255, found "256".',
    );
  });

  test('a balance is an address and an amount, of another asset with its name', () => {
    const [address, asset] = [parseAddress('0xb0b', ''), parseAddress('0x7', '')];
    expect(parseBalance('0xb0b=5')).toEqual({ address, asset: NATIVE_ASSET, amount: 5n });
    expect(parseBalance('0xb0b/0x7=5')).toEqual({ address, asset, amount: 5n });
    expect(failure(() => parseBalance('0xb0b'))).toBe(
      '--balance: expected ADDRESS=AMOUNT or ADDRESS/ASSET=AMOUNT, found "0xb0b".',
    );
    for (const text of ['0xb0b=5=6', '0xb0b/0x7/0x8=5', '0xb0b/=5', '=5', '0xb0b=']) {
      expect(failure(() => parseBalance(text))).toContain('--balance: expected');
    }
  });

  test('a deposit is an asset and an amount', () => {
    expect(parseDeposit('0x7=18446744073709551615')).toEqual({
      asset: parseAddress('0x7', ''),
      amount: 2n ** 64n - 1n,
    });
    expect(failure(() => parseDeposit('0x7'))).toBe('--deposit: expected ASSET=AMOUNT, found "0x7".');
    expect(failure(() => parseDeposit('0x7=1=2'))).toContain('--deposit: expected ASSET=AMOUNT');
    expect(failure(() => parseDeposit('apples=1'))).toContain('--deposit: expected 64 hexadecimal digits');
  });

  test('an integer has its range', () => {
    expect(parseInteger('3', '--jobs', 0, 4)).toBe(3);
    expect(failure(() => parseInteger('5', '--jobs', 0, 4))).toBe(
      '--jobs: expected a whole number from 0 to 4, found "5".',
    );
  });
});
