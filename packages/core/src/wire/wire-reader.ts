import { decodeUtf8 } from '../text.ts';

/** Why bytes are not what was to be read: too short, or anything else. */
export type WireErrorName = 'InvalidSize' | 'InvalidValue';

/** Leaves a decoder; caught where decoding began and never seen outside. */
export class WireError extends Error {
  readonly wireName: WireErrorName;

  constructor(name: WireErrorName, message: string) {
    super(message);
    this.name = 'WireError';
    this.wireName = name;
  }
}

/** Reads the chain's wire form: big-endian integers, bytes, text. Bytes may be anyone's; every method throws WireError. */
export class WireReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** What is not read yet: a view. */
  get rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4));
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8));
  }

  u128(): bigint {
    return (this.u64() << 64n) | this.u64();
  }

  boolean(): boolean {
    const byte = this.u8();
    if (byte > 1) throw this.invalid(`bool ${byte}`);
    return byte === 1;
  }

  /** A copy of the next bytes. */
  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.slice(start, start + length);
  }

  /** Text of the next bytes, which are UTF-8. */
  text(length: number): string {
    const start = this.#advance(length);
    const text = decodeUtf8(this.#bytes.subarray(start, start + length));
    if (text === undefined) throw this.invalid('a string is not UTF-8');
    return text;
  }

  /** The error for a value that may not stand here. */
  invalid(what: string): WireError {
    return new WireError('InvalidValue', `${what}, before byte ${this.#at}`);
  }

  #advance(length: number): number {
    const start = this.#at;
    if (length > this.#bytes.length - start) {
      throw new WireError('InvalidSize', `${length} bytes are needed at byte ${start}`);
    }
    this.#at = start + length;
    return start;
  }
}
