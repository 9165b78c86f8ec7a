import { describe, expect, test } from 'vitest';
import { MemoryMap, UNMAPPED } from './memory-map.ts';

const KIB = 1024;

/** The map of spec §3.1 with defaults: 24 bytes of program at 0x1_0000_0040, 64 frames of 4 KiB, 32 KiB heap, 8 bytes input. */
function mapOf({ gapped = false, stackErrors = false, inputWritable = true } = {}): MemoryMap {
  return new MemoryMap(
    { programBase: 0x40, inputWritable, frameSize: 4096, gapped, maxCallDepth: 64, stackErrors },
    {
      program: new Uint8Array(24),
      stack: new Uint8Array(256 * KIB),
      heap: new Uint8Array(32 * KIB),
      input: new Uint8Array(8),
    },
  );
}

type Access = readonly [
  name: string,
  high: number,
  low: number,
  size: number,
  write: boolean,
  offset: number,
];

const plain: readonly Access[] = [
  ['the first byte of the program', 1, 0x40, 1, false, 0],
  ['the last word of the program', 1, 0x50, 8, false, 16],
  ['one byte past the program', 1, 0x51, 8, false, UNMAPPED],
  ['a byte before the program, though in its slot', 1, 0x3f, 1, false, UNMAPPED],
  ['a write to the program', 1, 0x40, 1, true, UNMAPPED],
  ['the first byte of the stack', 2, 0, 1, true, 0],
  ['the last bytes of the stack', 2, 256 * KIB - 8, 8, true, 256 * KIB - 8],
  ['across the end of the stack', 2, 256 * KIB - 7, 8, true, UNMAPPED],
  ['the end of the heap', 3, 32 * KIB - 1, 1, true, 32 * KIB - 1],
  ['the whole heap at once', 3, 0, 32 * KIB, false, 0],
  ['more than the heap', 3, 0, 32 * KIB + 1, false, UNMAPPED],
  ['the input', 4, 0, 8, true, 0],
  ['8 bytes at 1 of 8 bytes input', 4, 1, 8, false, UNMAPPED],
  ['nothing at the end of the input', 4, 8, 0, false, 8],
  ['nothing past the end of the input', 4, 9, 0, false, UNMAPPED],
  ['slot 0', 0, 0, 1, false, UNMAPPED],
  ['nothing in slot 0', 0, 0, 0, false, UNMAPPED],
  ['nothing in a slot without region', 5, 0, 0, false, UNMAPPED],
  ['the highest address', -1, -1, 1, false, UNMAPPED],
  ['a length of 2^63', 3, 0, 2 ** 63, false, UNMAPPED],
  ['a length of 2^64 − 1', 3, 0, Number(2n ** 64n - 1n), false, UNMAPPED],
];

test.each(plain)('%s', (_name, high, low, size, write, offset) => {
  expect(mapOf().locate(high, low, size, write)).toBe(offset);
});

// Spec §3.4, examples 48 to 54 of §11.1.
const gapped: readonly Access[] = [
  ['frame 0', 2, 0xfff, 1, true, 0xfff],
  ['the first byte of the gap of frame 0', 2, 0x1000, 1, true, UNMAPPED],
  ['the last byte of the gap', 2, 0x1fff, 1, true, UNMAPPED],
  ['frame 1, which follows frame 0 in the host', 2, 0x2000, 4, false, 0x1000],
  ['from frame 0 into frame 1', 2, 0xffc, 8, true, 0xffc],
  ['frame 32', 2, 0x40000, 1, true, 0x20000],
  ['the last frame', 2, 0x7efff, 1, true, 0x3ffff],
  ['past the last frame', 2, 0x7efff, 2, true, UNMAPPED],
  ['the slot after the last gap', 2, 0x80000, 1, true, UNMAPPED],
];

test.each(gapped)('with gaps: %s', (_name, high, low, size, write, offset) => {
  expect(mapOf({ gapped: true }).locate(high, low, size, write)).toBe(offset);
});

test('a read-only input is not written', () => {
  expect(mapOf({ inputWritable: false }).locate(4, 0, 1, true)).toBe(UNMAPPED);
  expect(mapOf({ inputWritable: false }).locate(4, 0, 1, false)).toBe(0);
});

describe('the error of a refused access', () => {
  test.each([
    ['the gap of frame 0', 2, 0x1000, 'StackAccessViolation(Store, 8589938688, 1, 1)'],
    ['one byte below the stack', 1, -1, 'StackAccessViolation(Store, 8589934591, 1, 0)'],
    ['4,095 bytes below: still frame 0', 1, -0xfff, 'StackAccessViolation(Store, 8589930497, 1, 0)'],
    ['4,096 bytes below: frame −1', 1, -0x1000, 'StackAccessViolation(Store, 8589930496, 1, -1)'],
    ['8,191 bytes below: the last of frame −1', 1, -0x1fff, 'StackAccessViolation(Store, 8589926401, 1, -1)'],
    ['8,192 bytes below', 1, -0x2000, 'AccessViolation(Store, 8589926400, 1, "program")'],
    ['quotient 64', 2, 0x40fff, 'StackAccessViolation(Store, 8590200831, 1, 64)'],
    ['quotient 65', 2, 0x41000, 'AccessViolation(Store, 8590200832, 1, "stack")'],
    ['the highest address', -1, -1, 'AccessViolation(Store, 18446744073709551615, 1, "unknown")'],
    ['the lowest i64', -0x8000_0000, 0, 'AccessViolation(Store, 9223372036854775808, 1, "unknown")'],
    ['the heap', 3, 0x8000, 'AccessViolation(Store, 12884934656, 1, "heap")'],
    ['the input', 4, 8, 'AccessViolation(Store, 17179869192, 1, "input")'],
    ['address 0', 0, 0, 'AccessViolation(Store, 0, 1, "unknown")'],
  ])('in V0: %s', (_name, high, low, detail) => {
    expect(mapOf({ gapped: true, stackErrors: true }).violation(true, low, high, 1n).detail).toBe(detail);
  });

  test('in later versions the stack is a region like others', () => {
    expect(mapOf().violation(false, 0x40000, 2, 2n ** 64n - 1n).detail).toBe(
      'AccessViolation(Load, 8590196736, 18446744073709551615, "stack")',
    );
  });
});
