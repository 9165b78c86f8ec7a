import { VmError, type VmErrorCode } from '@switchyard/core';
import { FAULT_KINDS, type FaultKind, faultKindOf } from '../api/fault-kinds.ts';
import { faultOf } from '../run/fault.ts';

/** A failure on its way to the client: the text of its `Fault`, and what the protocols say beside it. */
export interface Failure {
  readonly code: VmErrorCode;
  /** Absent: the one that the code stands for. */
  readonly kind?: FaultKind | undefined;
  readonly message: string;
  /** The `Fault` as JSON. */
  readonly json: string;
  readonly retryAfterSeconds?: number | undefined;
}

/** Whose fault a failure is. */
export function kindOf({ code, kind }: Pick<Failure, 'code' | 'kind'>): FaultKind {
  return kind ?? faultKindOf(code);
}

/** The failure that an error of the service's own is. */
export function failureOf(error: VmError, retryAfterSeconds?: number): Failure {
  const json = JSON.stringify(faultOf(error));
  return { code: error.code, message: error.message, json, retryAfterSeconds };
}

/** The answer to a bug: the log has what happened, the client does not. */
export function internalFailure(): Failure {
  return failureOf(
    new VmError('INTERNAL', 'The service failed to answer; its log has more under the id of this request.'),
  );
}

/** The `Fault` with `kind`, `retryable` and, where it is known, `retryAfterSeconds`. */
export function extendedFault({ json, retryAfterSeconds, ...failure }: Failure): string {
  const kind = kindOf(failure);
  const after = retryAfterSeconds === undefined ? '' : `,"retryAfterSeconds":${retryAfterSeconds}`;
  return `${json.slice(0, -1)},"kind":"${kind}","retryable":${FAULT_KINDS[kind].isRetryable}${after}}`;
}

/** Body of a REST answer that tells of a failure. */
export function restErrorText(failure: Failure): string {
  return `{"error":${extendedFault(failure)}}`;
}
