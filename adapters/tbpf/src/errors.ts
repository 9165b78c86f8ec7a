import { ERROR_TABLE, VmError, type VmErrorCode, type VmErrorOptions } from '@switchyard/core';
import type { TbpfNativeError } from './native-error.ts';

/** Core's code for each native run-time error (tbpf.md §9.1; tos-syscalls.md for what stands inside `SyscallError`). */
const RUN_CODES: Readonly<Record<string, VmErrorCode>> = {
  ExceededMaxInstructions: 'OUT_OF_GAS',
  CallDepthExceeded: 'CALL_DEPTH_EXCEEDED',
  DivideByZero: 'DIVISION_BY_ZERO',
  DivideOverflow: 'ARITHMETIC_OVERFLOW',
  ExecutionOverrun: 'INVALID_JUMP',
  CallOutsideTextSegment: 'INVALID_JUMP',
  AccessViolation: 'ACCESS_VIOLATION',
  StackAccessViolation: 'ACCESS_VIOLATION',
  UnsupportedInstruction: 'INVALID_INSTRUCTION',
  InvalidMemoryRegion: 'CODE_INVALID',
  SyscallError: 'SYSCALL_FAILED',
};

/** Core's code for what a tos_* syscall says inside `SyscallError(…)`. */
const SYSCALL_CODES: Readonly<Record<string, VmErrorCode>> = {
  ExceededMaxInstructions: 'OUT_OF_GAS',
  AccessViolation: 'ACCESS_VIOLATION',
  StackAccessViolation: 'ACCESS_VIOLATION',
  MessageTooLong: 'LIMIT_EXCEEDED',
  KeyTooLarge: 'LIMIT_EXCEEDED',
  ValueTooLarge: 'LIMIT_EXCEEDED',
  ReturnDataTooLarge: 'LIMIT_EXCEEDED',
  EventTooLarge: 'LIMIT_EXCEEDED',
  TooManySlices: 'LIMIT_EXCEEDED',
  OutputTooLarge: 'LIMIT_EXCEEDED',
  ParametersTooLarge: 'INPUT_TOO_LARGE',
  UnknownContract: 'UNKNOWN_CONTRACT',
  CallDepthExceeded: 'CALL_DEPTH_EXCEEDED',
  Reentrancy: 'REENTRANCY',
  BufferTooSmall: 'LIMIT_EXCEEDED',
  InvalidArgument: 'INVALID_ARGUMENT',
  InvalidString: 'INVALID_ARGUMENT',
  InvalidAmount: 'INVALID_ARGUMENT',
  InvalidCallRecord: 'INVALID_ARGUMENT',
  InvalidDecimals: 'INVALID_ARGUMENT',
  NameTooLong: 'LIMIT_EXCEEDED',
  CopyOverlapping: 'INVALID_ARGUMENT',
  InsufficientBalance: 'INSUFFICIENT_BALANCE',
  BalanceOverflow: 'BALANCE_OVERFLOW',
  StaticViolation: 'STATIC_VIOLATION',
  AssetExists: 'ASSET_EXISTS',
  UnknownAsset: 'UNKNOWN_ASSET',
  NotAssetOwner: 'NOT_ASSET_OWNER',
  SupplyExceeded: 'SUPPLY_EXCEEDED',
};

/** Core's stable code for a native error; load and verifier errors are CODE_INVALID. */
export function errorCodeOf(error: TbpfNativeError): VmErrorCode {
  if (error.stage !== 'run') return 'CODE_INVALID';
  if (error.name !== 'SyscallError') return RUN_CODES[error.name] ?? 'INTERNAL';
  const [, inner = '', payload = ''] = /^SyscallError\((\w+)(?:\((\w+))?/.exec(error.detail) ?? [];
  // A host function's own code; `syscalls/host-functions.ts` writes it there.
  if (inner === 'HostFunction' && payload in ERROR_TABLE) return payload as VmErrorCode;
  return SYSCALL_CODES[inner] ?? 'SYSCALL_FAILED';
}

/** A native error as the VmError that the border knows. */
export function tbpfError(error: TbpfNativeError, message: string, options: VmErrorOptions = {}): VmError {
  return new VmError(errorCodeOf(error), message, {
    ...options,
    native: { name: error.name, detail: error.detail },
  });
}
