import { bytesToHex, VmError } from '@switchyard/core';
import type { Contract } from './contract.ts';
import { errorCodeOf } from './errors.ts';
import type { Machine } from './interpreter/machine.ts';
import { immAt, opcodeAt } from './isa/instruction.ts';
import type { TbpfNativeError } from './native-error.ts';

/** What each machine error means in words; the rest is said by its native text. */
const MEANINGS: Readonly<Record<string, string>> = {
  ExceededMaxInstructions: 'the gas limit is used up',
  CallDepthExceeded: 'functions are nested deeper than the machine has frames',
  DivideByZero: 'division by zero',
  DivideOverflow: 'the smallest integer was divided by −1',
  ExecutionOverrun: 'control ran past the last instruction',
  CallOutsideTextSegment: 'a call or return leads outside the code',
  UnsupportedInstruction: 'the instruction, or the function that it calls, does not exist',
};

const HINTS: Readonly<Record<string, string>> = {
  stack: 'The address lies on the stack: check array indexes and the lifetime of pointers to locals.',
  heap: 'The address lies in the heap: the heap ends at its configured size (engines.tbpf.options.heapBytes).',
  input: "The address lies in the input: check the input's length (r2 at entry) before reading.",
  program:
    'Code and constants are read-only, and end with the file: check the index, and write to the stack or heap.',
  unknown: 'Nothing is mapped there: most often a null pointer, or a length used as a pointer.',
};

/** The run's fault as a VmError that says where it happened and what to do. */
export function faultError(machine: Machine, contract: Contract, address: Uint8Array): VmError {
  const fault = machine.fault!;
  const functionName = contract.functions.nameAt(machine.pc);
  const details: Record<string, string> = {
    ...(functionName === undefined ? {} : { function: functionName }),
    pc: `${machine.pc}`,
  };
  const options = {
    pc: machine.pc,
    contract: address,
    native: { name: fault.name, detail: fault.detail },
  };
  const key = unresolvedKey(machine, fault);
  if (key !== undefined) {
    return new VmError('UNKNOWN_SYSCALL', `there is no syscall or function with the key ${key}.`, {
      ...options,
      details: { ...details, key },
    });
  }
  const access = accessOf(fault);
  if (access === undefined) {
    return new VmError(errorCodeOf(fault), `${meaningOf(fault)}.`, { ...options, details });
  }
  Object.assign(details, {
    access: `${access.kind}, ${access.length} ${access.length === '1' ? 'byte' : 'bytes'}`,
    address: `0x${access.address.toString(16)}`,
    region: access.region,
  });
  return new VmError(
    errorCodeOf(fault),
    `${access.kind} of ${access.length} ${access.length === '1' ? 'byte' : 'bytes'} at 0x${access.address.toString(16)} (${access.region}) is not allowed.`,
    { ...options, details, hint: HINTS[access.region] ?? HINTS['unknown']! },
  );
}

/** The error of a run that ended with an exit code other than 0. */
export function exitError(exitCode: bigint, address: Uint8Array): VmError {
  return new VmError('REVERTED', `the contract ended with exit code ${exitCode}.`, {
    contract: address,
    details: { exitCode: `${exitCode}`, contract: bytesToHex(address) },
  });
}

const CALL = 0x85;

/** The key of a call in V0–V2 that is neither a syscall nor a function; undefined for any other fault. */
function unresolvedKey({ program, pc }: Machine, fault: TbpfNativeError): string | undefined {
  const { text } = program.executable;
  if (fault.name !== 'UnsupportedInstruction' || pc >= program.length || opcodeAt(text, pc) !== CALL) {
    return undefined;
  }
  return `0x${(immAt(text, pc) >>> 0).toString(16).padStart(8, '0')}`;
}

function meaningOf(fault: TbpfNativeError): string {
  const inner = /^SyscallError\((.*)\)$/s.exec(fault.detail)?.[1];
  if (inner === 'ExceededMaxInstructions') return 'the gas left does not pay for the syscall';
  return inner === undefined ? (MEANINGS[fault.name] ?? fault.detail) : `a syscall failed: ${inner}`;
}

interface MemoryAccess {
  readonly kind: string;
  readonly address: bigint;
  readonly length: string;
  readonly region: string;
}

/** The access that a memory fault, or a memory fault inside a syscall, speaks of. */
function accessOf(fault: TbpfNativeError): MemoryAccess | undefined {
  const plain = /(?:^|\()AccessViolation\((Load|Store), (\d+), (\d+), "(\w+)"\)/.exec(fault.detail);
  const stack = /StackAccessViolation\((Load|Store), (\d+), (\d+), -?\d+\)/.exec(fault.detail);
  const match = stack ?? plain;
  if (match === null) return undefined;
  return {
    kind: match[1] === 'Load' ? 'read' : 'write',
    address: BigInt(match[2]!),
    length: match[3]!,
    region: stack === null ? plain![4]! : 'stack',
  };
}
