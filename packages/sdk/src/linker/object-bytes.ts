import { linkError } from './link-error.ts';

/** Little-endian reads of one object file. Every read is checked against the file's end; a miss is LINK_FAILED. */
export class ObjectBytes {
  readonly object: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(object: string, bytes: Uint8Array) {
    this.object = object;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.#bytes.length;
  }

  u8(offset: number, at: string): number {
    this.#check(offset, 1, at);
    return this.#view.getUint8(offset);
  }

  u16(offset: number, at: string): number {
    this.#check(offset, 2, at);
    return this.#view.getUint16(offset, true);
  }

  u32(offset: number, at: string): number {
    this.#check(offset, 4, at);
    return this.#view.getUint32(offset, true);
  }

  /** A 64-bit field which must be below 2^32: every offset, size and address in an object of at most 16 MiB is. */
  u64(offset: number, at: string): number {
    this.#check(offset, 8, at);
    if (this.#view.getUint32(offset + 4, true) !== 0) {
      throw linkError('a 64-bit field is above 4 GiB', { object: this.object, at });
    }
    return this.#view.getUint32(offset, true);
  }

  /** A view (not a copy) of `size` bytes. */
  slice(offset: number, size: number, at: string): Uint8Array {
    this.#check(offset, size, at);
    return this.#bytes.subarray(offset, offset + size);
  }

  #check(offset: number, size: number, at: string): void {
    if (offset + size > this.#bytes.length) {
      throw linkError(
        `the file ends at byte ${this.#bytes.length}, but bytes ${offset} to ${offset + size} are needed`,
        { object: this.object, at, hint: 'The object is cut off or not an ELF object; compile it again.' },
      );
    }
  }
}

/** Longest symbol or section name that the linker reads. */
export const maxNameLength = 255;

/**
 * The NUL-terminated name at `index` of a string table. Bytes outside printable ASCII, and the backslash, come out as `\xNN`, so
 * that two different names stay different and an error message stays readable.
 */
export function readName(table: Uint8Array, index: number, object: string, at: string): string {
  let name = '';
  for (let offset = index; offset - index <= maxNameLength; offset++) {
    const byte = table[offset];
    if (byte === undefined) break;
    if (byte === 0) return name;
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x5c;
    name += isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  throw linkError(`a name is not a string of at most ${maxNameLength} bytes in its string table`, {
    object,
    at,
  });
}

/** True when `readName` gave the name without escapes, so that its characters are its bytes. */
export function isPlainName(name: string): boolean {
  return !name.includes('\\');
}
