import { readFileSync } from 'node:fs';
import { codeHash, DEFAULT_CONFIG, hexToBytes, type SwitchyardConfig } from '@switchyard/core';
import { containerModule as legacy } from '@switchyard/legacy/module';
import { containerModule as tbpf } from '@switchyard/tbpf/module';
import type { ResultOf } from '../api/methods.ts';
import { METHODS, type MethodName, type ParamsOf } from '../api/methods.ts';
import { createRuntime } from '../app/create-runtime.ts';
import type { FaultJson } from './fault.ts';
import { runJob } from './run-job.ts';
import type { Runtime } from './runtime.ts';

const contracts = new URL('../../../../fixtures/contracts/', import.meta.url);

/** An example contract as hexadecimal text: `counter`, or `legacy/counter`. */
export function contractHex(name: string): string {
  const file = name.startsWith('legacy/') ? `${name}.module` : `${name}/${name}.so`;
  return readFileSync(new URL(file, contracts)).toString('hex');
}

/** The address of a module that is called by its code. */
export function addressOfCode(hex: string): string {
  return Buffer.from(codeHash(hexToBytes(hex)!)).toString('hex');
}

/** A runtime over an empty state in memory, with both engines. */
export function runtimeOf(config: Partial<SwitchyardConfig> = {}, responseBytes = 4_194_304): Runtime {
  return createRuntime(
    { config: { ...DEFAULT_CONFIG, ...config }, modules: [tbpf, legacy] },
    { gas: undefined, responseBytes },
  );
}

/** Either part of an answer, read. */
export interface ReadAnswer<M extends MethodName> {
  readonly result: ResultOf<M> | undefined;
  readonly fault: FaultJson | undefined;
}

/** Runs a method as a worker does, with params that the schema has to let through, and holds the answer to the schema's. */
export function ask<M extends MethodName>(runtime: Runtime, method: M, params: ParamsOf<M>): ReadAnswer<M> {
  const checked = METHODS[method].params.parse(params);
  const answer = runJob(runtime, { method, params: checked } as Parameters<typeof runJob>[1]);
  const value: unknown = JSON.parse(answer.json);
  if (!answer.ok) return { result: undefined, fault: value as FaultJson };
  return { result: METHODS[method].result.parse(value) as ResultOf<M>, fault: undefined };
}
