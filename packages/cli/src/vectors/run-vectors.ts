import { availableParallelism } from 'node:os';
import { type EngineTier, VmError, type VmErrorCode } from '@switchyard/core';
import { openApp } from '../app/open-app.ts';
import { batchesOf } from './batches.ts';
import { type BatchResult, runBatch, type VectorBatch } from './run-batch.ts';
import type { BatchFailure, WorkerSetup } from './worker.ts';

/** How to run vectors. */
export interface VectorRunOptions {
  /** Default: reference. */
  readonly tier?: EngineTier;
  /** Worker threads; 0 runs in this thread. Default: one for each core. */
  readonly jobs?: number;
  readonly configFile?: string | undefined;
  /** Called with each result line, in the order of the input. What it returns is awaited, so a slow reader slows the run. */
  readonly onResult?: (line: string) => void | Promise<void>;
  /** Called after each batch. */
  readonly onProgress?: (summary: VectorSummary) => void;
}

/** What came of it all. */
export interface VectorSummary {
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  /** Vectors without any expectation. */
  readonly notCompared: number;
  /** Ids of the first failed vectors. */
  readonly failedIds: readonly string[];
}

const MOST_FAILED_IDS = 20;

/**
 * Runs the vectors of `.jsonl` and `.jsonl.gz` files, or of standard input for `-`. Memory is bounded by a few batches, however long
 * the files are.
 * @throws VmError VECTOR_INVALID, FILE_UNREADABLE, ENGINE_UNKNOWN, UNSUPPORTED; results before the bad line have been given.
 */
export async function runVectors(
  files: readonly string[],
  options: VectorRunOptions = {},
): Promise<VectorSummary> {
  const jobs = options.jobs ?? availableParallelism();
  const batches = batchesOf(files, options.tier ?? 'reference');
  const { run, close } = jobs === 0 ? await inThisThread(options) : await inWorkers(jobs, options);
  try {
    return await drain(batches, run, Math.max(1, jobs * 2), options);
  } finally {
    await close();
  }
}

interface BatchRunner {
  readonly run: (batch: VectorBatch) => Promise<BatchResult>;
  readonly close: () => Promise<void>;
}

async function inThisThread(options: VectorRunOptions): Promise<BatchRunner> {
  const app = await openApp({ configFile: options.configFile, state: { kind: 'memory' } });
  return {
    run: async (batch) => runBatch(batch, app.tools),
    close: () => app.close(),
  };
}

async function inWorkers(jobs: number, options: VectorRunOptions): Promise<BatchRunner> {
  const { Piscina } = await import('piscina');
  const setup: WorkerSetup = { configFile: options.configFile };
  const pool = new Piscina({
    filename: new URL('./worker.js', import.meta.url).href,
    minThreads: 1,
    maxThreads: jobs,
    // Without it piscina ends a thread that waits for the next batch, and a new one loads for half a second.
    idleTimeout: 60_000,
    workerData: setup,
  });
  return {
    async run(batch) {
      const result = (await pool.run(batch)) as BatchResult | BatchFailure;
      if ('lines' in result) return result;
      throw new VmError(result.code as VmErrorCode, result.message, { hint: result.hint });
    },
    close: () => pool.destroy(),
  };
}

/** Keeps at most `ahead` batches under way, and gives their results in order. */
async function drain(
  batches: AsyncGenerator<VectorBatch>,
  run: BatchRunner['run'],
  ahead: number,
  { onResult, onProgress }: VectorRunOptions,
): Promise<VectorSummary> {
  const pending: Promise<BatchResult>[] = [];
  let summary: VectorSummary = { total: 0, passed: 0, failed: 0, notCompared: 0, failedIds: [] };
  const takeFirst = async (): Promise<void> => {
    const result = await pending.shift()!;
    summary = {
      total: summary.total + result.lines.length,
      passed: summary.passed + result.passed,
      failed: summary.failed + result.failed,
      notCompared: summary.notCompared + result.notCompared,
      failedIds: [...summary.failedIds, ...result.failedIds].slice(0, MOST_FAILED_IDS),
    };
    for (const line of result.lines) await onResult?.(line);
    onProgress?.(summary);
  };
  try {
    for await (const batch of batches) {
      const result = run(batch);
      // It may fail while an earlier one is waited for; its own turn comes later.
      result.catch(() => undefined);
      pending.push(result);
      if (pending.length >= ahead) await takeFirst();
    }
    while (pending.length > 0) await takeFirst();
  } finally {
    // After a failure the others' failures are of no interest, but they may not go unhandled either.
    await Promise.allSettled(pending);
  }
  return summary;
}
