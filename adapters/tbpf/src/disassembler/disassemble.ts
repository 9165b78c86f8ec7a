import { featuresOf } from '../isa/version.ts';
import type { Executable } from '../loader/executable.ts';
import { noSyscalls, type SyscallKeys } from '../loader/syscall-keys.ts';
import { fileData, fileHeader, type LoadedFile } from './file-text.ts';
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
  readonly names?: ReadonlyMap<number, readonly string[]>;
  /** With `roundTrip`: the loaded file whose memory the text is to give again. Adds directives for version, calls, places and data. */
  readonly file?: LoadedFile;
}

const noNames: ReadonlyMap<number, readonly string[]> = new Map();

/** Disassembles any text, verified or not; bytes after the last whole slot are left out. Never throws. */
export function disassemble(program: DisassemblerInput, options: DisassembleOptions = {}): string {
  const { syscalls = noSyscalls, roundTrip = false, names = noNames, file } = options;
  if (!roundTrip) return referenceText(program, syscalls);
  if (file === undefined) return roundTripText(program, { syscalls, names, hashedCalls: false });
  const hashedCalls = !featuresOf(program.version).staticSyscalls;
  return (
    fileHeader(program.version, file) +
    roundTripText(program, { syscalls, names, hashedCalls }) +
    fileData(program, file)
  );
}
