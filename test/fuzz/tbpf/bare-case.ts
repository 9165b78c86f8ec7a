import { bytesToHex, type JsonValue, type VectorCase } from '@switchyard/core';
import type { TbpfVersion } from '../../../adapters/tbpf/src/isa/version.ts';
import type { BareKind } from './profile.ts';

/** One run of a bare program. */
export interface BareRun {
  readonly gasLimit: bigint;
  readonly input: Uint8Array;
}

/** A bare program and the runs that are made of it, one after another on one machine of each tier. */
export interface BareCase {
  readonly id: string;
  readonly kind: BareKind;
  readonly version: TbpfVersion;
  readonly text: Uint8Array;
  readonly functions: readonly (readonly [key: number, pc: number])[];
  readonly syscalls: readonly string[];
  readonly heap: number;
  readonly config: Readonly<Record<string, boolean | number>>;
  readonly runs: readonly BareRun[];
  /** Makes the last run so many times more on the tiers other than the reference, so that they get warm. */
  readonly repeats: number;
}

/** Above this memory is compared by its hash: writing out as much would take longer than the run. */
const SPELLED_OUT = 4096;

/** A run as a vector; without expectations but for the form of the memory. */
export function vectorOf(program: BareCase, { gasLimit, input }: BareRun): VectorCase {
  const { id, version, text, functions, syscalls, heap, config } = program;
  const fields: Record<string, JsonValue> = {
    version: `v${version}`,
    functions,
    syscalls,
    heap,
    config,
    input: bytesToHex(input),
  };
  const form: Record<string, JsonValue> = { inputAfter: '', inputAfterInterpreter: '' };
  if (heap <= SPELLED_OUT) form['heapAfter'] = '';
  return { id, engine: 'tbpf', code: text, codeKind: 'text', gasLimit, fields, expect: form };
}
