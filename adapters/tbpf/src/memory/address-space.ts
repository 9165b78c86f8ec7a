import { addressMap } from '../format/elf-constants.ts';
import { joinU64 } from '../interpreter/arithmetic64.ts';
import type { Program } from '../interpreter/program.ts';
import { nativeError, type TbpfNativeError } from '../native-error.ts';

/** Slot numbers: the upper 32 bits of a region's addresses (spec §3.1). */
export const programSlot = 1;
export const stackSlot = 2;
export const heapSlot = 3;
export const inputSlot = 4;

const slots = 5;

/** What `AddressSpace.locate` answers when an access is not allowed. */
export const UNMAPPED = -1;

/** Where regions lie and how their errors read; all that does not depend on a run. */
export interface Geometry {
  /** Low 32 bits of the read-only region's first address; it always lies in slot 1. */
  readonly programBase: number;
  /** False: read-only input (spec §3.1 has it writable). */
  readonly inputWritable?: boolean;
  /** Bytes of a frame (F). */
  readonly frameSize: number;
  /** V0 with gaps: after every frame of the stack an unmapped gap of the same size. */
  readonly gapped: boolean;
  /** Calls nested at most (D); used in error texts only. */
  readonly maxCallDepth: number;
  /** V0 reports accesses near the stack as `StackAccessViolation`. */
  readonly stackErrors: boolean;
}

/** Bytes of each region. */
export interface RegionLengths {
  readonly program: number;
  readonly stack: number;
  readonly heap: number;
  readonly input: number;
}

/** The geometry that a program asks for. */
export function geometryOf(program: Program): Geometry {
  const { config, readOnly, version } = program.executable;
  return {
    programBase: Number(readOnly.address - addressMap.program),
    frameSize: config.stackFrameSize,
    gapped: !program.features.dynamicFrames && config.enableStackFrameGaps,
    maxCallDepth: config.maxCallDepth,
    stackErrors: version === 0,
  };
}

/** The error of a program whose memory map cannot be built (spec §3.3, unaligned mapping). */
export function mapError(program: Program): TbpfNativeError | undefined {
  const { config, readOnly, version } = program.executable;
  const end = readOnly.address + BigInt(readOnly.bytes.length);
  return !config.alignedMemoryMapping && version !== 4 && end > addressMap.stack
    ? nativeError('run', 'InvalidMemoryRegion', 1)
    : undefined;
}

/**
 * The rules of access: one region per 4 GiB slot (spec §3). An address is given by its two halves; `locate` turns it into an offset in
 * the region with the number `high`. Slots without a region have length −1 and fail every access.
 */
export class AddressSpace {
  readonly #geometry: Geometry;
  readonly #base = new Uint32Array(slots);
  /** −1 where there is no region: then even a zero-length access fails. */
  readonly #length = new Int32Array(slots).fill(-1);
  readonly #writable = new Uint8Array(slots);
  readonly #gap: number;

  constructor(geometry: Geometry, lengths: RegionLengths) {
    this.#geometry = geometry;
    this.#gap = geometry.gapped ? geometry.frameSize : 0;
    this.#length[programSlot] = lengths.program;
    this.#length[stackSlot] = lengths.stack;
    this.#length[heapSlot] = lengths.heap;
    this.#length[inputSlot] = lengths.input;
    this.#base[programSlot] = geometry.programBase;
    this.#writable[stackSlot] = 1;
    this.#writable[heapSlot] = 1;
    this.#writable[inputSlot] = (geometry.inputWritable ?? true) ? 1 : 0;
  }

  /** Makes room for another run's input. */
  set inputLength(length: number) {
    this.#length[inputSlot] = length;
  }

  /**
   * Offset of the first byte of an access of `size` bytes in the region `high`, or UNMAPPED. Only the first byte decides on the gap: an
   * access that starts at a frame's end runs on into the next frame's bytes (spec §3.4, examples 49 and 50).
   */
  locate(high: number, low: number, size: number, write: boolean): number {
    if (high < 1 || high >= slots) return UNMAPPED;
    let offset = (low >>> 0) - this.#base[high]!;
    if (offset < 0) return UNMAPPED;
    if (write && this.#writable[high] === 0) return UNMAPPED;
    if (high === stackSlot && this.#gap !== 0) {
      const gap = this.#gap;
      const index = Math.floor(offset / gap);
      if ((index & 1) !== 0) return UNMAPPED;
      offset -= (index / 2) * gap;
    }
    return offset + size <= this.#length[high]! ? offset : UNMAPPED;
  }

  /** The error of an access that `locate` refused (spec §3.6). */
  violation(write: boolean, low: number, high: number, size: bigint): TbpfNativeError {
    const kind = { raw: write ? 'Store' : 'Load' };
    const address = joinU64(low, high);
    const distance = BigInt.asIntN(64, address) - 0x2_0000_0000n;
    const { frameSize, stackErrors, maxCallDepth } = this.#geometry;
    // The subtraction saturates at the smallest i64; the quotient only matters near the stack, where it cannot.
    const frame = distance / BigInt(frameSize || 1);
    if (stackErrors && frame >= -1n && frame <= BigInt(maxCallDepth)) {
      return nativeError('run', 'StackAccessViolation', kind, address, size, frame);
    }
    return nativeError('run', 'AccessViolation', kind, address, size, regionName(high));
  }
}

/** Region name by the upper half of an address, as error texts have it (spec §3.6). */
export function regionName(high: number): string {
  return ['unknown', 'program', 'stack', 'heap', 'input'][high] ?? 'unknown';
}
