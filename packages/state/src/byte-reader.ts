import { VmError } from '@switchyard/core';

/** Reads a stored value from front to back; whatever does not fit is STATE_CORRUPT. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8));
  }

  /** A view, not a copy. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  text(length: number): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.bytes(length));
    } catch (thrown) {
      if (thrown instanceof VmError) throw thrown;
      throw new VmError('STATE_CORRUPT', 'a stored name is not UTF-8.', { cause: thrown });
    }
  }

  /** Everything that is left. */
  rest(): Uint8Array {
    return this.bytes(this.#bytes.length - this.#at);
  }

  /** @throws VmError STATE_CORRUPT when something is left. */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left !== 0) throw new VmError('STATE_CORRUPT', `a stored value has ${left} bytes too many.`);
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) {
      throw new VmError('STATE_CORRUPT', `a stored value ends after ${this.#bytes.length} bytes, too early.`);
    }
    this.#at = at + length;
    return at;
  }
}
