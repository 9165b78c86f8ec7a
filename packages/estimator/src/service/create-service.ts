import { VmError, type VmErrorCode } from '@switchyard/core';
import { openVersionReader, type StateOptions } from '@switchyard/state';
import { QueuedService } from './queued-service.ts';
import type { EstimatorService } from './service.ts';
import { WorkerPool } from './worker-pool.ts';
import type { WorkerSetup } from './worker-task.ts';

/** What a service is made of. */
export interface ServiceOptions {
  /** Where the workers get their parts from. */
  readonly setup: WorkerSetup;
  /** The state that they read; this thread asks for its version. */
  readonly state: StateOptions;
  readonly workers: number;
  readonly timeMs: number;
  readonly heapMb: number;
  readonly queue: number;
  readonly queuePerClient: number;
  readonly cacheBytes: number;
  /** By default the one of this package. */
  readonly workerFile?: URL;
}

/**
 * Starts the workers and waits until one has opened state and engines.
 * @throws VmError that keeps a worker from starting: STATE_*, PLUGIN_INVALID, CONFIG_INVALID and the like.
 */
export async function createService(options: ServiceOptions): Promise<EstimatorService> {
  const { setup, state, workers, timeMs, heapMb, queue, queuePerClient, cacheBytes } = options;
  const workerFile = options.workerFile ?? new URL('../worker/worker.js', import.meta.url);
  const pool = new WorkerPool({ setup, workerFile, size: workers, timeMs, heapMb });
  const versions = openVersionReader(state);
  try {
    await startWorkers(pool);
  } catch (thrown) {
    await pool.close();
    await versions.close();
    throw thrown;
  }
  return new QueuedService(pool, versions, cacheBytes, {
    queue,
    queuePerClient,
    responseBytes: setup.options.responseBytes,
    timeMs,
    heapMb,
  });
}

/** An empty task to each worker, so that the first requests find them open. */
async function startWorkers(pool: WorkerPool): Promise<void> {
  const first = await pool.run([]);
  if (first.kind === 'lost')
    throw new VmError('INTERNAL', `a worker has ended at its start: ${first.reason}.`);
  if ('failure' in first.result) {
    const { code, message, hint } = first.result.failure;
    throw new VmError(code as VmErrorCode, message, { hint });
  }
}
