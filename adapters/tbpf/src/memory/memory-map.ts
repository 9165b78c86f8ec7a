import { joinU64 } from '../interpreter/arithmetic64.ts';
import { nativeError, type TbpfNativeError } from '../native-error.ts';

/** Slot numbers: the upper 32 bits of a region's addresses (spec §3.1). */
export const programSlot = 1;
export const stackSlot = 2;
export const heapSlot = 3;
export const inputSlot = 4;

const slots = 5;

/** What `MemoryMap.locate` answers when an access is not allowed. */
export const UNMAPPED = -1;

/** Sizes and bytes of the regions of one run. Arrays are used in place, not copied. */
export interface MemoryLayout {
  /** Low 32 bits of the read-only region's first address; it always lies in slot 1. */
  readonly programBase: number;
  readonly program: Uint8Array;
  readonly stack: Uint8Array;
  readonly heap: Uint8Array;
  readonly input: Uint8Array;
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

/**
 * The address space of one run: one region per 4 GiB slot (spec §3). An address is given by its two halves; `locate` turns it into
 * an offset in `bytes[slot]` and `views[slot]`. Slots without a region have length 0 and fail every access.
 */
export class MemoryMap {
  /** Backing bytes by slot. */
  readonly bytes: Uint8Array[] = [];
  /** Little-endian access to the same bytes. */
  readonly views: DataView[] = [];
  readonly #base = new Uint32Array(slots);
  /** −1 where there is no region: then even a zero-length access fails. */
  readonly #length = new Int32Array(slots).fill(-1);
  readonly #writable = new Uint8Array(slots);
  readonly #gap: number;
  readonly #layout: MemoryLayout;

  constructor(layout: MemoryLayout) {
    this.#layout = layout;
    this.#gap = layout.gapped ? layout.frameSize : 0;
    const regions = [new Uint8Array(0), layout.program, layout.stack, layout.heap, layout.input];
    for (const [slot, bytes] of regions.entries()) {
      this.bytes.push(bytes);
      this.views.push(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      if (slot !== 0) this.#length[slot] = bytes.length;
    }
    this.#base[programSlot] = layout.programBase;
    this.#writable[stackSlot] = 1;
    this.#writable[heapSlot] = 1;
    this.#writable[inputSlot] = (layout.inputWritable ?? true) ? 1 : 0;
  }

  /**
   * Offset of the first byte of an access of `size` bytes in `bytes[high]`, or UNMAPPED. Only the first byte decides on the gap: an
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
    // The subtraction saturates at the smallest i64; the quotient only matters near the stack, where it cannot.
    const frame = distance / BigInt(this.#layout.frameSize || 1);
    if (this.#layout.stackErrors && frame >= -1n && frame <= BigInt(this.#layout.maxCallDepth)) {
      return nativeError('run', 'StackAccessViolation', kind, address, size, frame);
    }
    return nativeError('run', 'AccessViolation', kind, address, size, regionName(high));
  }
}

/** Region name by the upper half of an address, as error texts have it (spec §3.6). */
export function regionName(high: number): string {
  return ['unknown', 'program', 'stack', 'heap', 'input'][high] ?? 'unknown';
}
