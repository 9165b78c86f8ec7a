import {
  type CodeRecord,
  equalBytes,
  ModuleCache,
  rememberCodeHash,
  type StateChange,
  type StateEntry,
  VmError,
} from '@switchyard/core';
import { BlockingBridge } from '../bridge/blocking-bridge.ts';
import { hashKey } from '../hash-key.ts';
import { decodeCodeBody, decodeCodeHead, KIND, recordKey, type StateRecord } from '../layout.ts';
import { RecordDecoder } from '../record-decoder.ts';
import { RecordReads } from '../record-reads.ts';
import type { PostgresOptions, StateStore } from '../state-store.ts';
import { boundedValue, CommitKeeper, commitRecords } from './keep-commit.ts';
import { type Cached, ReadCache } from './read-cache.ts';
import type { CommitAnswer, CommitMark, PostgresRequests, RawRecord } from './requests.ts';
import { postgresSettings } from './settings.ts';

/** Code read from the store is kept by its hash, so that the same array, with everything compiled for it, is found again. */
const CODE_CACHE_BYTES = 67_108_864;

/** Records of one page of a listing. */
const PAGE_RECORDS = 256;

/** Records that are put at a time when everything is replaced, and their bytes. */
const BATCH = { records: 1000, bytes: 1_048_576 } as const;

/** Longest wait for a step of replacing everything: some more than a statement of it may take. */
const REPLACE_MS = 605_000;

/** A worker's start, and the way there and back. */
const MARGIN_MS = 2000;

/**
 * State in a PostgreSQL database, for any number of processes on any number of machines. Every read of the present state is a round trip
 * to the server by way of a worker thread; what was read in a pinned view is kept, and known again as long as the version stays the same.
 *
 * Commits are safe with several writers: one that finds another one's commit since its last look is refused, as with LMDB.
 */
export class PostgresStore extends RecordReads implements StateStore {
  readonly kind = 'postgres';
  readonly name: string;
  readonly #isReadOnly: boolean;
  readonly #bridge: BlockingBridge<PostgresRequests>;
  readonly #code = new ModuleCache(CODE_CACHE_BYTES);
  readonly #cache = new ReadCache();
  readonly #commits: CommitKeeper;
  #lastView = 0;
  /** Number of the pinned view; 0 without one. */
  #pinned = 0;
  /** Number of the view of a listing that runs without a pinned one. */
  #listing = 0;

