import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { VmError } from '@switchyard/core';
import type { StateRecord } from './layout.ts';
import type { SnapshotSummary } from './snapshot.ts';
import { BUFFER_BYTES, MAGIC, SNAPSHOT_VERSION, TAG_RECORD, TAG_TRAILER } from './snapshot-format.ts';

/** Writes a snapshot beside its place and moves it there when whole. */
export class SnapshotWriter {
  readonly #path: string;
  readonly #temporary: string;
  readonly #file: number;
  readonly #hash = createHash('sha256');
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #filled = 0;
  #bytes = 0;
  #count = 0;

  constructor(path: string) {
    this.#path = path;
    this.#temporary = `${path}.${process.pid}.tmp`;
    this.#file = this.#try(() => openSync(this.#temporary, 'w'));
    this.#write(MAGIC);
    this.#write(Uint8Array.of(SNAPSHOT_VERSION >> 8, SNAPSHOT_VERSION & 255));
  }

  record({ key, value }: StateRecord): void {
    const head = new Uint8Array(9);
    const view = new DataView(head.buffer);
    head[0] = TAG_RECORD;
    view.setUint32(1, key.length);
    view.setUint32(5, value.length);
    this.#write(head);
    this.#write(key);
    this.#write(value);
    this.#count++;
  }

  finish(): SnapshotSummary {
    const trailer = new Uint8Array(9);
    trailer[0] = TAG_TRAILER;
    new DataView(trailer.buffer).setBigUint64(1, BigInt(this.#count));
    this.#write(trailer);
    this.#flush();
    const hash = new Uint8Array(this.#hash.digest());
    this.#try(() => {
      writeAll(this.#file, hash);
      fsyncSync(this.#file);
      closeSync(this.#file);
      renameSync(this.#temporary, this.#path);
    });
    return { count: this.#count, bytes: this.#bytes + hash.length, hash };
  }

  /** Removes what was written. */
  abandon(): void {
    try {
      closeSync(this.#file);
    } catch {
      // Closed already: `finish` failed at the rename.
    }
    rmSync(this.#temporary, { force: true });
  }

  #write(bytes: Uint8Array): void {
    if (bytes.length > BUFFER_BYTES - this.#filled) this.#flush();
    if (bytes.length > BUFFER_BYTES) {
      this.#emit(bytes);
      return;
    }
    this.#buffer.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  #flush(): void {
    this.#emit(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }

  #emit(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    this.#try(() => writeAll(this.#file, bytes));
  }

  #try<T>(action: () => T): T {
    try {
      return action();
    } catch (thrown) {
      throw new VmError('FILE_UNREADABLE', `${this.#path} cannot be written: ${(thrown as Error).message}.`, {
        cause: thrown,
      });
    }
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
