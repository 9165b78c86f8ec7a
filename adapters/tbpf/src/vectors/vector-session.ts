import type { EngineTier, VectorCase, VectorObservation } from '@switchyard/core';
import type { TbpfNativeError } from '../native-error.ts';
import {
  bytesField,
  misleadVector,
  type PreparedVector,
  prepareVector,
  profileVector,
  runPrepared,
} from './run-vector.ts';

/** Fields that say which program a vector runs, and what with. */
const PROGRAM_FIELDS = ['version', 'functions', 'syscalls', 'heap', 'config'];

/** What compiled code is made with: nothing, what a run on tier 0 has seen, or predictions that have nothing to do with the program. */
export type VectorProfile = 'none' | 'seen' | 'arbitrary';

/** Runs vectors in turn and keeps the last one's program, for the next vector if it has the same (by identity). */
export class VectorSession {
  #last: VectorCase | undefined;
  #prepared: PreparedVector | TbpfNativeError | undefined;
  readonly #tier: EngineTier;
  readonly #profile: VectorProfile;

  constructor(tier: EngineTier, profile: VectorProfile = 'none') {
    this.#tier = tier;
    this.#profile = profile;
  }

  /** @throws VmError VECTOR_INVALID naming the field. */
  run(vector: VectorCase): VectorObservation {
    return runPrepared(vector, this.#prepare(vector), this.#tier);
  }

  #prepare(vector: VectorCase): PreparedVector | TbpfNativeError {
    const prepared = this.#prepared;
    if (prepared !== undefined && this.#isLastProgram(vector)) {
      if ('stage' in prepared) return prepared;
      const input = bytesField(vector, 'input');
      return { ...prepared, gasLimit: vector.gasLimit, input, host: { log: [] } };
    }
    this.#last = vector;
    const next = prepareVector(vector);
    this.#prepared = next;
    if ('stage' in next) return next;
    if (this.#profile === 'seen' && next.config.enableInstructionMeter) profileVector(next);
    else if (this.#profile === 'arbitrary') misleadVector(next);
    return next;
  }

  #isLastProgram({ code, codeKind, fields }: VectorCase): boolean {
    const last = this.#last!;
    return (
      last.code === code &&
      last.codeKind === codeKind &&
      PROGRAM_FIELDS.every((field) => last.fields[field] === fields[field])
    );
  }
}
