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

/** What to do, by the variant's name without what it is nested in; elsewhere the table's hint of the code holds. */
const HINTS: Readonly<Record<string, string>> = {
  EmptyStack: 'Too few parameters end so: pass all that the entry takes.',
  StackNotCleaned: 'Too many parameters end so: pass only those that the entry takes.',
  ExpectedValueOfType:
    'Check the types of the parameters: values keep the type that they are passed with, and a u32 is no u64.',
  UnexpectedType:
    'Check the types of the parameters: values keep the type that they are passed with, and a u32 is no u64.',
};

/** Codes whose own hint says nothing of a host function that refuses. */
const PLAIN_REFUSALS: ReadonlySet<VmErrorCode> = new Set(['INVALID_ARGUMENT', 'SYSCALL_FAILED']);

function hintOf({ name }: TrapReport, code: VmErrorCode): string | undefined {
  const variant = /\w+(?=\)*$)/.exec(name)?.[0] ?? name;
  if (variant === 'HostFunction') {
    return PLAIN_REFUSALS.has(code)
      ? 'The function of the host refused the call; its own words say why.'
      : undefined;
  }
  return HINTS[variant];
}

/** What stopped, in words: a native by its name, what is out of gas or at a limit not. */
function subjectOf({ kind, name, detail, native }: TrapReport, code: VmErrorCode): string {
  if (kind !== 'error' || native === undefined || code === 'OUT_OF_GAS') return `${KINDS[kind]}: ${detail}`;
  const inner = name.startsWith('EnvironmentError(') ? detail.slice('EnvironmentError('.length, -1) : detail;
  return `${native} failed: ${inner}`;
}

/** A contract chooses the text of a panic; a message shows so much of it. */
const MAX_SHOWN = 400;

/** A trap as the VmError that the border knows. */
export function legacyError(report: TrapReport, options: VmErrorOptions = {}): VmError {
  const { name, detail } = report;
  const code = errorCodeOf(report);
  const text = subjectOf(report, code);
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  const hint = hintOf(report, code);
  return new VmError(code, `${shown}.`, {
    ...options,
    native: { name, detail },
    ...(hint === undefined ? {} : { hint }),
  });
}
