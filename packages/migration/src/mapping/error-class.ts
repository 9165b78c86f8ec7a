import type { VmErrorCode } from '@switchyard/core';

/** Kinds of a machine's failure that are the same thing on every engine, whatever each calls it (legacy-stack-vm.md §12.2). */
export type ErrorClass =
  | 'gas'
  | 'arithmetic'
  | 'depth'
  | 'memory'
  | 'funds'
  | 'read-only'
  | 'entry'
  | 'code'
  | 'input'
  | 'other';

const CLASSES: Partial<Readonly<Record<VmErrorCode, ErrorClass>>> = {
  OUT_OF_GAS: 'gas',
  DIVISION_BY_ZERO: 'arithmetic',
  ARITHMETIC_OVERFLOW: 'arithmetic',
  STACK_OVERFLOW: 'depth',
  CALL_DEPTH_EXCEEDED: 'depth',
  ACCESS_VIOLATION: 'memory',
  INSUFFICIENT_BALANCE: 'funds',
  STATIC_VIOLATION: 'read-only',
  ENTRY_NOT_FOUND: 'entry',
  CODE_INVALID: 'code',
  UNKNOWN_SYSCALL: 'code',
  INVALID_ARGUMENT: 'input',
};

/** The class of an error; `other` for one that has no counterpart on other engines. */
export function errorClass(code: string): ErrorClass {
  return CLASSES[code as VmErrorCode] ?? 'other';
}
