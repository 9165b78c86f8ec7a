/// <reference types="node" />
import { type MessagePort, workerData } from 'node:worker_threads';
import { compileProgram } from '../../compiler/compile.ts';
import type { CompilerInput } from '../../compiler/input.ts';
import { webAssembly } from '../../linear/web-assembly.ts';
import { now } from '../clock.ts';

/** What the worker is asked: one program. */
export interface CompileRequest {
  readonly id: number;
  readonly input: CompilerInput;
}

/** And what it answers; `compiled` undefined: the program is not worth it. Modules cross threads with their machine code. */
export interface CompileAnswer {
  readonly id: number;
  readonly compiled: ReturnType<typeof compileProgram>;
  readonly module: object | undefined;
  readonly milliseconds: number;
}

// Runs as a thread of its own: takes programs from the port that it was given, one after another.
const { port } = workerData as { readonly port: MessagePort };
port.on('message', ({ id, input }: CompileRequest) => {
  const begin = now();
  const compiled = compileProgram(input);
  const api = webAssembly();
  const module = compiled === undefined || api === undefined ? undefined : new api.Module(compiled.bytes);
  port.postMessage({ id, compiled, module, milliseconds: now() - begin } satisfies CompileAnswer);
});
