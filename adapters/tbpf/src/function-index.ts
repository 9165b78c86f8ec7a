import type { EntryTable } from './loader/entries.ts';

interface NamedStart {
  readonly pc: number;
  readonly name: string;
}

/** Finds the function that a slot belongs to: the nearest named start at or before it. O(log functions) a question. */
export class FunctionIndex {
  readonly #starts: readonly NamedStart[];

  constructor({ default: entryPc, entries, hooks, functions }: EntryTable) {
    const starts: NamedStart[] = [{ pc: entryPc, name: 'entrypoint' }];
    for (const [id, pc] of entries) starts.push({ pc, name: `entry_${id}` });
    for (const [id, pc] of hooks) starts.push({ pc, name: `hook_${id}` });
    for (const [name, pc] of functions) starts.push({ pc, name });
    starts.sort((a, b) => a.pc - b.pc);
    // The sort is stable: of several names of one slot the first in the order above counts.
    this.#starts = starts.filter(({ pc }, index) => pc !== starts[index - 1]?.pc);
  }

  nameAt(pc: number): string | undefined {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]!.pc <= pc) low = middle + 1;
      else high = middle;
    }
    return this.#starts[low - 1]?.name;
  }
}
