import type { ContractSymbols } from './loader/entries.ts';

/** A stretch of slots that belongs to one function, or to none. */
interface Stretch {
  readonly pc: number;
  readonly name: string | undefined;
}

interface Span {
  readonly name: string;
  readonly pc: number;
  readonly end: number;
}

/** Finds the function that a slot belongs to, by the sizes of the symbols. O(log symbols) a question. */
export class FunctionIndex {
  /** Disjoint, ascending; each ends where the next one starts. */
  readonly #stretches: readonly Stretch[];
  /** Every named start, for slots that no symbol covers; none in a file without symbols of functions. */
  readonly #starts: readonly { readonly pc: number; readonly name: string }[];

  constructor({ entries, functions }: Pick<ContractSymbols, 'entries' | 'functions'>) {
    const spans = functions.flatMap(({ name, pc, slots }) =>
      slots > 0 ? [{ name, pc, end: pc + slots }] : [],
    );
    this.#stretches = stretchesOf(spans);
    const starts = [{ name: 'entrypoint', pc: entries.default }, ...functions];
    starts.sort((a, b) => a.pc - b.pc);
    // The sort is stable: of several names of one slot the first in the order above counts.
    this.#starts =
      functions.length === 0 ? [] : starts.filter(({ pc }, index) => pc !== starts[index - 1]?.pc);
  }

  /** The function whose symbol covers a slot; of several the one that starts last. */
  nameAt(pc: number): string | undefined {
    return lastAtOrBefore(this.#stretches, pc)?.name;
  }

  /** Where functions start as far as symbols tell, a function without one behind the end of another's included. Any order. */
  starts(): readonly number[] {
    return [...this.#stretches, ...this.#starts].map(({ pc }) => pc);
  }

  /** The name that a symbol gives to a slot, though it does not say how far it goes. */
  startNamed(pc: number): string | undefined {
    const start = lastAtOrBefore(this.#starts, pc);
    return start?.pc === pc ? start.name : undefined;
  }

  /** For messages: the function, or after which one the slot lies when no symbol covers it. */
  describe(pc: number): string | undefined {
    const name = this.nameAt(pc);
    if (name !== undefined) return name;
    const before = lastAtOrBefore(this.#starts, pc);
    if (before?.pc === pc) return before.name;
    return before && `after ${before.name} (no symbol covers it; build with --symbols)`;
  }
}

/** Cuts the spans into disjoint stretches; where several overlap, the one that starts last counts. O(n log n). */
function stretchesOf(spans: readonly Span[]): readonly Stretch[] {
  // Of two that start together the shorter one is the inner one, and of equal ones the first counts.
  const sorted = spans
    .map((span, order) => ({ ...span, order }))
    .sort((a, b) => a.pc - b.pc || b.end - a.end || b.order - a.order);
  const stretches: Stretch[] = [];
  const open: Span[] = [];
  /** Ends the open spans that end up to a slot. */
  const closeUntil = (pc: number) => {
    while (open.length > 0 && open.at(-1)!.end <= pc) {
      const { end } = open.pop()!;
      while (open.length > 0 && open.at(-1)!.end <= end) open.pop();
      stretches.push({ pc: end, name: open.at(-1)?.name });
    }
  };
  for (const span of sorted) {
    closeUntil(span.pc);
    stretches.push({ pc: span.pc, name: span.name });
    open.push(span);
  }
  closeUntil(Number.POSITIVE_INFINITY);
  return stretches;
}

/** The last item at or before a slot, of items in ascending order. */
function lastAtOrBefore<T extends { readonly pc: number }>(items: readonly T[], pc: number): T | undefined {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (items[middle]!.pc <= pc) low = middle + 1;
    else high = middle;
  }
  return items[low - 1];
}
