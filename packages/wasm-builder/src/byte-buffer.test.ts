import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteBuffer, sizeOfU32, splitBigint } from './byte-buffer.ts';
import { hex } from './test-support/web-assembly.fixture.ts';

function written(write: (buffer: ByteBuffer) => void): string {
  const buffer = new ByteBuffer();
  write(buffer);
  return hex(buffer.toBytes());
}

/** LEB128 as the specification defines it, one group of 7 bits after another. */
function signedLeb(value: bigint): string {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const group = Number(rest & 0x7fn);
    const isLast = rest >> 6n === 0n || rest >> 6n === -1n;
    bytes.push(isLast ? group : group | 0x80);
    if (isLast) return hex(Uint8Array.from(bytes));
  }
}

describe('integers', () => {
  test.each([
    [0, '00'],
    [1, '01'],
    [127, '7f'],
    [128, '80 01'],
    [16_383, 'ff 7f'],
    [16_384, '80 80 01'],
    [0x7fff_ffff, 'ff ff ff ff 07'],
    [0xffff_ffff, 'ff ff ff ff 0f'],
    [-1, 'ff ff ff ff 0f'],
  ])('u32 %i is %s', (value, bytes) => {
    expect(written((out) => out.u32(value))).toBe(bytes);
  });

  test.each([
    [0, '00'],
    [63, '3f'],
    [64, 'c0 00'],
    [-1, '7f'],
    [-64, '40'],
    [-65, 'bf 7f'],
    [8191, 'ff 3f'],
    [8192, '80 c0 00'],
    [0x7fff_ffff, 'ff ff ff ff 07'],
    [-0x8000_0000, '80 80 80 80 78'],
  ])('s32 %i is %s', (value, bytes) => {
    expect(written((out) => out.s32(value))).toBe(bytes);
  });

  test.each([
    [0n, '00'],
    [-1n, '7f'],
    [0x7fff_ffffn, 'ff ff ff ff 07'],
    [0x8000_0000n, '80 80 80 80 08'],
    [-0x8000_0001n, 'ff ff ff ff 77'],
    [0xffff_ffffn, 'ff ff ff ff 0f'],
    [0x7fff_ffff_ffff_ffffn, 'ff ff ff ff ff ff ff ff ff 00'],
    [-0x8000_0000_0000_0000n, '80 80 80 80 80 80 80 80 80 7f'],
  ])('s64 %d is %s', (value, bytes) => {
    const { low, high } = splitBigint(value);
    expect(written((out) => out.s64(low, high))).toBe(bytes);
  });

  test('signed integers are as the definition says, and unsigned ones as long as foretold', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.nat(63), (wide, shift) => {
        const value = wide >> BigInt(shift);
        const { low, high } = splitBigint(value);
        expect(written((out) => out.s64(low, high))).toBe(signedLeb(value));
        expect(written((out) => out.s32(low))).toBe(signedLeb(BigInt(low)));
        const unsigned = new ByteBuffer();
        unsigned.u32(low);
        expect(unsigned.length).toBe(sizeOfU32(low));
      }),
      { numRuns: 2000 },
    );
  });
});

test('floats are their bits in little-endian order', () => {
  expect(written((out) => out.f32(1.5))).toBe('00 00 c0 3f');
  expect(written((out) => out.f64(-0))).toBe('00 00 00 00 00 00 00 80');
  expect(written((out) => out.bits32(0x7fa0_0001))).toBe('01 00 a0 7f');
});

test('a name is its UTF-8 with its length in bytes', () => {
  expect(written((out) => out.name('aé€'))).toBe('06 61 c3 a9 e2 82 ac');
});

test('a buffer keeps its bytes while it grows', () => {
  const buffer = new ByteBuffer(1);
  for (let i = 0; i < 1000; i++) buffer.u8(i);
  const copy = new ByteBuffer();
  copy.copy(buffer, 250, 260);
  copy.raw(Uint8Array.of(7));
  expect(buffer.length).toBe(1000);
  expect(hex(copy.toBytes())).toBe('fa fb fc fd fe ff 00 01 02 03 07');
});
