import { Kind } from './kind.ts';
import type { LegacyMap } from './legacy-map.ts';
import type { Opaque } from './opaque.ts';

/**
 * A place that holds one value: a stack slot, a register, an element of an Object. Pointers refer to boxes, never to values (spec §4.2).
 * Integers up to 64 bits are two signed 32-bit halves, so that arithmetic allocates nothing: V8 keeps such fields as small integers.
 *
 * | kind          | lo                | hi         | ref                       |
 * |---------------|-------------------|------------|---------------------------|
 * | U8, U16, U32  | value             | 0          | –                         |
 * | U64           | low half          | high half  | –                         |
 * | Boolean       | 0 or 1            | 0          | –                         |
 * | U128, U256    | –                 | –          | bigint                    |
 * | String        | UTF-8 byte length | –          | string, well-formed       |
 * | Range         | –                 | –          | RangeValue (immutable)    |
 * | Opaque        | –                 | –          | Opaque (immutable)        |
 * | Bytes         | –                 | –          | ByteVector                |
 * | Object        | –                 | –          | Box[]                     |
 * | Map           | –                 | –          | LegacyMap                 |
 * | Pointer       | depth             | –          | Box that it points to     |
 *
 * A field that the kind does not use may hold anything. `origin` is a pointer's: the box that its path began at, or undefined.
 */
export class Box {
  kind: Kind = Kind.Null;
  lo = 0;
  hi = 0;
  ref: unknown = undefined;
  origin: Box | undefined = undefined;
}

/** The two ends of a range. */
export interface RangeValue {
  readonly start: Box;
  readonly end: Box;
}

/** A growable byte string. Owned by one box. */
export class ByteVector {
  data: Uint8Array;
  length: number;

  constructor(data: Uint8Array) {
    this.data = data;
    this.length = data.length;
  }

  /** The bytes as a view; not to be kept. */
  get bytes(): Uint8Array {
    return this.data.subarray(0, this.length);
  }

  push(byte: number): void {
    if (this.length === this.data.length) {
      const larger = new Uint8Array(Math.max(16, this.length * 2));
      larger.set(this.data);
      this.data = larger;
    }
    this.data[this.length++] = byte;
  }
}

/** Pays for copying and creating, in bytes, so that time stays within what gas allows (see `Machine.spend`). */
export interface WorkMeter {
  spend(bytes: number): void;
}

/** For work before a run: decoding is bounded by its input. */
export const unmetered: WorkMeter = Object.freeze({ spend(): void {} });

export const elementsOf = (box: Box): Box[] => box.ref as Box[];
export const bytesOf = (box: Box): ByteVector => box.ref as ByteVector;
export const mapOf = (box: Box): LegacyMap => box.ref as LegacyMap;
export const rangeOf = (box: Box): RangeValue => box.ref as RangeValue;
export const textOf = (box: Box): string => box.ref as string;
export const opaqueOf = (box: Box): Opaque => box.ref as Opaque;
/** The box that a slot stands for: itself, or what it points to. */
export const resolve = (slot: Box): Box => (slot.kind === Kind.Pointer ? (slot.ref as Box) : slot);
