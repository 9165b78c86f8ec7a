import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
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
    ? new Worker(loadSource(file), { ...options, eval: true })
    : new Worker(file, options);
  // Without a listener an error there would be one here. What it means for the caller, the caller finds out itself.
  worker.on('error', () => {});
  worker.on('exit', () => Atomics.store(signal, SIGNAL.ended, 1));
  worker.unref();
  port1.unref();
  return { port: port1, signal, worker };
}

/**
 * Run from sources, as tests are, the worker's file is TypeScript, which tsx loads. Node 20 takes no loader for a worker alone
 * (`execArgv` with `--import` leaves its `import` as it is), so the worker's first lines ask for it.
 */
function loadSource(file: URL): string {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api')).href;
  return `import('${tsx}').then(({ register }) => { register(); return import('${file.href}'); });`;
}
