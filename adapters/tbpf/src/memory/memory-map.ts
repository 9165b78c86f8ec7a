import { AddressSpace, type Geometry } from './address-space.ts';

export { heapSlot, inputSlot, programSlot, regionName, stackSlot, UNMAPPED } from './address-space.ts';

/** Bytes of the regions of one run. Used in place, not copied. */
export interface RegionBytes {
  readonly program: Uint8Array;
  readonly stack: Uint8Array;
  readonly heap: Uint8Array;
  readonly input: Uint8Array;
}

/** The address space of one run of the reference tier: an array for each region. */
export class MemoryMap extends AddressSpace {
  /** Backing bytes by slot. */
  readonly bytes: readonly Uint8Array[];
  /** Little-endian access to the same bytes. */
  readonly views: readonly DataView[];

  constructor(geometry: Geometry, { program, stack, heap, input }: RegionBytes) {
    super(geometry, {
      program: program.length,
      stack: stack.length,
      heap: heap.length,
      input: input.length,
    });
    this.bytes = [new Uint8Array(0), program, stack, heap, input];
    this.views = this.bytes.map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }
}