  /** @throws VmError CONFIG_INVALID, STATE_UNAVAILABLE, STATE_CORRUPT. */
  constructor(options: PostgresOptions) {
    super();
    const settings = postgresSettings(options);
    this.#isReadOnly = settings.readOnly;
    this.name = settings.name;
    this.#bridge = new BlockingBridge({
      file: new URL(import.meta.url.endsWith('.js') ? './worker.js' : './worker.ts', import.meta.url),
      setup: settings,
      timeoutMs: 2 * settings.timeoutMs + MARGIN_MS,
      name: `the state store at ${settings.name}`,
    });
    try {
      const version = this.#ask('open', { mustExist: options.mustExist ?? false });
      this.#commits = new CommitKeeper(this.name, version, (mark) => this.#ask('settle', mark));
    } catch (thrown) {
      void this.#bridge.close();
      throw thrown;
    }
  }

  getCode(address: Uint8Array): CodeRecord | undefined {
    const headKey = recordKey(KIND.codeHead, address);
    for (;;) {
      const headValue = this.valueAt(headKey);
      if (headValue === undefined) return undefined;
      const { hash, engine } = decodeCodeHead(headValue);
      const code = this.#codeOf(address, hash);
      if (code !== undefined) return { code, engine };
      // Without a view another process may have written between the two reads. The same head again has the wrong body.
      const again = this.#ask('get', { view: this.#view, key: headKey });
      if (again !== undefined && equalBytes(again, headValue)) {
        throw this.#corrupt("a contract's code that does not fit its hash", address);
      }
      if (this.#pinned !== 0) throw this.#corrupt('two heads of the same code in one view', address);
    }
  }

  accountExists(address: Uint8Array): boolean {
    return this.#cached('account', address, () => this.#ask('accountExists', { view: this.#view, address }));
  }

  balanceCount(address: Uint8Array): number {
    return this.#cached('balances', address, () => this.#ask('balanceCount', { view: this.#view, address }));
  }

  commit(changes: readonly StateChange[]): void {
    const records = commitRecords(changes);
    this.#write((mark) => this.#ask('commit', { ...mark, ...records }));
  }

  get isEmpty(): boolean {
    return this.#ask('list', { view: this.#view, after: undefined, limit: 1 }).length === 0;
  }

  *entries(): IterableIterator<StateEntry> {
    const decoder = new RecordDecoder();
    for (const record of this.records()) {
      const entry = decoder.decode(record);
      if (entry !== undefined) yield entry;
    }
  }

  /** Without a pinned view the listing has one of its own, and reads in its course show it, too. A commit breaks it off. */
  *records(): IterableIterator<StateRecord> {
    const isOwn = this.#view === 0;
    if (isOwn) {
      this.#listing = ++this.#lastView;
      this.#ask('pin', { view: this.#listing });
    }
    const view = this.#view;
    try {
      let after: Uint8Array | undefined;
      for (;;) {
        const page = this.#ask('list', { view, after, limit: PAGE_RECORDS });
        for (const { key, value } of page) {
          yield { key, value: value ?? this.#long(view, key) };
        }
        if (page.length < PAGE_RECORDS) return;
        after = page.at(-1)!.key;
      }
    } finally {
      if (isOwn && this.#listing === view) this.#endListing();
    }
  }

  replaceAll(records: Iterable<StateRecord>): void {
    this.#write((mark) => {
      const begun = this.#ask('replaceBegin', mark, REPLACE_MS);
      if (!begun.isKept) return begun;
      let isWhole = false;
      try {
        this.#putAll(records);
        isWhole = true;
      } finally {
        if (!isWhole) this.#bridge.post('replaceEnd', { isKept: false });
      }
      this.#ask('replaceEnd', { isKept: true }, REPLACE_MS);
      return begun;
    });
  }

  pin(): bigint {
    this.#listing = 0;
    this.#pinned = 0;
    const view = ++this.#lastView;
    const version = this.#ask('pin', { view });
    this.#pinned = view;
    this.#commits.version = version;
    this.#cache.useVersion(version);
    return version;
  }

  unpin(): void {
    if (this.#pinned === 0) return;
    // Nobody waits: the next request comes after it anyway.
    this.#bridge.post('unpin', { view: this.#pinned });
    this.#pinned = 0;
  }

  async close(): Promise<void> {
    this.#pinned = 0;
    await this.#bridge.close();
  }

  /** The view that reads are of; 0: the present state. */
  get #view(): number {
    return this.#pinned || this.#listing;
  }

  #ask<K extends keyof PostgresRequests>(
    name: K,
    ask: PostgresRequests[K]['ask'],
    timeoutMs?: number,
  ): PostgresRequests[K]['answer'] {
    return this.#bridge.call(name, ask, timeoutMs);
  }

  protected override valueAt(key: Uint8Array): Uint8Array | undefined {
    return this.#cached('record', key, () => this.#ask('get', { view: this.#view, key }));
  }

  /** Only what a pinned view shows is known to belong to a version. */
  #cached<T extends Cached>(what: string, key: Uint8Array, read: () => T): T {
    return this.#pinned === 0 ? read() : this.#cache.get(what, key, read);
  }

  /** Undefined when the body is not there or does not fit. */
  #codeOf(address: Uint8Array, codeHash: Uint8Array): Uint8Array | undefined {
    const misfit = new Error('misfit');
    try {
      return this.#code.getOrCreate({ engine: 'state', version: '', options: '', codeHash }, () => {
        const body = this.#ask('get', { view: this.#view, key: recordKey(KIND.codeBody, address) });
        if (body === undefined) throw misfit;
        const value = decodeCodeBody(body);
        // Compiled code is found by this hash, in memory and on disk: a false one would run another contract.
        if (!equalBytes(hashKey(value), codeHash)) throw misfit;
        rememberCodeHash(value, codeHash.slice());
        return { value, bytes: value.length };
      });
    } catch (thrown) {
      if (thrown === misfit) return undefined;
      throw thrown;
    }
  }

  #long(view: number, key: Uint8Array): Uint8Array {
    const value = this.#ask('get', { view, key });
    if (value === undefined) throw this.#corrupt('a record that is listed and not there');
    return value;
  }

  #endListing(): void {
    this.#bridge.post('unpin', { view: this.#listing });
    this.#listing = 0;
  }

  #putAll(records: Iterable<StateRecord>): void {
    const decoder = new RecordDecoder();
    let put: RawRecord[] = [];
    let bytes = 0;
    const send = (): void => {
      if (put.length > 0) this.#ask('replacePut', { put }, REPLACE_MS);
      put = [];
      bytes = 0;
    };
    for (const { key, value } of records) {
      decoder.decode({ key, value });
      put.push({ key, value: boundedValue(value) });
      bytes += key.length + value.length;
      if (put.length >= BATCH.records || bytes >= BATCH.bytes) send();
    }
    decoder.finish();
    send();
  }

  #write(work: (mark: CommitMark) => CommitAnswer): void {
    if (this.#isReadOnly) {
      throw new VmError('STATE_READ_ONLY', `the state store at ${this.name} was opened read-only.`);
    }
    // Whatever view is open, the worker ends it.
    this.#pinned = 0;
    this.#listing = 0;
    this.#commits.keep(work);
  }

  #corrupt(what: string, contract?: Uint8Array): VmError {
    return new VmError('STATE_CORRUPT', `the state store at ${this.name} holds ${what}.`, {
      ...(contract === undefined ? {} : { contract }),
    });
  }
}
