/** Debug information that cannot be read; caught where it began, it never leaves the reader. */
export class DwarfError extends Error {}

/** Little-endian reads of a part of a debug section. Every read is checked; a miss is a DwarfError. */
export class DwarfCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly end: number;
  at: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = start;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  i8(): number {
    return this.#view.getInt8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** As a double: exact below 2^53, and above that still larger than any place in a contract. */
  u64(): number {
    const low = this.u32();
    return this.u32() * 0x1_0000_0000 + low;
  }

  /** Unsigned LEB128 as a double; more than ten bytes are refused. */
  uleb(): number {
    let value = 0;
    for (let index = 0, scale = 1; index < 10; index++, scale *= 128) {
      const byte = this.u8();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new DwarfError('a number is longer than ten bytes');
  }

  /** Signed LEB128 as a double. */
  sleb(): number {
    let value = 0;
    for (let index = 0, scale = 1; index < 10; index++) {
      const byte = this.u8();
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte < 128) return (byte & 64) === 0 ? value : value - scale;
    }
    throw new DwarfError('a number is longer than ten bytes');
  }

  skip(bytes: number): void {
    this.#take(bytes);
  }

  /** Passes over a string with its NUL. @returns where it begins. */
  string(): number {
    const start = this.at;
    const end = this.#bytes.indexOf(0, start);
    if (end < 0 || end >= this.end) throw new DwarfError('a string has no end');
    this.at = end + 1;
    return start;
  }

  #take(bytes: number): number {
    if (!(bytes <= this.left)) throw new DwarfError(`it ends at byte ${this.end} in the midst of a value`);
    const { at } = this;
    this.at += bytes;
    return at;
  }
}
