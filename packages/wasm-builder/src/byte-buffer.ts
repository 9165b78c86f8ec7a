/** The platform's UTF-8 encoder, a global of Node and of browsers; declared because this room is compiled without either's types. */
declare class TextEncoder {
  encode(text: string): Uint8Array;
}

const encoder = new TextEncoder();
const floatBytes = new Uint8Array(8);
const floatView = new DataView(floatBytes.buffer);

/** Most bytes of an integer in LEB128: 64 bits in groups of 7. */
const LONGEST_INTEGER = 10;

const NO_BYTES = new Uint8Array(0);
/** V8 keeps typed arrays up to 64 bytes in its own heap; larger ones cost a microsecond or more each. */
const LEAST_CAPACITY = 64;

/** Bytes that grow at their end: integers in LEB128 (specification §5.2.2), floats in little-endian IEEE 754 (§5.2.3), names (§5.2.4). */
export class ByteBuffer {
  /** Storage; only the first `length` bytes count. Replaced when it grows. */
  bytes: Uint8Array;
  length = 0;

  /** Without a capacity nothing is allocated until the first byte: most sections of a small module stay empty. */
  constructor(capacity = 0) {
    this.bytes = capacity === 0 ? NO_BYTES : new Uint8Array(capacity);
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2, LEAST_CAPACITY));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  u8(value: number): void {
    if (this.length === this.bytes.length) this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Unsigned, at most 5 bytes; negative 32-bit numbers stand for their unsigned value. */
  u32(value: number): void {
    if (this.length + LONGEST_INTEGER > this.bytes.length) this.reserve(LONGEST_INTEGER);
    const { bytes } = this;
    let rest = value >>> 0;
    let at = this.length;
    while (rest > 0x7f) {
      bytes[at++] = rest | 0x80;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.length = at;
  }

  /** Signed, at most 5 bytes; also for block types (s33), which stay in 32 bits here. */
  s32(value: number): void {
    if (this.length + LONGEST_INTEGER > this.bytes.length) this.reserve(LONGEST_INTEGER);
    const { bytes } = this;
    let rest = value | 0;
    let at = this.length;
    while (rest < -0x40 || rest > 0x3f) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest >>= 7;
    }
    bytes[at++] = rest & 0x7f;
    this.length = at;
  }

  /** Signed 64 bits given as halves, at most 10 bytes. */
  s64(low: number, high: number): void {
    if (this.length + LONGEST_INTEGER > this.bytes.length) this.reserve(LONGEST_INTEGER);
    const { bytes } = this;
    let lower = low | 0;
    let upper = high | 0;
    let at = this.length;
    // More groups follow while the rest isn't the sign extension of 7 bits.
    while (upper !== lower >> 31 || lower < -0x40 || lower > 0x3f) {
      bytes[at++] = (lower & 0x7f) | 0x80;
      lower = (lower >>> 7) | (upper << 25);
      upper >>= 7;
    }
    bytes[at++] = lower & 0x7f;
    this.length = at;
  }

  /** Four bytes as they stand: the bits of a float. */
  bits32(bits: number): void {
    this.reserve(4);
    for (let shift = 0; shift < 32; shift += 8) this.bytes[this.length++] = bits >>> shift;
  }

  f32(value: number): void {
    floatView.setFloat32(0, value, true);
    this.bits32(floatView.getInt32(0, true));
  }

  f64(value: number): void {
    floatView.setFloat64(0, value, true);
    this.bits32(floatView.getInt32(0, true));
    this.bits32(floatView.getInt32(4, true));
  }

  /** Bytes without their number. */
  raw(source: Uint8Array): void {
    this.reserve(source.length);
    this.bytes.set(source, this.length);
    this.length += source.length;
  }

  /** The first bytes of another buffer, or a part of it, without their number. */
  copy(source: ByteBuffer, start = 0, end = source.length): void {
    this.reserve(end - start);
    this.bytes.set(source.bytes.subarray(start, end), this.length);
    this.length += end - start;
  }

  /** A vector of bytes: their number, then they. */
  vector(source: Uint8Array): void {
    this.u32(source.length);
    this.raw(source);
  }

  /** UTF-8 as a vector of bytes; a lone surrogate becomes U+FFFD. */
  name(text: string): void {
    this.vector(encoder.encode(text));
  }
}

/** Bytes that {@link ByteBuffer.u32} takes for `value`. */
export function sizeOfU32(value: number): number {
  let size = 1;
  for (let rest = value >>> 7; rest !== 0; rest >>>= 7) size++;
  return size;
}

/** The halves of a 64-bit integer, signed or unsigned. */
export function splitBigint(value: bigint): { readonly low: number; readonly high: number } {
  return { low: Number(BigInt.asIntN(32, value)), high: Number(BigInt.asIntN(32, value >> 32n)) };
}
