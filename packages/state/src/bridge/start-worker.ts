import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { type BridgeWorkerData, SIGNAL } from './protocol.ts';

/** A worker and the caller's end of the line to it. */
export interface BridgeWorker {
  readonly port: MessagePort;
  readonly signal: Int32Array<SharedArrayBuffer>;
  readonly worker: Worker;
}

/** Starts a worker that calls `serveBridge`. It does not keep the process alive. */
export function startWorker(file: URL, setup: unknown): BridgeWorker {
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(SIGNAL.length * Int32Array.BYTES_PER_ELEMENT));
  const options = {
    workerData: { port: port2, signal, setup } satisfies BridgeWorkerData,
    transferList: [port2],
  };
  const worker = file.pathname.endsWith('.ts')
    ? new Worker(loadSource(file), {
        ...options,
        eval: true,
        // Not the process's: a test runner's conditions have packages resolved as it needs it, CommonJS ones wrongly.
        execArgv: [],
      })
    : new Worker(file, options);
  // Without a listener an error there would be one here. What it means for the caller, the caller finds out itself.
  worker.on('error', () => {});
  worker.on('exit', () => Atomics.store(signal, SIGNAL.ended, 1));
  worker.unref();
  port1.unref();
  return { port: port1, signal, worker };
}

/** Run from sources, as tests are, the worker's file is TypeScript, which tsx loads: its loader of CommonJS needs no thread of its own. */
function loadSource(file: URL): string {
  const tsx = createRequire(import.meta.url).resolve('tsx/cjs/api');
  return `require(${JSON.stringify(tsx)}).register(); require(${JSON.stringify(fileURLToPath(file))});`;
}
