import { closeSync, openSync, writeSync } from 'node:fs';
import { encodeUtf8 } from '@switchyard/core';
import { checkWritable, refusable } from './write-output.ts';

const STANDARD_OUTPUT = 1;

/** Characters that are written at once. */
const CHUNK = 65_536;

/**
 * Writes lines as they come, to a file or to standard output, in memory that does not grow. A reader that closes the pipe ends the
 * process at once and well, also in the midst of a long run.
 */
export class LineWriter {
  readonly #path: string | undefined;
  #file: number | undefined;
  #pending = '';

  /** What the file holds stays until the first line comes. @throws VmError FILE_UNREADABLE for a file that cannot be written. */
  constructor(path: string | undefined) {
    this.#path = path;
    if (path !== undefined) checkWritable(path);
  }

  /** @throws VmError FILE_UNREADABLE. */
  write(line: string): void {
    this.#pending += `${line}\n`;
    if (this.#pending.length >= CHUNK) this.#flush();
  }

  close(): void {
    this.#flush();
    if (this.#file !== undefined) closeSync(this.#file);
  }

  #flush(): void {
    const text = this.#pending;
    this.#pending = '';
    if (text === '') return;
    const path = this.#path;
    if (path !== undefined) {
      refusable(path, () => {
        this.#file ??= openSync(path, 'w');
        writeAll(this.#file, encodeUtf8(text));
      });
      return;
    }
    writeAll(STANDARD_OUTPUT, encodeUtf8(text), () => process.exit(0));
  }
}

/**
 * Writes past `process.stdout`, which in a run that never comes up for air queues what a slow reader does not take, and does not say that
 * the reader has gone.
 */
function writeAll(file: number, bytes: Uint8Array, onClosedPipe?: () => void): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      // A write may take less than it is given.
      at += writeSync(file, bytes, at);
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if (code === 'EPIPE') onClosedPipe?.();
      if (code !== 'EAGAIN') throw thrown;
      // The pipe is full: its reader needs a moment.
      Atomics.wait(NEVER_WOKEN, 0, 0, PAUSE_MS);
    }
  }
}

const NEVER_WOKEN = new Int32Array(new SharedArrayBuffer(4));
const PAUSE_MS = 2;
