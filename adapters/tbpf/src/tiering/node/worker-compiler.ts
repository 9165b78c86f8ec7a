/// <reference types="node" />
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { WasmModule } from '../../linear/web-assembly.ts';
import type { CompileService } from '../compile-service.ts';
import { inlineCompiler } from '../inline-compiler.ts';
import type { TieredProgram } from '../tiered-program.ts';
import type { CompileAnswer, CompileRequest } from './compile-worker.ts';

/** Least instructions in tier 0 before the worker is asked: some 4 ms of it, as long as the caller's part of a compilation takes. */
const LEAST = 500_000;

/** And for each slot: what the caller pays, taking the module over and compiling what runs, grows with the program. */
const EACH_SLOT = 60;

/** Programs that wait at one time; further ones are asked for again when they run. */
const MOST_WAITING = 32;

/** Memory of the worker, in MiB: a program of 1 MiB takes some 50. */
const WORKER_MIB = 256;

/** Run from TypeScript sources there is no file that a worker could run. */
const HAS_WORKER_FILE = import.meta.url.endsWith('.js');

/**
 * Compiles in one thread beside the host's, which starts with the first program that is worth it and never keeps the process alive.
 * Answers are taken when a run asks for them, without an event loop: a host that calls contracts in a row gets them too.
 */
class WorkerCompiler implements CompileService {
  readonly #waiting = new Map<number, TieredProgram>();
  #port: MessagePort | undefined;
  #lastId = 0;
  #isBroken = !HAS_WORKER_FILE;

  threshold(slots: number): number {
    return this.#isBroken ? inlineCompiler.threshold(slots) : Math.max(LEAST, slots * EACH_SLOT);
  }

  start(program: TieredProgram): void {
    if (this.#isBroken) {
      inlineCompiler.start(program);
      return;
    }
    if (this.#waiting.size >= MOST_WAITING) return;
    this.#port ??= this.#startWorker();
    const id = ++this.#lastId;
    this.#waiting.set(id, program);
    this.#port.postMessage({ id, input: program.beginCompiling() } satisfies CompileRequest);
  }

  poll(): void {
    if (this.#port === undefined) return;
    for (;;) {
      const received = receiveMessageOnPort(this.#port);
      if (received === undefined) return;
      const { id, compiled, module, milliseconds } = received.message as CompileAnswer;
      this.#waiting.get(id)?.accept(compiled, { module: module as WasmModule | undefined, milliseconds });
      this.#waiting.delete(id);
    }
  }

  #startWorker(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(new URL(import.meta.resolve('#compile-worker')), {
      workerData: { port: port2 },
      transferList: [port2],
      resourceLimits: { maxOldGenerationSizeMb: WORKER_MIB },
    });
    worker.unref();
    port1.unref();
    const giveUp = (): void => {
      this.#isBroken = true;
      this.#port = undefined;
      for (const program of this.#waiting.values()) program.giveUp();
      this.#waiting.clear();
    };
    // It ended by itself: out of memory, or the host does not allow workers. What waits goes on in tier 0.
    worker.on('error', giveUp);
    worker.on('exit', giveUp);
    return port1;
  }
}

/** The process's compile worker. */
export const compileService: CompileService = new WorkerCompiler();
