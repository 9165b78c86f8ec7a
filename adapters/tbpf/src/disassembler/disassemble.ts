import type { Executable } from '../loader/executable.ts';
import { noSyscalls, type SyscallKeys } from '../loader/syscall-keys.ts';
import { referenceText } from './reference-text.ts';
import { roundTripText } from './round-trip-text.ts';

/** The parts of an executable that its disassembly shows. */
export type DisassemblerInput = Pick<Executable, 'text' | 'version' | 'functions' | 'entryPc'>;

/** Settings of the disassembler. */
export interface DisassembleOptions {
  /** Names of syscalls; none by default. */
  readonly syscalls?: SyscallKeys;
  /**
   * Print text that our assembler takes back to the same slots. Otherwise the form of the reference (spec
   * §10.3), which loses unused fields and cannot express every slot.
   */
  readonly roundTrip?: boolean;
  /** With `roundTrip`: names to print at slots, where they can be labels. */
  readonly names?: ReadonlyMap<number, string>;
}

const noNames: ReadonlyMap<number, string> = new Map();

/** Disassembles any text, verified or not; bytes after the last whole slot are left out. Never throws. */
export function disassemble(program: DisassemblerInput, options: DisassembleOptions = {}): string {
  const { syscalls = noSyscalls, roundTrip = false, names = noNames } = options;
  return roundTrip ? roundTripText(program, syscalls, names) : referenceText(program, syscalls);
}
