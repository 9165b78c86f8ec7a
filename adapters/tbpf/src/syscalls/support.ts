import { NATIVE_ASSET } from '@switchyard/core';
import type { Machine } from '../interpreter/machine.ts';
import type { TbpfNativeError } from '../native-error.ts';
import { syscallFault } from './syscall.ts';
import type { TosHost } from './tos-host.ts';

/** Bytes of an address, a hash or an asset. */
export const HASH_BYTES = 32;

const EMPTY = new Uint8Array(0);

/** Charges before acting (tos-syscalls.md, common rules): all or nothing. @returns the error when less is left. */
export function charge(machine: Machine, units: number | bigint): TbpfNativeError | undefined {
  return machine.meter.charge(units) ? undefined : syscallFault('ExceededMaxInstructions');
}

/** The range at the address in register `index`; a zero-length range never faults, whatever its address. */
export function rangeAt(
  machine: Machine,
  index: number,
  length: number,
  write: boolean,
): Uint8Array | undefined {
  return length === 0 ? EMPTY : machine.bytesAt(index, length, write);
}

/** True for a value that is an error: syscalls pass either bytes or the fault along. */
export function isFault(value: Uint8Array | TbpfNativeError): value is TbpfNativeError {
  return !(value instanceof Uint8Array);
}

/** A range to read, whose length is in register `lengthIndex`: a view, or the memory fault. */
export function readRange(
  machine: Machine,
  index: number,
  lengthIndex: number,
): Uint8Array | TbpfNativeError {
  const bytes = rangeAt(machine, index, machine.registerNumber(lengthIndex), false);
  return bytes ?? machine.memoryFault(index, machine.register(lengthIndex), false);
}

/** A fixed-length range to read or to write: a view, or the memory fault. */
export function fixedRange(
  machine: Machine,
  index: number,
  length: number,
  write: boolean,
): Uint8Array | TbpfNativeError {
  return rangeAt(machine, index, length, write) ?? machine.memoryFault(index, BigInt(length), write);
}

/** A copy of the 32 bytes at the address in register `index`, or the memory fault. */
export function readHash(machine: Machine, index: number): Uint8Array | TbpfNativeError {
  const bytes = fixedRange(machine, index, HASH_BYTES, false);
  return isFault(bytes) ? bytes : bytes.slice();
}

/** The asset at the address in register `index`; the null pointer stands for the native asset. */
export function readAssetOrNative(machine: Machine, index: number): Uint8Array | TbpfNativeError {
  return machine.register(index) === 0n ? NATIVE_ASSET : readHash(machine, index);
}

/** Sets r0 = 0 and ends the syscall well. */
export function succeed(machine: Machine, result = 0n): undefined {
  machine.setRegister(0, result);
  return undefined;
}

/** A call that changes state is refused in a read-only run. */
export function checkWritable(host: TosHost): TbpfNativeError | undefined {
  return host.context.isStatic ? syscallFault('StaticViolation') : undefined;
}
