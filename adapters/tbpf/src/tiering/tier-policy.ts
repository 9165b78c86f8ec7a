import type { ExecutionContext } from '@switchyard/core';
import type { Slot } from '../linear/slot.ts';
import type { TbpfOptions } from '../options.ts';
import type { CompileService } from './compile-service.ts';
import { inlineCompiler } from './inline-compiler.ts';
import { MOST_COMPILED_FRAMES, type TieredProgram } from './tiered-program.ts';

/** Least instructions in tier 0 before kept code is asked for. */
const LOOK_UP_LEAST = 50_000;

/**
 * And for each slot: what taking kept code over costs grows with the program, 0.3 µs a slot and compiling what runs (measured with 8,000
 * and 65,000 slots). That is about what tier 0 has cost by then; so programs that push each other's modules out of memory by turns run
 * about half as fast as in tier 0, at worst.
 */
const LOOK_UP_EACH_SLOT = 60;

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
      this.#prepare(program, slot);
      if (callDepth <= this.#mostCallDepth && program.runCompiled(slot, entryPc)) return 'compiled';
    }
    const { machine } = slot;
    machine.interpret();
    if (program.state === 'cold' && !program.isCompiling) this.#count(program, slot, machine.instructions);
    return 'interpreter';
  }

  #prepare(program: TieredProgram, slot: Slot): void {
    if (program.isCompiling) this.#service.poll();
    else if (program.state === 'cold') {
      if (program.mayBeKept && program.executed >= this.#lookUpAfter(program)) program.takeKept(slot);
      if (program.state === 'cold' && this.#tier === 'compiled') this.#service.start(program);
    } else if (program.wantsAgain) this.#service.start(program);
  }

  #lookUpAfter({ program }: TieredProgram): number {
    return this.#tier === 'compiled' ? 0 : Math.max(LOOK_UP_LEAST, program.length * LOOK_UP_EACH_SLOT);
  }

  #count(program: TieredProgram, slot: Slot, instructions: number): void {
    if (this.#tier !== 'auto') return;
    program.executed += instructions;
    if (program.executed < this.#service.threshold(program.program.length)) return;
    program.addProfile(slot);
    this.#service.start(program);
  }
}
