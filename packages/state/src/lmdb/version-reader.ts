import { VmError } from '@switchyard/core';
import type { StateVersionReader } from '../state-store.ts';
import { type Database, openDatabase, readGeneration } from './open-database.ts';
import { prepareFolder } from './open-errors.ts';

/** Reads the generation of an LMDB store. The store is opened by the first `read` that finds it. */
export class LmdbVersionReader implements StateVersionReader {
  readonly #path: string;
  #db: Database | undefined;
  #isClosed = false;

  constructor(path: string) {
    this.#path = path;
  }

  read(): bigint {
    const db = this.#open();
    // Otherwise LMDB shows the state that the event loop's present turn began with.
    db.resetReadTxn();
    return readGeneration(db, this.#path) ?? 0n;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#db?.close();
  }

  #open(): Database {
    if (this.#isClosed) throw new VmError('STATE_UNAVAILABLE', `the state store ${this.#path} is closed.`);
    if (this.#db === undefined) {
      prepareFolder(this.#path, true);
      this.#db = openDatabase(this.#path, true);
    }
    return this.#db;
  }
}
