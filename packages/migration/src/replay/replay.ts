import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { VmError } from '@switchyard/core';
import { AcceptedRules } from '../compare/accepted.ts';
import { type CallRecord, Comparison, type Divergence } from '../compare/comparison.ts';
import { compareStates } from '../compare/final-state.ts';
import { CONSTRUCTOR } from '../mapping/compile-mapping.ts';
import type { PerSide } from '../mapping/mapping.ts';
import { noCounts, type SideCounts } from '../observe/observe.ts';
import { accountNames } from '../report/account-names.ts';
import { assembleReport } from '../report/assemble-report.ts';
import { Listing } from '../report/listing.ts';
import { readReport } from '../report/read-report.ts';
import type { Report } from '../report/report.ts';
import type { Suite } from '../suite/suite.ts';
import type { CallSource, SourceCall, SourcePosition } from './call-source.ts';
import type { BatchAnswer, CallBatch, SessionSetup } from './messages.ts';
import type { ReplayOptions } from './replay-options.ts';
import { digestInputs, PROGRESS_FORMAT, type Progress } from './replay-progress.ts';
import { openHere, openSession, type SessionPort } from './session-port.ts';
import { KEPT_BATCHES } from './side-session.ts';
import { RecordFile, WorkFolder } from './work-folder.ts';

/** Calls in a message to a side. */
const BATCH_CALLS = 500;

/** Calls from checkpoint to checkpoint, unless the options say otherwise. */
const CHECKPOINT_CALLS = 20_000;

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
  readonly #opened: SessionPort[] = [];
  readonly #listing = new Listing();
  #first: Report['first'] = null;
  #checkpoint = 0;
  #position: SourcePosition = { line: 0, end: 0 };
  #done = 0;
  #sent = 0;
  #resumedAt = 0;
  #seen: PerSide<SideCounts> = { old: noCounts(), new: noCounts() };

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
    try {
      const sessions = await this.#open();
      await this.#begin(sessions);
      await this.#drain(sessions);
      const report = await this.#finish(sessions);
      this.#folder?.writeReport(JSON.stringify(report));
      return report;
    } finally {
      this.#records?.close();
      await Promise.all(this.#opened.map((session) => session.end()));
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
    if (report !== undefined) return readReport(folder.reportFile, report);
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
    this.#listing.restoreCorrupt(found.corrupt, found.corruptCount);
    this.#first = found.first;
  }

  /** Reads the records of the listed calls and divergences back. */
  async #reload(path: string): Promise<void> {
    const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
    for await (const line of lines) {
      // Most records are plain, and only the first of them are listed.
      if (this.#listing.isFullOfCalls && !line.includes('"differences":')) continue;
      this.#listing.add(JSON.parse(line) as CallRecord | Divergence);
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
    const old = await open(setup('old'));
    this.#opened.push(old);
    const fresh = await open(setup('new'));
    this.#opened.push(fresh);
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
        this.#listing.addCorrupt({ line: sources[i]!.line, reason });
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
      different: this.#listing.different,
      corrupt: this.#listing.corruptCount,
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
    this.#listing.add(record);
    return record;
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
      corrupt: this.#listing.corrupt,
      corruptCount: this.#listing.corruptCount,
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
      listing: this.#listing,
      finalState: { lines: old.digest.lines, differences },
      first: this.#first,
    });
  }
}
