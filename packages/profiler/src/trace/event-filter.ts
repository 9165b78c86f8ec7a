import type { MachineView, SourceLocation } from '@switchyard/core';
import type { CodePlaces } from '../follow/code-places.ts';
import type { InstructionTexts } from './instruction-texts.ts';
import type { TraceEvent } from './trace-event.ts';

/** Which events a trace tells. Every given condition must hold. An event is where the instruction is in which it happened. */
export interface EventFilter {
  /** Mnemonics, for example `['call', 'syscall']`. */
  readonly mnemonics?: readonly string[];
  /** First and last pc, inclusive. */
  readonly pcRange?: readonly [number, number];
  /** Names of functions; what they call is not in them. */
  readonly functions?: readonly string[];
  /** A file as debug information names it or the end of its path, and one line of it. */
  readonly source?: { readonly file: string; readonly line?: number };
  /** Leaves out steps, and calls and returns of functions. */
  readonly syscallsOnly?: boolean;
  /** The deepest contract call; 0 for the outermost alone. */
  readonly maxDepth?: number;
  /** Leave out so many events that would be told. */
  readonly skip?: number;
  /** Tell no more than so many; the run goes on. */
  readonly limit?: number;
}

/** A filter at work: counts what it lets through. */
export class EventGate {
  readonly #filter: EventFilter;
  #skip: number;
  #left: number;

  constructor(filter: EventFilter) {
    this.#filter = filter;
    this.#skip = filter.skip ?? 0;
    this.#left = filter.limit ?? Number.POSITIVE_INFINITY;
  }

  /** False once nothing will pass any more. */
  get isOpen(): boolean {
    return this.#left > 0;
  }

  /** Whether the steps of this depth can matter at all. */
  wantsDepth(depth: number): boolean {
    return this.#left > 0 && depth <= (this.#filter.maxDepth ?? Number.POSITIVE_INFINITY);
  }

  get wantsSteps(): boolean {
    return this.#filter.syscallsOnly !== true;
  }

  /** Calls and returns of functions are no instructions: a trace of chosen instructions goes without. */
  get wantsFunctions(): boolean {
    const { mnemonics, pcRange, source } = this.#filter;
    return this.wantsSteps && mnemonics === undefined && pcRange === undefined && source === undefined;
  }

  /** Whether an instruction passes. The costly questions come last. */
  wantsInstruction(machine: MachineView, places: CodePlaces, texts: InstructionTexts): boolean {
    const { pcRange, functions, source, mnemonics } = this.#filter;
    const { pc } = machine;
    if (pcRange !== undefined && (pc < pcRange[0] || pc > pcRange[1])) return false;
    if (functions !== undefined && !functions.includes(places.functionAt(pc))) return false;
    if (source !== undefined && !isAt(places.locate(pc), source)) return false;
    return mnemonics === undefined || mnemonics.includes(texts.of(places, machine).mnemonic);
  }

  wantsFunction(name: string): boolean {
    return this.#filter.functions === undefined || this.#filter.functions.includes(name);
  }

  /** Counts an event that fits and hands it on, or not. */
  let(event: () => TraceEvent, onEvent: (event: TraceEvent) => void): void {
    if (this.#left <= 0) return;
    if (this.#skip > 0) {
      this.#skip--;
      return;
    }
    this.#left--;
    onEvent(event());
  }
}

function isAt(
  found: SourceLocation | undefined,
  { file, line }: NonNullable<EventFilter['source']>,
): boolean {
  if (found === undefined || (line !== undefined && found.line !== line)) return false;
  return found.file === file || found.file.endsWith(`/${file}`);
}
