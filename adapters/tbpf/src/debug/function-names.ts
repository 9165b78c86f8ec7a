import type { FunctionIndex } from '../function-index.ts';
import type { FunctionRegistry } from '../loader/function-registry.ts';

/**
 * A name for the function of every slot: its symbol's; else, for a function without one, `function_N` with the slot N at which it starts
 * as far as calls and the ends of symbols tell. O(log functions) a question.
 */
export class FunctionNames {
  readonly #index: FunctionIndex;
  readonly #starts: readonly number[];

  constructor(index: FunctionIndex, registry: FunctionRegistry) {
    this.#index = index;
    const starts = new Set([...index.starts(), ...registry.entries().map(([, { pc }]) => pc)]);
    this.#starts = [...starts].sort((a, b) => a - b);
  }

  /** Undefined before the first start that is known. */
  nameAt(pc: number): string | undefined {
    const covering = this.#index.nameAt(pc);
    if (covering !== undefined) return covering;
    const start = lastUpTo(this.#starts, pc);
    return start === undefined ? undefined : (this.#index.startNamed(start) ?? `function_${start}`);
  }
}

/** The last of ascending numbers that is not above a bound. */
function lastUpTo(numbers: readonly number[], bound: number): number | undefined {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! <= bound) low = middle + 1;
    else high = middle;
  }
  return numbers[low - 1];
}
