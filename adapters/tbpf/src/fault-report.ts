import { bytesToHex, ERROR_TABLE, formatLocation, VmError } from '@switchyard/core';
import type { Contract } from './contract.ts';
import { errorCodeOf } from './errors.ts';
import { syscallKey } from './format/murmur3.ts';
import type { Machine } from './interpreter/machine.ts';
import { immAt, opcodeAt } from './isa/instruction.ts';
import type { TbpfNativeError } from './native-error.ts';
import type { Syscall } from './syscalls/syscall.ts';
import type { TosSyscall } from './syscalls/tos-syscall.ts';

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
  // Past the end of the code it is the last instruction's function that did not end.
  const functionName = contract.functions.describe(Math.min(machine.pc, machine.program.length - 1));
  const source = contract.debug?.locate(machine.pc);
  const details: Record<string, string> = {
    ...(functionName === undefined ? {} : { function: functionName }),
    ...(source === undefined ? {} : { source: formatLocation(source) }),
    pc: `${machine.pc}`,
  };
  const options = {
    pc: machine.pc,
    contract: address,
    native: { name: fault.name, detail: fault.detail },
  };
  const key = unresolvedKey(machine, fault);
  if (key !== undefined) {
    const name = contract.wanted.get(Number(key));
    const message =
      name === undefined
        ? `there is no syscall or function with the key ${key}.`
        : `there is no syscall or function ${name}.`;
    return new VmError('UNKNOWN_SYSCALL', message, {
      ...options,
      details: { ...details, ...(name === undefined ? {} : { syscall: name }), key },
    });
  }
  const access = accessOf(fault);
  if (access === undefined) {
    const code = errorCodeOf(fault);
    const isDeep = fault.name === 'CallDepthExceeded';
    const isRefusal = code === 'INVALID_ARGUMENT' && fault.detail.startsWith('SyscallError(HostFunction(');
    return new VmError(code, `${meaningOf(fault, machine)}.`, {
      ...options,
      details,
      ...(isRefusal ? { hint: 'The function of the host refused the call; its own words say why.' } : {}),
      ...(isDeep
        ? {
            hint: 'Look for a recursion without end; engines.tbpf.options.maxFrames says how many frames there are.',
          }
        : {}),
    });
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

/** What a contract without a default entry ends with: the linker puts a stub in the entry's place. */
const NO_ENTRY = 0xffff_ffff_ffff_ffffn;

/** In what a call of another contract answers, 2^63 + the number of the callee's error. */
const FAILURE_BIT = 1n << 63n;

/** The error of a run that ended with an exit code other than 0. */
export function exitError(
  exitCode: bigint,
  address: Uint8Array,
  contract: Contract,
  entryPc: number,
): VmError {
  const hint =
    exitCode === NO_ENTRY && isMissingEntryStub(contract, entryPc)
      ? noEntryHint(contract)
      : failedCalleeHint(exitCode);
  return new VmError('REVERTED', `the contract ended with exit code ${exitCode}.`, {
    contract: address,
    details: { exitCode: `${exitCode}`, contract: bytesToHex(address) },
    ...(hint === undefined ? {} : { hint }),
  });
}

const MOVE_MINUS_ONE_TO_R0 = [0xb7, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];
const EXIT = [0x95, 0, 0, 0, 0, 0, 0, 0];
const STUB = [...MOVE_MINUS_ONE_TO_R0, ...EXIT];

/** Whether an entry is just `mov64 r0, -1; exit`, which `switchyard build` writes where a contract has no `entrypoint`. */
function isMissingEntryStub({ program, entries }: Contract, entryPc: number): boolean {
  const { text } = program.executable;
  const start = entryPc * 8;
  return entryPc === entries.default && STUB.every((byte, index) => text[start + index] === byte);
}

function noEntryHint({ entries }: Contract): string {
  const [first] = [...entries.entries.keys()].sort((a, b) => a - b);
  const [named] = entries.functions.keys();
  const example = first === undefined ? (named ?? 'NAME') : `entry_${first}`;
  return `The contract has no default entry; choose one with --entry, such as --entry ${example}. \`switchyard inspect\` lists them.`;
}

/** What an exit code says that the contract passed on from a callee that failed. */
function failedCalleeHint(exitCode: bigint): string | undefined {
  if (exitCode < FAILURE_BIT) return undefined;
  const number = exitCode - FAILURE_BIT;
  const code = Object.entries(ERROR_TABLE).find(([, row]) => BigInt(row.number) === number)?.[0];
  return code && `2^63 + ${number} is what a call of another contract answers that failed: ${code}.`;
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

function meaningOf(fault: TbpfNativeError, machine: Machine): string {
  const inner = /^SyscallError\((.*)\)$/s.exec(fault.detail)?.[1];
  if (inner === undefined) return MEANINGS[fault.name] ?? fault.detail;
  const syscall = syscallAt(machine);
  if (inner === 'ExceededMaxInstructions')
    return `the gas left does not pay for ${syscall?.name ?? 'the syscall'}`;
  const limit = syscall === undefined ? '' : exceededLimit(machine, syscall, inner);
  return `${syscall?.name ?? 'a syscall'} failed: ${inner}${limit}`;
}

/** The syscall at which the machine stopped. */
function syscallAt({ program, pc }: Machine): Syscall | undefined {
  const { text } = program.executable;
  if (pc >= program.length || opcodeAt(text, pc) !== CALL) return undefined;
  const key = immAt(text, pc) >>> 0;
  return program.syscalls.find(({ name }) => syscallKey(name) === key);
}

/** What the reached limit counts, where it isn't bytes. */
const COUNTED: Readonly<Record<string, string>> = { TooManySlices: 'slices', InvalidDecimals: 'decimals' };

/** Found and allowed, of the first limit of a syscall that its arguments exceed; the arguments are still in the registers. */
function exceededLimit(machine: Machine, syscall: Syscall, error: string): string {
  const limits = 'limits' in syscall ? (syscall as TosSyscall).limits : [];
  const limit = limits.find((one) => one.error === error && machine.registerNumber(one.register) > one.most);
  if (limit === undefined) return '';
  return ` (${machine.register(limit.register)} ${COUNTED[error] ?? 'bytes'}, at most ${limit.most})`;
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
