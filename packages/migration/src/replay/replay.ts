import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { stableJson, VmError } from '@switchyard/core';
import { type AcceptedRule, AcceptedRules } from '../compare/accepted.ts';
import { type CallRecord, Comparison, type Divergence } from '../compare/comparison.ts';
import { compareStates } from '../compare/final-state.ts';
import { CONSTRUCTOR } from '../mapping/compile-mapping.ts';
import type { PerSide } from '../mapping/mapping.ts';
import type { SlotCounts } from '../observe/observe.ts';
import { accountNames } from '../report/account-names.ts';
import { assembleReport, plainRecord } from '../report/assemble-report.ts';
import { type CorruptLine, LISTED_CALLS, LISTED_DIVERGENCES, type Report } from '../report/report.ts';
import type { Suite } from '../suite/suite.ts';
import type { CallSource, SourceCall, SourcePosition } from './call-source.ts';
import type { BatchAnswer, CallBatch, SessionSetup } from './messages.ts';
import { openHere, openSession, type SessionPort } from './session-port.ts';
import { KEPT_BATCHES } from './side-session.ts';
import { RecordFile, WorkFolder } from './work-folder.ts';

/** How to replay. */
export interface ReplayOptions {
  /** Engines: URLs or package names of modules with a container module. */
  readonly engines: readonly string[];
  readonly accepted?: readonly AcceptedRule[];
  /** The day on which rules expire or not, such as `2026-11-21`. */
  readonly today: string;
  /** Folder for what must survive a kill, and for the result. Absent: nothing is kept, and the replay can't be resumed. */
  readonly folder?: string;
  /** Begin anew, whatever the folder holds. */
  readonly restart?: boolean;
  /** Calls from checkpoint to checkpoint, at least; default 20,000, about a second at full speed. */
  readonly checkpointCalls?: number;
  /** One worker a side (the default), or both in this thread. */
  readonly threads?: 'workers' | 'here';
  /** Told after each batch. */
  readonly onProgress?: (progress: ReplayProgress) => void;
}

/** How far a replay is. */
export interface ReplayProgress {
  readonly calls: number;
  readonly different: number;
  readonly corrupt: number;
  /** Calls that were done before, when the replay goes on where a killed one ended. */
  readonly resumedAt: number;
}

/** Calls in a message to a side. */
const BATCH_CALLS = 500;

const CHECKPOINT_CALLS = 20_000;

/** Corrupt lines that a report names; the rest is counted. */
const LISTED_CORRUPT = 1000;

const PROGRESS_FORMAT = 'switchyard-migration-progress/1';

/** What a checkpoint keeps beside the sides' stores and the records. Plain JSON. */
interface Progress {
  readonly format: typeof PROGRESS_FORMAT;
  /** Digest of all that the result depends on but the calls' number. */
  readonly inputs: string;
  readonly checkpoint: number;
  readonly position: SourcePosition;
  readonly calls: number;
  readonly recordsLength: number;
  readonly comparison: unknown;
  readonly seen: PerSide<SlotCounts>;
  readonly corrupt: readonly CorruptLine[];
  readonly corruptCount: number;
  readonly first: Report['first'];
}

/**
 * Runs the calls of a source on both sides, one worker a side, and compares call by call. With a folder, a replay that was killed goes on
 * from its last checkpoint, and ends with the same report, byte for byte. Memory doesn't grow with the number of calls.
 * @throws VmError SUITE_INVALID, FILE_UNREADABLE, JOURNAL_INVALID (the folder is of other inputs), or what keeps a side from being deployed.
 */
export async function replay(suite: Suite, source: CallSource, options: ReplayOptions): Promise<Report> {
  const run = new Replay(suite, source, options);
  return await run.run();
}

interface PendingBatch {
  readonly batch: CallBatch;
  readonly sources: readonly SourceCall[];
  readonly answers: Promise<readonly [BatchAnswer, BatchAnswer]>;
}

class Replay {
  readonly #suite: Suite;
  readonly #source: CallSource;
  readonly #options: ReplayOptions;
  readonly #rules: AcceptedRules;
  readonly #comparison: Comparison;
  readonly #inputs: string;
  readonly #folder: WorkFolder | undefined;
  #records: RecordFile | undefined;
  #calls: CallRecord[] = [];
  #divergences: Divergence[] = [];
  #corrupt: CorruptLine[] = [];
  #corruptCount = 0;
  #different = 0;
  #first: Report['first'] = null;
  #checkpoint = 0;
  #position: SourcePosition = { line: 0, end: 0 };
  #done = 0;
  #sent = 0;
  #resumedAt = 0;
  #seen: PerSide<SlotCounts> = { old: { own: {}, unmapped: 0 }, new: { own: {}, unmapped: 0 } };

