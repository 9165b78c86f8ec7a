import {
  type CodeRecord,
  ModuleCache,
  rememberCodeHash,
  type StateChange,
  type StateEntry,
  VmError,
} from '@switchyard/core';
import { encodeChange } from '../encode-change.ts';
import {
  decodeCodeBody,
  decodeCodeHead,
  KIND,
  LAYOUT_VERSION,
  recordKey,
  type StateRecord,
} from '../layout.ts';
import { RecordDecoder } from '../record-decoder.ts';
import { RecordReads } from '../record-reads.ts';
import type { StateStore } from '../state-store.ts';
import {
  type Database,
  encodeMeta,
  META_KEY,
  openDatabase,
  readGeneration,
  type View,
} from './open-database.ts';
import { prepareFolder, unavailable } from './open-errors.ts';

/** Everything but the store's own record. */
const ALL = { start: Uint8Array.of(LAYOUT_VERSION), end: Uint8Array.of(LAYOUT_VERSION + 1) } as const;

/** Code read from the store is kept by its hash, so that the same array, with everything compiled for it, is found again. */
const CODE_CACHE_BYTES = 67_108_864;

/**
 * State in an LMDB store: one write transaction per commit, on disk when `commit` returns (`overlappingSync` is off: with it, LMDB
 * flushes after the commit, and power loss could take the last calls). A killed process loses nothing that was committed.
 *
 * One process writes. Two that try are kept safe by a generation number: a commit that finds another one's commit since the last
 * look is refused, so nothing is lost by overwriting.
 */
export class LmdbStore extends RecordReads implements StateStore {
  readonly kind = 'lmdb';
  readonly name: string;
  readonly #db: Database;
  readonly #readOnly: boolean;
  readonly #code = new ModuleCache(CODE_CACHE_BYTES);
  #generation: bigint;
  #view: View | undefined;
  #isClosed = false;

  /** @throws VmError STATE_UNAVAILABLE, STATE_CORRUPT. */
  constructor(path: string, readOnly: boolean) {
    super();
    prepareFolder(path, readOnly);
    this.name = path;
    this.#readOnly = readOnly;
    this.#db = openDatabase(path, readOnly);
    try {
      this.#generation = this.#readGeneration() ?? this.#begin();
    } catch (thrown) {
      void this.#db.close();
      throw thrown instanceof VmError ? thrown : unavailable(path, String(thrown), undefined, thrown);
    }
  }

