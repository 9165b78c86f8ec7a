import { VmError, type VmErrorCode, type VmErrorOptions } from '@switchyard/core';

/** An error with the name that tos-vm has for it: `EntryPointNotFound(7)`. */
export function tosError(
  code: VmErrorCode,
  native: string,
  message: string,
  more: Pick<VmErrorOptions, 'cause' | 'hint'> = {},
): VmError {
  const name = /^\w+/.exec(native)?.[0] ?? native;
  return new VmError(code, message, {
    native: { name, detail: native },
    ...more,
  });
}

/** A value that no contract can be given. */
export function valueError(what: string): VmError {
  return tosError('VALUE_INVALID', 'InvalidValue', `${what}.`);
}
