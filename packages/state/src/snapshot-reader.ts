import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { equalBytes, VmError } from '@switchyard/core';
import type { StateRecord } from './layout.ts';
import type { SnapshotSummary } from './snapshot.ts';
import {
  BUFFER_BYTES,
  LONGEST_KEY,
  MAGIC,
  SNAPSHOT_VERSION,
  TAG_RECORD,
  TAG_TRAILER,
} from './snapshot-format.ts';

/** Reads a snapshot from front to back. `records` ends normally only when the trailer proves the file whole and unchanged. */
export class SnapshotReader {
  readonly #path: string;
  readonly #file: number;
  readonly #size: number;
  readonly #hash = createHash('sha256');
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #start = 0;
  #end = 0;
  /** Bytes handed out so far. */
  #position = 0;
  #summary: SnapshotSummary | undefined;

  constructor(path: string) {
    this.#path = path;
    try {
      this.#file = openSync(path, 'r');
    } catch (thrown) {
      throw new VmError('FILE_UNREADABLE', `${path} cannot be read: ${(thrown as Error).message}.`, {
        cause: thrown,
      });
    }
    this.#size = fstatSync(this.#file).size;
  }

  /** Known once `records` has ended. */
  get summary(): SnapshotSummary {
    if (this.#summary === undefined) throw new VmError('INTERNAL', 'the snapshot was not read to its end.');
    return this.#summary;
  }

  *records(): IterableIterator<StateRecord> {
    if (!equalBytes(this.#take(MAGIC.length), MAGIC))
      throw this.#invalid('it does not begin like a snapshot');
    const version = this.#u16();
    if (version !== SNAPSHOT_VERSION) {
      throw this.#invalid(`it has version ${version}; this version reads ${SNAPSHOT_VERSION}`);
    }
    let count = 0;
    for (;;) {
      const tag = this.#take(1)[0];
      if (tag === TAG_TRAILER) break;
      if (tag !== TAG_RECORD) throw this.#invalid(`byte ${this.#position - 1} is neither record nor trailer`);
      const keyLength = this.#u32();
      const valueLength = this.#u32();
      if (keyLength > LONGEST_KEY) throw this.#invalid(`a key of ${keyLength} bytes`);
      yield { key: this.#take(keyLength), value: this.#take(valueLength) };
      count++;
    }
    const told = this.#view(8).getBigUint64(0);
    if (told !== BigInt(count)) throw this.#invalid(`it tells ${told} records and holds ${count}`);
    const hash = new Uint8Array(this.#hash.copy().digest());
    if (!equalBytes(this.#take(32), hash)) throw this.#invalid('its content does not fit its sha-256');
    if (this.#position !== this.#size) throw this.#invalid('there are bytes after its end');
    this.#summary = { count, bytes: this.#position, hash };
  }

  close(): void {
    closeSync(this.#file);
  }

  #u16(): number {
    return this.#view(2).getUint16(0);
  }

  #u32(): number {
    return this.#view(4).getUint32(0);
  }

  #view(length: number): DataView {
    const bytes = this.#take(length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  /** The next bytes, in an array of their own; they count into the hash. */
  #take(length: number): Uint8Array {
    // Against the file's size first, so that a false length allocates nothing.
    if (length > this.#size - this.#position) throw this.#invalid('it ends too early');
    const bytes = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      if (this.#start === this.#end) this.#fill();
      const piece = this.#buffer.subarray(this.#start, Math.min(this.#end, this.#start + length - at));
      bytes.set(piece, at);
      at += piece.length;
      this.#start += piece.length;
    }
    this.#position += length;
    this.#hash.update(bytes);
    return bytes;
  }

  #fill(): void {
    this.#start = 0;
    this.#end = readSync(this.#file, this.#buffer);
    if (this.#end === 0) throw this.#invalid('it ends too early');
  }

  #invalid(what: string): VmError {
    return new VmError('SNAPSHOT_INVALID', `${this.#path} is not a whole and unchanged snapshot: ${what}.`);
  }
}
