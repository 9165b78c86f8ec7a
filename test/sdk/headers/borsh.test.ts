import { concatBytes } from '@switchyard/core';
import { borsh, bytes, u8, u16, u32, u64, u128 } from '@switchyard/testing';
import '@switchyard/testing/matchers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { headerContract } from './header-contract.ts';

const contract = headerContract('borsh');
const BAD_INPUT = 1;

/** A record as entry_0 reads it. `option` undefined: none. */
function record(fields: {
  small: number;
  bool: number;
  body: Uint8Array;
  option: number | undefined;
  vec: readonly number[];
}): Uint8Array {
  const { small, bool, body, option, vec } = fields;
  return concatBytes(
    borsh(u8(small), u16(0x1234), u32(0x8000_0001), u64(2n ** 64n - 1n), u128(2n ** 127n + 5n)),
    Uint8Array.of(bool, 1, 2, 3),
    new Uint8Array(32).fill(0xad),
    borsh(bytes(body)),
    option === undefined ? Uint8Array.of(0) : concatBytes(Uint8Array.of(1), borsh(u32(option))),
    borsh(u32(vec.length), ...vec.map(u16)),
  );
}

const full = record({ small: 7, bool: 1, body: Uint8Array.of(9, 8), option: 5, vec: [1, 65_535] });

describe('the reader', () => {
  test('reads every kind, and the writer writes it back', () => {
    expect(contract.call(0, { input: full })).toReturnBytes(full);
    const empty = record({ small: 0, bool: 0, body: new Uint8Array(0), option: undefined, vec: [] });
    expect(contract.call(0, { input: empty })).toReturnBytes(empty);
  });

  test('any record comes back as it was', () => {
    const records = fc.record({
      small: fc.nat(255),
      bool: fc.nat(1),
      body: fc.uint8Array({ maxLength: 60 }),
      option: fc.option(fc.nat(), { nil: undefined }),
      vec: fc.array(fc.nat(65_535), { maxLength: 20 }),
    });
    fc.assert(
      fc.property(records, (fields) => {
        const input = record(fields);
        expect(contract.call(0, { input })).toReturnBytes(input);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  test('refuses every shortened record, and one with a byte too many', () => {
    for (let length = 0; length < full.length; length++) {
      expect(contract.call(0, { input: full.subarray(0, length) })).toRevertWith(BAD_INPUT);
    }
    expect(contract.call(0, { input: concatBytes(full, Uint8Array.of(0)) })).toRevertWith(BAD_INPUT);
  });

  test('refuses a bool and an option tag that are neither 0 nor 1', () => {
    const tagAt = full.length - 4 - 4 - 4 - 1;
    for (const at of [31, tagAt]) {
      expect([0, 1]).toContain(full[at]);
      const input = Uint8Array.from(full);
      input[at] = 2;
      expect(contract.call(0, { input })).toRevertWith(BAD_INPUT);
    }
  });

  test('refuses a length of bytes and a count beyond the input', () => {
    const lengthAt = 31 + 4 + 32;
    const countAt = full.length - 4 - 4;
    for (const at of [lengthAt, countAt]) {
      for (const value of [3, 2 ** 31, 2 ** 32 - 1]) {
        const input = Uint8Array.from(full);
        new DataView(input.buffer).setUint32(at, value, true);
        expect(contract.call(0, { input })).toRevertWith(BAD_INPUT);
      }
    }
  });

  test('takes no more elements than there is room for', () => {
    const count = (size: number, wanted: number, left: number) =>
      contract.call(2, { input: concatBytes(borsh(u64(size), u32(wanted)), new Uint8Array(left)) });
    expect(count(32, 3, 96)).toReturnBytes(borsh(u64(3), u64(0)));
    expect(count(32, 3, 95)).toReturnBytes(borsh(u64(0), u64(1)));
    expect(count(0, 5, 0)).toReturnBytes(borsh(u64(5), u64(0)));
    expect(count(2 ** 32 - 1, 2 ** 32 - 1, 100)).toReturnBytes(borsh(u64(0), u64(1)));
  });
});

describe('the writer', () => {
  const write = (size: number, length: number) =>
    contract.call(1, { input: borsh(u8(size), bytes(new Uint8Array(length).fill(7))) });

  test('emits and returns what it holds', () => {
    const written = concatBytes(borsh(bytes(new Uint8Array(3).fill(7))), Uint8Array.of(0xee));
    const outcome = write(8, 3);
    expect(outcome).toEmit(1, written);
    expect(outcome).toReturnBytes(written);
  });

  test('stays failed once something did not fit, and sends nothing', () => {
    // 5 says that neither the event nor the return data was sent. A buffer of 7 bytes lacks room for the last one; in one of 6 the
    // last byte would fit, but not the three before it.
    expect(write(7, 3)).toRevertWith(5);
    expect(write(6, 3)).toRevertWith(5);
    expect(write(0, 0)).toRevertWith(5);
    expect(write(8, 3)).toSucceed();
  });
});
