/** One executed instruction, as it was before it ran. A new object each; keep or drop it as you like. */
export interface TraceStep {
  /** Position in this call's own instruction sequence, from 0. */
  readonly index: number;
  readonly pc: number;
  /** Mnemonic with operands, as the engine's disassembler prints it. */
  readonly instruction: string;
  /** Gas left before the instruction. */
  readonly gasLeft: bigint;
  /** Depth of the machine's own call frames. */
  readonly frame: number;
  /** Register values before the instruction (r0, r1, … for register machines; the top of the stack first for stack machines). */
  readonly registers: readonly bigint[];
  /** Depth of contract calls. */
  readonly callDepth: number;
}

/** Which steps to report. Every given condition must hold. */
export interface TraceFilter {
  /** First and last pc, inclusive. */
  readonly pcRange?: readonly [number, number];
  /** Mnemonics, for example `['call', 'syscall']`. */
  readonly mnemonics?: readonly string[];
  /** Skip so many matching steps. */
  readonly skip?: number;
  /** Stop reporting after so many. */
  readonly limit?: number;
}

/** Asks an engine to report steps as they happen: streamed, never held. Tracing never changes a result. */
export interface TraceRequest {
  readonly filter?: TraceFilter;
  readonly onStep: (step: TraceStep) => void;
}