  constructor(suite: Suite, source: CallSource, options: ReplayOptions) {
    this.#suite = suite;
    this.#source = source;
    this.#options = options;
    this.#rules = new AcceptedRules(options.accepted ?? [], options.today, accountNames(suite));
    this.#comparison = new Comparison(this.#rules, suite.gas);
    this.#inputs = digestInputs(suite, source, options);
    this.#folder = options.folder === undefined ? undefined : new WorkFolder(options.folder);
  }

  async run(): Promise<Report> {
    const finished = await this.#resume();
    if (finished !== undefined) return finished;
    const sessions = await this.#open();
    try {
      await this.#begin(sessions);
      await this.#drain(sessions);
      const report = await this.#finish(sessions);
      this.#folder?.writeReport(JSON.stringify(report));
      return report;
    } finally {
      this.#records?.close();
      await Promise.all([sessions.old.end(), sessions.new.end()]);
    }
  }

  /** Takes up what the folder holds. @returns the report when the replay had ended. */
  async #resume(): Promise<Report | undefined> {
    const folder = this.#folder;
    if (folder === undefined) return undefined;
    if (this.#options.restart === true) folder.clear();
    const found = folder.readProgress() as Progress | undefined;
    if (found === undefined) folder.clear();
    else this.#restore(found);
    const report = folder.readReport();
    if (report !== undefined) return JSON.parse(report) as Report;
    this.#records = new RecordFile(folder.recordsFile, found?.recordsLength ?? 0);
    if (found !== undefined) await this.#reload(folder.recordsFile);
    return undefined;
  }

