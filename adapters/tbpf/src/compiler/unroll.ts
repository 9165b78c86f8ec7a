import { Terminator } from '@switchyard/wasm-builder';
import { slotsOf } from './blocks.ts';
import type { CompilerContext } from './context.ts';
import type { TbpfFunction } from './functions.ts';
import { FORM, Form } from './steps.ts';

/** Rounds of an unrolled loop, and the most instructions that they may have together. */
const ROUNDS = 4;
const MOST_UNROLLED = 32;
/** In a function of more loops, V8's compiler would take too long over all their rounds. */
export const MOST_LOOPS_TO_UNROLL = 256;

/** How often the body of a loop is written: more than once for short loops of one block without calls. */
export function unrolledRounds(
  { input, set, meterPlan }: CompilerContext,
  one: TbpfFunction,
  place: number,
): number {
  const { edgeStart, edgeTarget, terminator } = one.graph;
  const first = edgeStart[place]!;
  const taken = edgeTarget[first];
  const otherwise = edgeTarget[first + 1];
  if (terminator[place] !== Terminator.branch || taken === otherwise) return 1;
  if (taken !== place && otherwise !== place) return 1;
  const block = one.blocks[place]!;
  const start = set.blocks.start[block]!;
  for (let pc = start; pc < set.blocks.end[block]!; pc += slotsOf(input.code, pc)) {
    const form = FORM[input.code[pc * 4]!];
    if (form === Form.Call || form === Form.Callx || form === Form.Syscall) return 1;
  }
  return meterPlan.segment(place, start) * ROUNDS <= MOST_UNROLLED ? ROUNDS : 1;
}
