import { toVmError } from '@switchyard/core';
import { workerData } from 'piscina';
import { openApp } from '../app/open-app.ts';
import { type BatchResult, runBatch, type VectorBatch } from './run-batch.ts';

/** What a worker is started with. */
export interface WorkerSetup {
  readonly configFile: string | undefined;
}

/** A VmError does not survive the way between threads as one, so it goes as data. */
export interface BatchFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const setup = workerData as WorkerSetup;
const app = openApp({ configFile: setup.configFile, state: { kind: 'memory' } });

/** Runs one batch in a worker thread. */
export default async function work(batch: VectorBatch): Promise<BatchResult | BatchFailure> {
  try {
    const { tools } = await app;
    return runBatch(batch, tools);
  } catch (thrown) {
    const { code, message, hint } = toVmError(thrown);
    return { code, message, hint };
  }
}
