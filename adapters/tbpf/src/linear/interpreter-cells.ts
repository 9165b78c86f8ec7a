import { Cell } from './layout.ts';

/**
 * Tier 0's own cells, from `Cell.interpreter` to the end of the cells. The host writes them when it loads a program; only the meter of
 * memory syscalls changes during a run.
 */
export const InterpreterCell = {
  /** i32: where the predecoded code starts. */
  code: 0xa0,
  /** i32: where it ends; the instruction there stops control from falling off. */
  codeEnd: 0xa4,
  /** i32: bytes of frames that may be nested, `maxCallDepth × FRAME_BYTES`. */
  frameLimit: 0xa8,
  /** i32: 1 when a `callx` must hit a function start marker. */
  strictCallx: 0xac,
  /** i64: what a call adds to r10. */
  frameStep: 0xb0,
  /** i64: address of the first text byte. */
  textAddress: 0xb8,
  /** i32: where the stack's dirty bytes lie. */
  dirtyPages: 0xc0,
  /** i32: bytes of the gap after each frame; 0 without gaps. */
  gap: 0xc4,
  /** i32: with gaps of `COMMON_GAP`, so far into the stack's addresses an access of 8 bytes surely stays inside; else 0. */
  gappedLimit: 0xc8,
  /** i32: instructions after which the inner loop is entered anew. */
  chunk: 0xcc,
  /** i64: units that memory syscalls charged inside WebAssembly: used, but no instructions. */
  syscallUnits: 0xd0,
  /** Five `RegionRecord`s, by slot number. */
  regions: 0x110,
} as const;

/** Frame size, and so gap, for which tier 0 has handlers of its own; other sizes take its slow path. Every engine has it. */
export const COMMON_GAP = 4096;

/** What tier 0 knows of a region: offsets in its record. */
export const RegionRecord = {
  /** i64: address of its first byte. */
  base: 0,
  /** i32: where that byte lies in linear memory. */
  linear: 8,
  /** i32: the handlers for accesses that keep to this region, a `Variant`; −1 for none. */
  variant: 12,
  /** Four i32, for sizes 1, 2, 4, 8: offsets from which on a load no longer fits. */
  loadLimits: 16,
  /** The same for stores. */
  storeLimits: 32,
} as const;

export const REGION_RECORD_BYTES = 48;

/** Regions 0 to 4; 0 is never mapped. */
export const REGION_COUNT = 5;

/** Offset of the record of a region. */
export function regionRecord(region: number): number {
  return InterpreterCell.regions + region * REGION_RECORD_BYTES;
}

/** A 64-bit cell as index of its low 32-bit word. */
export function wordOf(cell: number): number {
  return cell >> 2;
}

export const METER_WORD = wordOf(Cell.meter);
