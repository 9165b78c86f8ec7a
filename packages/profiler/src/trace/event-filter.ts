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
  /** A file and one line of it. Its path may be longer or shorter than debug information has it, but not end otherwise. */
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

/** What a filter found in one transaction. */
export interface FilterFindings {
  /** Whether an event was told that is more than a contract's call or return. True where the limit ended the search. */
  readonly hasMatched: boolean;
  /** True when lines were looked for and no code that ran knows any. */
  readonly lacksLines: boolean;
}

/** A filter at work: counts what it lets through. */
export class EventGate {
  readonly #filter: EventFilter;
  #skip: number;
  #left: number;
  #hasMatched = false;
  #hasAskedLines = false;
  #hasLines = false;
  /** Of files that were met, whether they are the wanted one. */
  readonly #files = new Map<string, boolean>();

  constructor(filter: EventFilter) {
    this.#filter = filter;
    this.#skip = filter.skip ?? 0;
    this.#left = filter.limit ?? Number.POSITIVE_INFINITY;
  }

  /** False once nothing will pass any more. */
  get isOpen(): boolean {
    return this.#left > 0;
  }

  get findings(): FilterFindings {
    return {
      hasMatched: this.#hasMatched || !this.isOpen,
      lacksLines: this.#hasAskedLines && !this.#hasLines,
    };
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
    if (source !== undefined && !this.#isAt(places.locate(pc), source)) return false;
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
    const told = event();
    if (told.type !== 'call' && told.type !== 'return') this.#hasMatched = true;
    onEvent(told);
  }

  #isAt(found: SourceLocation | undefined, { file, line }: NonNullable<EventFilter['source']>): boolean {
    this.#hasAskedLines = true;
    if (found === undefined) return false;
    this.#hasLines = true;
    if (line !== undefined && found.line !== line) return false;
    let isSame = this.#files.get(found.file);
    if (isSame === undefined) {
      isSame = isSameFile(found.file, file);
      this.#files.set(found.file, isSame);
    }
    return isSame;
  }
}

/** Whether one path is the end of the other: a compiler may have been given either. */
function isSameFile(found: string, wanted: string): boolean {
  const [a, b] = [pathEnd(found), pathEnd(wanted)];
  return a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`);
}

/** A path with slashes, without the dots that it starts with. */
function pathEnd(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(?:\.{1,2}\/+)+/, '');
}
