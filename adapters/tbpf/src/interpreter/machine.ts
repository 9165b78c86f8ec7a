import type { TbpfNativeError } from '../native-error.ts';
import type { GasMeter } from './gas-meter.ts';
import type { Program } from './program.ts';

/** Index of the frame pointer. */
export const framePointer = 10;

/**
 * A run as syscalls, fault reports and results see it, whatever tier it is on: registers, memory, meter. A 64-bit address or value in
 * halves is a pair of words, `low` and `high`, signed or unsigned.
 */
export interface Machine {
  readonly program: Program;
  readonly meter: GasMeter;
  /** What syscalls need of their host; the machine itself never looks at it. */
  readonly host: unknown;
  /** The instruction that ended the run, or the call of the syscall that is running. */
  readonly pc: number;
  /** Instructions executed, the faulting one included. */
  readonly instructions: number;
  /** Why the run ended; undefined while it runs and after success. */
  readonly fault: TbpfNativeError | undefined;
  /** Final pc in the reference's terms: after success and after a syscall's error the entry (spec §5.5). */
  readonly finalPc: number;

  /** Value of a register as u64. */
  register(index: number): bigint;
  /** Sets a register; the value is taken modulo 2^64. */
  setRegister(index: number, value: bigint): void;
  /** Value of a register as a double: exact below 2^53, and above that still larger than every limit. */
  registerNumber(index: number): number;
  /** Sets a register to an integer from 0 to 2^53 − 1. */
  setRegisterNumber(index: number, value: number): void;
  /** Low half of a register, signed. */
  lowWord(index: number): number;
  /** High half of a register, signed. */
  highWord(index: number): number;

  /**
   * The bytes at the address in register `index`: a view, not a copy, and valid only until the syscall returns: the memory behind it
   * serves other runs later. Undefined when the range is not mapped so; then `memoryFault` gives the error.
   */
  bytesAt(index: number, length: number, write: boolean): Uint8Array | undefined;
  /** The error of `bytesAt` that answered undefined; the length comes from a register or is a constant. */
  memoryFault(index: number, length: bigint, write: boolean): TbpfNativeError;
  /** `bytesAt` of an address by its halves. */
  bytesAtAddress(low: number, high: number, length: number, write: boolean): Uint8Array | undefined;
  /** `memoryFault` of an address by its halves. */
  addressFault(low: number, high: number, length: bigint, write: boolean): TbpfNativeError;
  /** All bytes of the region with this slot number: a view. */
  regionBytes(slot: number): Uint8Array;
}