  #restore(found: Progress): void {
    if (found.format !== PROGRESS_FORMAT || found.inputs !== this.#inputs || this.#source.identity === '') {
      throw new VmError('JOURNAL_INVALID', `${this.#folder!.path} belongs to another replay.`);
    }
    this.#comparison.restore(found.comparison);
    this.#checkpoint = found.checkpoint;
    this.#position = found.position;
    this.#done = found.calls;
    this.#sent = found.calls;
    this.#resumedAt = found.calls;
    this.#seen = found.seen;
    this.#corrupt = [...found.corrupt];
    this.#corruptCount = found.corruptCount;
    this.#first = found.first;
  }

  /** Reads the records of the listed calls and divergences back. */
  async #reload(path: string): Promise<void> {
    const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
    for await (const line of lines) {
      // Most records are plain, and only the first of them are listed.
      if (this.#calls.length >= LISTED_CALLS && !line.includes('"differences":')) continue;
      this.#list(JSON.parse(line) as CallRecord | Divergence);
    }
  }

  async #open(): Promise<PerSide<SessionPort>> {
    const open = this.#options.threads === 'here' ? openHere : openSession;
    const setup = (side: 'old' | 'new'): SessionSetup => ({
      suite: this.#suite,
      side,
      engines: this.#options.engines,
      storePath: this.#folder?.store(side),
      checkpoint: this.#checkpoint,
      seen: this.#seen[side],
    });
    const [old, fresh] = await Promise.all([open(setup('old')), open(setup('new'))]);
    return { old, new: fresh };
  }

  async #begin(sessions: PerSide<SessionPort>): Promise<void> {
    const [old, fresh] = await Promise.all([
      sessions.old.ask({ kind: 'begin' }),
      sessions.new.ask({ kind: 'begin' }),
    ]);
    if (old.answer === null || fresh.answer === null) return;
    const record = this.#compareAt(0, 0, old.answer, fresh.answer, CONSTRUCTOR);
    if (record.verdict === 'different' && this.#first === null && 'differences' in record) {
      const nothing = { trace: [], traceSkipped: 0, stateBefore: [] };
      this.#first = { call: record, detail: { old: nothing, new: nothing } };
    }
  }

  /** Reads calls, keeps both sides busy with a few batches ahead, and saves checkpoints. */
  async #drain(sessions: PerSide<SessionPort>): Promise<void> {
    const every = this.#options.checkpointCalls ?? CHECKPOINT_CALLS;
    const pending: PendingBatch[] = [];
    let gathered: SourceCall[] = [];
    let sinceCheckpoint = 0;
    const send = (): void => {
      if (gathered.length === 0) return;
      pending.push(this.#send(sessions, gathered));
      sinceCheckpoint += gathered.length;
      gathered = [];
    };
    try {
      for await (const call of this.#source.read(this.#position)) {
        gathered.push(call);
        if (gathered.length < BATCH_CALLS) continue;
        send();
        if (pending.length >= KEPT_BATCHES) await this.#take(sessions, pending.shift()!);
        if (sinceCheckpoint < every || this.#folder === undefined) continue;
        while (pending.length > 0) await this.#take(sessions, pending.shift()!);
        await this.#save(sessions);
        sinceCheckpoint = 0;
      }
      send();
      while (pending.length > 0) await this.#take(sessions, pending.shift()!);
    } finally {
      // After a failure the others' failures are of no interest, but they may not go unhandled either.
      await Promise.allSettled(pending.map(({ answers }) => answers));
    }
  }

  #send(sessions: PerSide<SessionPort>, sources: readonly SourceCall[]): PendingBatch {
    const batch: CallBatch = { first: this.#sent + 1, calls: sources.map(({ call }) => call) };
    this.#sent += sources.length;
    const answers = Promise.all([
      sessions.old.ask({ kind: 'run', batch }),
      sessions.new.ask({ kind: 'run', batch }),
    ]);
    // It may fail while an earlier one is waited for; its own turn comes later.
    answers.catch(() => undefined);
    return { batch, sources, answers };
  }

  async #take(sessions: PerSide<SessionPort>, { batch, sources, answers }: PendingBatch): Promise<void> {
    const [old, fresh] = await answers;
    const corrupt = new Map(old.corrupt);
    let first: Divergence | undefined;
    for (let i = 0; i < batch.calls.length; i++) {
      const reason = corrupt.get(i);
      if (reason !== undefined) {
        this.#corruptCount++;
        if (this.#corrupt.length < LISTED_CORRUPT) this.#corrupt.push({ line: sources[i]!.line, reason });
        continue;
      }
      const record = this.#compareAt(batch.first + i, i, old, fresh, old.entries[i]!);
      if (record.verdict === 'different' && 'differences' in record) first ??= record;
    }
    this.#done = batch.first + batch.calls.length - 1;
    this.#position = sources[sources.length - 1]!.next;
    if (first !== undefined && this.#first === null) {
      const [left, right] = await Promise.all([
        sessions.old.ask({ kind: 'detail', index: first.index }),
        sessions.new.ask({ kind: 'detail', index: first.index }),
      ]);
      this.#first = { call: first, detail: { old: left, new: right } };
    }
    this.#options.onProgress?.({
      calls: this.#done,
      different: this.#different,
      corrupt: this.#corruptCount,
      resumedAt: this.#resumedAt,
    });
  }

  #compareAt(
    index: number,
    at: number,
    old: BatchAnswer,
    fresh: BatchAnswer,
    entry: string,
  ): CallRecord | Divergence {
    const record = this.#comparison.add(
      { index, entry, args: old.args[at]! },
      { text: old.texts[at]!, gas: old.gas[at]!, notes: old.notes[at]! },
      { text: fresh.texts[at]!, gas: fresh.gas[at]!, notes: fresh.notes[at]! },
    );
    this.#records?.add(record);
    this.#list(record);
    return record;
  }

  #list(record: CallRecord | Divergence): void {
    if (record.verdict === 'different') this.#different++;
    if (this.#calls.length < LISTED_CALLS) this.#calls.push(plainRecord(record));
    if ('differences' in record && this.#divergences.length < LISTED_DIVERGENCES)
      this.#divergences.push(record);
  }

  async #save(sessions: PerSide<SessionPort>): Promise<void> {
    const recordsLength = this.#records!.sync();
    const [old, fresh] = await Promise.all([
      sessions.old.ask({ kind: 'checkpoint' }),
      sessions.new.ask({ kind: 'checkpoint' }),
    ]);
    this.#seen = { old, new: fresh };
    this.#checkpoint++;
    this.#folder!.writeProgress({
      format: PROGRESS_FORMAT,
      inputs: this.#inputs,
      checkpoint: this.#checkpoint,
      position: this.#position,
      calls: this.#done,
      recordsLength,
      comparison: this.#comparison.toJSON(),
      seen: this.#seen,
      corrupt: this.#corrupt,
      corruptCount: this.#corruptCount,
      first: this.#first,
    } satisfies Progress);
  }

  async #finish(sessions: PerSide<SessionPort>): Promise<Report> {
    const [old, fresh] = await Promise.all([
      sessions.old.ask({ kind: 'summary' }),
      sessions.new.ask({ kind: 'summary' }),
    ]);
    const isEqual = old.digest.sum === fresh.digest.sum && old.digest.lines === fresh.digest.lines;
    const differences = isEqual
      ? []
      : compareStates(await sessions.old.ask({ kind: 'state' }), await sessions.new.ask({ kind: 'state' }));
    if (this.#folder !== undefined) await this.#save(sessions);
    await Promise.all([sessions.old.ask({ kind: 'close' }), sessions.new.ask({ kind: 'close' })]);
    return assembleReport({
      suite: this.#suite,
      input: this.#source.name,
      sides: { old, new: fresh },
      comparison: this.#comparison,
      rules: this.#rules,
      accepted: this.#options.accepted ?? [],
      calls: this.#calls,
      divergences: this.#divergences,
      corrupt: this.#corrupt,
      corruptCount: this.#corruptCount,
      finalState: { lines: old.digest.lines, differences },
      first: this.#first,
    });
  }
}

function digestInputs(suite: Suite, source: CallSource, options: ReplayOptions): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([suite, options.accepted ?? [], options.today], plain));
  hash.update(stableJson({ source: source.identity, name: source.name }));
  return hash.digest('hex');
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}`;
  if (value instanceof Map) return [...value];
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}
