import { randomUUID } from 'node:crypto';
import { type StateChange, VmError } from '@switchyard/core';
import { encodeChange, type RecordChange } from '../encode-change.ts';
import type { CommitAnswer, CommitMark, PostgresRequests, RawRecord } from './requests.ts';
import { LONGEST_VALUE } from './statements.ts';

/** What a commit puts and removes. */
export interface CommitRecords {
  readonly put: readonly RawRecord[];
  readonly removed: readonly Uint8Array[];
}

/** The records that changes put and remove. One that is changed twice is written once: the last change holds. @throws VmError LIMIT_EXCEEDED. */
export function commitRecords(changes: readonly StateChange[]): CommitRecords {
  const records = new Map<string, RecordChange>();
  for (const change of changes) {
    for (const record of encodeChange(change))
      records.set(Buffer.from(record.key).toString('latin1'), record);
  }
  const put: RawRecord[] = [];
  const removed: Uint8Array[] = [];
  for (const { key, value } of records.values()) {
    if (value === undefined) removed.push(key);
    else put.push({ key, value: boundedValue(value) });
  }
  return { put, removed };
}

/** The value, if it is not too long to be kept. @throws VmError LIMIT_EXCEEDED. */
export function boundedValue(value: Uint8Array): Uint8Array {
  if (value.length <= LONGEST_VALUE) return value;
  throw new VmError(
    'LIMIT_EXCEEDED',
    `a value of ${value.length} bytes; PostgreSQL stores take ${LONGEST_VALUE}.`,
  );
}

/** Makes commits, and finds out what became of one whose answer was lost. */
export class CommitKeeper {
  readonly #name: string;
  readonly #settle: (mark: CommitMark) => PostgresRequests['settle']['answer'];
  /** Version that the next commit builds on. */
  version: bigint;

  /** @param settle asks the database; see `PostgresRequests`. */
  constructor(
    name: string,
    version: bigint,
    settle: (mark: CommitMark) => PostgresRequests['settle']['answer'],
  ) {
    this.#name = name;
    this.version = version;
    this.#settle = settle;
  }

  /** @throws VmError STATE_UNAVAILABLE when another process was faster, or the database cannot be reached. */
  keep(work: (mark: CommitMark) => CommitAnswer): void {
    const mark = { base: this.version, token: randomUUID() };
    let answer: CommitAnswer;
    try {
      answer = work(mark);
    } catch (thrown) {
      if (!mayHaveArrived(thrown)) throw thrown;
      answer = this.#find(mark, thrown);
    }
    this.version = answer.version;
    if (answer.isKept) return;
    throw new VmError(
      'STATE_UNAVAILABLE',
      `another process has written to the state store at ${this.#name}; this call is not kept.`,
      { details: { retryable: 'true' }, hint: 'Calling again starts from the present state.' },
    );
  }

  #find(mark: CommitMark, lost: VmError): CommitAnswer {
    let found: PostgresRequests['settle']['answer'];
    try {
      found = this.#settle(mark);
    } catch {
      throw this.#unknown(lost);
    }
    const { isKept, version } = found;
    this.version = version;
    if (isKept === undefined) throw this.#unknown(lost);
    if (!isKept) throw lost;
    return { isKept, version };
  }

  #unknown(cause: VmError): VmError {
    return new VmError(
      'STATE_UNAVAILABLE',
      `the connection to the state store at ${this.#name} was lost while a call was being kept, and it is not known whether it was.`,
      {
        details: { retryable: 'false' },
        hint: 'Look at the state before the call is made again.',
        cause,
      },
    );
  }
}

/** Whether a commit may have been made although an error came back. */
function mayHaveArrived(thrown: unknown): thrown is VmError {
  return (
    thrown instanceof VmError &&
    thrown.code === 'STATE_UNAVAILABLE' &&
    thrown.details['retryable'] === 'true' &&
    thrown.details['connected'] !== 'false'
  );
}