  getCode(address: Uint8Array): CodeRecord | undefined {
    const headValue = this.valueAt(recordKey(KIND.codeHead, address));
    if (headValue === undefined) return undefined;
    const head = decodeCodeHead(headValue);
    const key = { engine: 'state', version: '', options: '', codeHash: head.hash };
    const code = this.#code.getOrCreate(key, () => {
      const body = this.valueAt(recordKey(KIND.codeBody, address));
      if (body === undefined) {
        throw new VmError('STATE_CORRUPT', `${this.name}: a contract's code has no body.`, {
          contract: address,
        });
      }
      const value = decodeCodeBody(body);
      rememberCodeHash(value, head.hash.slice());
      return { value, bytes: value.length };
    });
    return { code, engine: head.engine };
  }

  accountExists(address: Uint8Array): boolean {
    return (
      this.valueAt(recordKey(KIND.nonce, address)) !== undefined ||
      this.valueAt(recordKey(KIND.codeHead, address)) !== undefined ||
      this.balanceCount(address) > 0
    );
  }

  balanceCount(address: Uint8Array): number {
    const start = recordKey(KIND.balance, address);
    const end = new Uint8Array(start.length + 33).fill(255);
    end.set(start);
    return this.#db.getKeysCount({ start, end, ...this.#view });
  }

  commit(changes: readonly StateChange[]): void {
    this.#write(() => {
      for (const change of changes) {
        for (const { key, value } of encodeChange(change)) this.#put(key, value);
      }
    });
  }

  get isEmpty(): boolean {
    for (const _ of this.#db.getKeys({ ...ALL, ...this.#view, limit: 1 })) return false;
    return true;
  }

  *entries(): IterableIterator<StateEntry> {
    const decoder = new RecordDecoder();
    for (const record of this.records()) {
      const entry = decoder.decode(record);
      if (entry !== undefined) yield entry;
    }
  }

  *records(): IterableIterator<StateRecord> {
    for (const { key, value } of this.#db.getRange({ ...ALL, ...this.#view })) {
      yield { key: plain(key), value: plain(value) };
    }
  }

  replaceAll(records: Iterable<StateRecord>): void {
    this.#write(() => {
      this.#db.clearSync();
      const decoder = new RecordDecoder();
      for (const record of records) {
        decoder.decode(record);
        this.#db.putSync(record.key, record.value);
      }
      decoder.finish();
    });
  }

  pin(): bigint {
    this.#checkOpen();
    this.unpin();
    // Otherwise the view would be the one that the event loop's present turn began with.
    this.#db.resetReadTxn();
    this.#view = { transaction: this.#db.useReadTransaction() };
    try {
      this.#generation = this.#readGeneration() ?? 0n;
    } catch (thrown) {
      this.unpin();
      throw thrown;
    }
    return this.#generation;
  }

  unpin(): void {
    this.#view?.transaction.done();
    this.#view = undefined;
  }

  async close(): Promise<void> {
    this.unpin();
    this.#isClosed = true;
    await this.#db.close();
  }

  /** One write transaction that raises the generation; all or nothing. */
  #write(work: () => void): void {
    this.#checkOpen();
    if (this.#readOnly) {
      throw new VmError('STATE_READ_ONLY', `the state store at ${this.name} was opened read-only.`);
    }
    this.unpin();
    const before = this.#generation;
    let found: bigint | undefined;
    try {
      this.#db.transactionSync(() => {
        found = this.#readGeneration();
        if (found !== before) throw otherWriter(this.name);
        work();
        this.#db.putSync(META_KEY, encodeMeta(before + 1n));
      });
    } catch (thrown) {
      // The next call starts from what the other process left: its number, and a snapshot that shows it.
      if (found !== undefined) this.#generation = found;
      this.#db.resetReadTxn();
      if (thrown instanceof VmError) throw thrown;
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      throw new VmError(
        'STATE_UNAVAILABLE',
        `the state store at ${this.name} cannot be written: ${message}.`,
        {
          hint: 'Nothing of the call was kept. Check the free space and the rights of the folder.',
          cause: thrown,
        },
      );
    }
    this.#generation = before + 1n;
  }

  #put(key: Uint8Array, value: Uint8Array | undefined): void {
    if (value === undefined) this.#db.removeSync(key);
    else this.#db.putSync(key, value);
  }

  protected override valueAt(key: Uint8Array): Uint8Array | undefined {
    this.#checkOpen();
    const value = this.#db.get(key, this.#view);
    return value === undefined ? undefined : plain(value);
  }

  #checkOpen(): void {
    if (!this.#isClosed) return;
    throw new VmError('STATE_UNAVAILABLE', `the state store ${this.name} is closed.`, {
      hint: 'Close the store after the last call.',
    });
  }

  /** Undefined in a new store. */
  #readGeneration(): bigint | undefined {
    return readGeneration(this.#db, this.name, this.#view);
  }

  #begin(): bigint {
    for (const _ of this.#db.getKeys({ limit: 1 })) {
      throw new VmError('STATE_CORRUPT', `${this.name} is an LMDB store of another program.`, {
        hint: 'Choose another path.',
      });
    }
    if (this.#readOnly) return 0n;
    this.#db.transactionSync(() => {
      // Another process may have begun the store since the look above.
      if (this.valueAt(META_KEY) === undefined) this.#db.putSync(META_KEY, encodeMeta(1n));
    });
    return this.#readGeneration()!;
  }
}

/** A Uint8Array over a Buffer's bytes: Buffer's `slice` does not copy, and nobody outside this room expects one. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function otherWriter(path: string): VmError {
  return new VmError(
    'STATE_UNAVAILABLE',
    `another process has written to the state store at ${path}; this call is not kept.`,
    {
      hint: 'Let one process write, and open the store read-only in the others. Calling again starts from the present state.',
    },
  );
}
