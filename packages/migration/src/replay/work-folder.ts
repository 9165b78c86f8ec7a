import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { VmError } from '@switchyard/core';

/** Where a replay keeps what it needs to go on after it was killed, and the result. */
export class WorkFolder {
  readonly path: string;

  /** @throws VmError FILE_UNREADABLE when the folder cannot be made. */
  constructor(path: string) {
    this.path = path;
    this.#guard(() => mkdirSync(path, { recursive: true }));
  }

  /** Folder of a side's store. */
  store(side: 'old' | 'new'): string {
    return join(this.path, `${side}.state`);
  }

  get recordsFile(): string {
    return join(this.path, 'records.jsonl');
  }

  get reportFile(): string {
    return join(this.path, 'report.json');
  }

  /** Removes what an earlier replay left. */
  clear(): void {
    for (const name of ['progress.json', 'records.jsonl', 'report.json', 'old.state', 'new.state']) {
      this.#guard(() => rmSync(join(this.path, name), { recursive: true, force: true }));
    }
  }

  /** What the last checkpoint left; undefined when there is none. @throws VmError JOURNAL_INVALID. */
  readProgress(): unknown {
    const file = join(this.path, 'progress.json');
    if (!existsSync(file)) return undefined;
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch (cause) {
      throw new VmError('JOURNAL_INVALID', `${file} is not readable.`, { cause });
    }
  }

  /** Replaces the progress at once: a reader finds the old or the new one, whole. */
  writeProgress(progress: unknown): void {
    this.#replace('progress.json', JSON.stringify(progress));
  }

  /** Writes the finished report. */
  writeReport(text: string): void {
    this.#replace('report.json', text);
  }

  /** The finished report's text; undefined when the replay has not ended. */
  readReport(): string | undefined {
    return existsSync(this.reportFile) ? readFileSync(this.reportFile, 'utf8') : undefined;
  }

  #replace(name: string, text: string): void {
    this.#guard(() => {
      const file = join(this.path, name);
      const draft = `${file}.draft`;
      writeFileSync(draft, text);
      const handle = openSync(draft, 'r+');
      fsyncSync(handle);
      closeSync(handle);
      renameSync(draft, file);
    });
  }

  #guard<T>(code: () => T): T {
    try {
      return code();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new VmError('FILE_UNREADABLE', `${this.path}: ${reason}.`, { cause });
    }
  }
}

/** The records of all calls, a line of JSON each, appended; what a killed replay wrote after its last checkpoint is cut off. */
export class RecordFile {
  readonly #handle: number;
  #length: number;
  #pending: string[] = [];

  /** @param length bytes that the last checkpoint knows of. @throws VmError JOURNAL_INVALID when the file is shorter. */
  constructor(path: string, length: number) {
    this.#handle = openSync(path, 'a');
    const found = fstatSync(this.#handle).size;
    if (found < length) {
      closeSync(this.#handle);
      throw new VmError('JOURNAL_INVALID', `${path} has ${found} bytes, the last checkpoint knew ${length}.`);
    }
    ftruncateSync(this.#handle, length);
    this.#length = length;
  }

  add(record: unknown): void {
    this.#pending.push(JSON.stringify(record));
    if (this.#pending.length >= 1000) this.#write();
  }

  /** Puts everything on disk. @returns the file's length in bytes. */
  sync(): number {
    this.#write();
    fsyncSync(this.#handle);
    return this.#length;
  }

  close(): void {
    this.#write();
    closeSync(this.#handle);
  }

  #write(): void {
    if (this.#pending.length === 0) return;
    const bytes = Buffer.from(`${this.#pending.join('\n')}\n`);
    // Unlike `writeSync` it goes on until everything is written.
    appendFileSync(this.#handle, bytes);
    this.#length += bytes.length;
    this.#pending = [];
  }
}
