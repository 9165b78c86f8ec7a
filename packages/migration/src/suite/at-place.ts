import { VmError } from '@switchyard/core';

/** Runs the code, and names the place in a SUITE_INVALID that it throws. */
export function atPlace<T>(place: string, code: () => T): T {
  try {
    return code();
  } catch (thrown) {
    if (!(thrown instanceof VmError) || thrown.code !== 'SUITE_INVALID') throw thrown;
    throw new VmError('SUITE_INVALID', `${place}: ${thrown.message}`, {
      ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
    });
  }
}
