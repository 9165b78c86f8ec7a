import { VmError } from '@switchyard/core';

/**
 * An error as clients are told of it: why a state cannot be read is the operator's to know, and its message names paths, hosts and users. Any
 * other error stays as it is.
 */
export function publicError(error: VmError): VmError {
  if (!error.code.startsWith('STATE_')) return error;
  const { retryable } = error.details;
  return new VmError(error.code, 'the state cannot be read now.', {
    hint: 'Ask again later; the log of the service says why.',
    ...(retryable === undefined ? {} : { details: { retryable } }),
    cause: error,
  });
}
