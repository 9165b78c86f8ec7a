import type { VmErrorCode } from '@switchyard/core';
import type { FailureFields } from './protocol.ts';

/**
 * An error in a bridge's worker that the caller gets as a VmError with the same fields. VmError itself would bring all of core into
 * every worker, and its start would take twice as long.
 */
export class Failure extends Error implements FailureFields {
  readonly code: VmErrorCode;
  readonly hint?: string;
  readonly details?: Readonly<Record<string, string>>;

  constructor({ code, message, hint, details }: FailureFields) {
    super(message);
    this.code = code;
    if (hint !== undefined) this.hint = hint;
    if (details !== undefined) this.details = details;
  }
}

/** The fields of what was thrown; what is no `Failure` is a bug of ours. */
export function failureFields(thrown: unknown): FailureFields {
  if (thrown instanceof Failure) {
    const { code, message, hint, details } = thrown;
    return {
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(details === undefined ? {} : { details }),
    };
  }
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { code: 'INTERNAL', message };
}
