import type { ExecutionContext } from '@switchyard/core';
import type { Slot } from '../linear/slot.ts';
import type { TbpfOptions } from '../options.ts';
import type { CompileService } from './compile-service.ts';
import { inlineCompiler } from './inline-compiler.ts';
import { MOST_COMPILED_FRAMES, type TieredProgram } from './tiered-program.ts';

/** Decides for each run between tier 0 and compiled code, and has programs compiled that are worth it. */
export class TierPolicy {
  readonly #tier: TbpfOptions['tier'];
  readonly #service: CompileService;
  /** A contract call nested deeper than this runs in tier 0, which needs no stack of the host for its frames. */
  readonly #mostCallDepth: number;

  constructor({ tier, maxFrames }: TbpfOptions, service: CompileService) {
    this.#tier = tier;
    this.#service = tier === 'compiled' ? inlineCompiler : service;
    this.#mostCallDepth = Math.floor(MOST_COMPILED_FRAMES / maxFrames) - 1;
  }

  /** Runs on a slot that has begun. @returns the tier that ran. */
  run(
    program: TieredProgram,
    slot: Slot,
    entryPc: number,
    { callDepth }: ExecutionContext,
  ): 'interpreter' | 'compiled' {
    if (this.#tier !== 'interpreter') {
      this.#prepare(program);
      if (callDepth <= this.#mostCallDepth && program.runCompiled(slot, entryPc)) return 'compiled';
    }
    const { machine } = slot;
    machine.interpret();
    if (program.state === 'cold' && !program.isCompiling) this.#count(program, slot, machine.instructions);
    return 'interpreter';
  }

  #prepare(program: TieredProgram): void {
    if (program.isCompiling) this.#service.poll();
    else if (program.state === 'cold' && this.#tier === 'compiled') this.#service.start(program);
    else if (program.wantsAgain) this.#service.start(program);
  }

  #count(program: TieredProgram, slot: Slot, instructions: number): void {
    if (this.#tier !== 'auto') return;
    program.executed += instructions;
    if (program.executed < this.#service.threshold(program.program.length)) return;
    program.addProfile(slot);
    this.#service.start(program);
  }
}
