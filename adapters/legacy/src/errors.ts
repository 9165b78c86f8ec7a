import { VmError, type VmErrorCode, type VmErrorOptions } from '@switchyard/core';
import type { TrapReport } from './interpreter/trap.ts';

/** Core's code for the native errors that have one of their own; the rest is SYSCALL_FAILED in a native, else INVALID_ARGUMENT. */
const CODES: Readonly<Record<string, VmErrorCode>> = {
  'EnvironmentError(NotEnoughGas)': 'OUT_OF_GAS',
  'EnvironmentError(GasOverflow)': 'OUT_OF_GAS',
  'EnvironmentError(OutOfMemory)': 'LIMIT_EXCEEDED',
  'EnvironmentError(ValueError(MaxMemoryReached))': 'LIMIT_EXCEEDED',
  'EnvironmentError(ValueError(MaxDepthReached))': 'LIMIT_EXCEEDED',
  'EnvironmentError(RangeTooLarge)': 'LIMIT_EXCEEDED',
  'ValueError(MaxMemoryReached)': 'LIMIT_EXCEEDED',
  'ValueError(MaxDepthReached)': 'LIMIT_EXCEEDED',
  StringTooLarge: 'LIMIT_EXCEEDED',
  HostLimit: 'LIMIT_EXCEEDED',
  StackOverflow: 'STACK_OVERFLOW',
  CallStackOverflow: 'CALL_DEPTH_EXCEEDED',
  DivisionByZero: 'DIVISION_BY_ZERO',
  OutOfBounds: 'INVALID_JUMP',
  InvalidOpCode: 'INVALID_INSTRUCTION',
  MissingInstruction: 'INVALID_INSTRUCTION',
  UnknownSysCall: 'UNKNOWN_SYSCALL',
  ChunkNotEntry: 'ENTRY_NOT_FOUND',
  HookNotImplemented: 'ENTRY_NOT_FOUND',
  StaticViolation: 'STATIC_VIOLATION',
  CiphertextUnsupported: 'UNSUPPORTED',
};

/** Core's stable code for a trap. */
export function errorCodeOf({ kind, name, detail, code }: TrapReport): VmErrorCode {
  if (code !== undefined) return code;
  if (kind === 'panic') return /divi(de|sion|sor)/.test(detail) ? 'DIVISION_BY_ZERO' : 'SYSCALL_FAILED';
  return CODES[name] ?? (name.startsWith('EnvironmentError') ? 'SYSCALL_FAILED' : 'INVALID_ARGUMENT');
}

const KINDS: Readonly<Record<TrapReport['kind'], string>> = {
  error: 'the machine stopped',
  panic: "the reference's process would panic here",
  limit: "this implementation's limit on time or memory was reached",
  host: 'the host cannot serve this call',
};

/** A contract chooses the text of a panic; a message shows so much of it. */
const MAX_SHOWN = 400;

/** A trap as the VmError that the border knows. */
export function legacyError(report: TrapReport, options: VmErrorOptions = {}): VmError {
  const { detail } = report;
  const shown = detail.length > MAX_SHOWN ? `${detail.slice(0, MAX_SHOWN)}…` : detail;
  return new VmError(errorCodeOf(report), `${KINDS[report.kind]}: ${shown}.`, {
    ...options,
    native: { name: report.name, detail },
  });
}
