import { addressMap } from '../format/elf-constants.ts';
import type { Program } from '../interpreter/program.ts';
import { heapSlot, inputSlot, programSlot, stackSlot } from '../memory/address-space.ts';
import { Variant } from '../wasm-interpreter/instruction.ts';
import { COMMON_GAP, InterpreterCell, RegionRecord, regionRecord } from './interpreter-cells.ts';
import { FRAME_BYTES, INSTRUCTION_BYTES, type SlotLayout } from './layout.ts';

/**
 * Instructions after which the inner loop is entered anew: a fraction of a millisecond. V8 replaces code of a WebAssembly function when
 * it is entered, so this is how soon a long first run gets the optimised loop.
 */
export const CHUNK_INSTRUCTIONS = 65_536;

const NO_VARIANT = -1;

/** Writes tier 0's own cells, and the regions, for a program. */
export function writeProgramCells(bytes: Uint8Array, program: Program, layout: SlotLayout): void {
  const view = new DataView(bytes.buffer);
  const words = new Int32Array(bytes.buffer);
  const { config, readOnly, textAddress } = program.executable;
  const { dynamicFrames, stricterVerification } = program.features;
  const hasGaps = !dynamicFrames && config.enableStackFrameGaps;
  const gap = hasGaps ? config.stackFrameSize : 0;
  const i32 = (cell: number, value: number): void => view.setInt32(cell, value, true);
  const i64 = (cell: number, value: bigint): void => view.setBigUint64(cell, value, true);

  i32(InterpreterCell.code, layout.code);
  i32(InterpreterCell.codeEnd, layout.code + program.length * INSTRUCTION_BYTES);
  i32(InterpreterCell.frameLimit, config.maxCallDepth * FRAME_BYTES);
  i32(InterpreterCell.strictCallx, stricterVerification ? 1 : 0);
  i64(InterpreterCell.frameStep, BigInt(dynamicFrames ? 0 : config.stackFrameSize * (hasGaps ? 2 : 1)));
  i64(InterpreterCell.textAddress, textAddress);
  i32(InterpreterCell.dirtyPages, layout.dirtyPages);
  i32(InterpreterCell.gap, gap);
  // The last frame ends one gap before the end of the addresses; 8 bytes from here on still fit into it.
  const gappedLimit = 2 * layout.stackBytes - COMMON_GAP - 7;
  i32(InterpreterCell.gappedLimit, gap === COMMON_GAP ? gappedLimit : 0);
  i32(InterpreterCell.chunk, CHUNK_INSTRUCTIONS);

  const stackVariant = !hasGaps ? Variant.Stack : gap === COMMON_GAP ? Variant.GappedStack : NO_VARIANT;
  const regions: readonly RegionCells[] = [
    { region: 0, base: 0n, linear: 0, variant: NO_VARIANT, length: 0, writable: false },
    {
      region: programSlot,
      base: readOnly.address,
      linear: layout.readOnly,
      variant: Variant.Program,
      length: layout.readOnlyBytes,
      writable: false,
    },
    {
      region: stackSlot,
      base: addressMap.stack,
      linear: layout.stack,
      variant: stackVariant,
      length: layout.stackBytes,
      writable: true,
    },
    {
      region: heapSlot,
      base: addressMap.heap,
      linear: layout.heap,
      variant: Variant.Heap,
      length: layout.heapBytes,
      writable: true,
    },
    {
      region: inputSlot,
      base: addressMap.input,
      linear: layout.input,
      variant: Variant.Input,
      length: 0,
      writable: true,
    },
  ];
  for (const { region, base, linear, variant, length, writable } of regions) {
    const record = regionRecord(region);
    i64(record + RegionRecord.base, base);
    i32(record + RegionRecord.linear, linear);
    i32(record + RegionRecord.variant, variant);
    writeLimits(words, record + RegionRecord.loadLimits, length);
    writeLimits(words, record + RegionRecord.storeLimits, writable ? length : 0);
  }
}

interface RegionCells {
  readonly region: number;
  readonly base: bigint;
  readonly linear: number;
  readonly variant: number;
  readonly length: number;
  readonly writable: boolean;
}

/** Makes the input region as long as this run's input. */
export function writeInputLength(words: Int32Array, length: number): void {
  const record = regionRecord(inputSlot);
  writeLimits(words, record + RegionRecord.loadLimits, length);
  writeLimits(words, record + RegionRecord.storeLimits, length);
}

/** Offsets from which on 1, 2, 4 and 8 bytes no longer fit; a region shorter than an access has no place for it at all. */
function writeLimits(words: Int32Array, at: number, length: number): void {
  const word = at >> 2;
  words[word] = length;
  words[word + 1] = length > 1 ? length - 1 : 0;
  words[word + 2] = length > 3 ? length - 3 : 0;
  words[word + 3] = length > 7 ? length - 7 : 0;
}
