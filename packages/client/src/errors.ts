import { type Fault, RETRYABLE_CODES } from './generated/api-types.ts';

/** Codes of failures that this side notices; all others are the service's, and docs/errors.md lists them. */
export type ClientErrorCode =
  /** The service was not reached, or the connection broke. */
  | 'NETWORK'
  /** There was no answer within `timeoutMs`, retries included. */
  | 'TIMEOUT'
  /** The caller's signal ended the call; `cause` is its reason. */
  | 'ABORTED'
  /** An HTTP error that is no answer of the service's: of a proxy, or a wrong address. */
  | 'HTTP_ERROR'
  /** The answer is no JSON-RPC answer to what was asked. */
  | 'ANSWER_INVALID'
  /** The answer is longer than `maxAnswerBytes`. */
  | 'ANSWER_TOO_LARGE'
  /** The params cannot be written as JSON. */
  | 'PARAMS_INVALID';

/** What is known of a failure beside its message. */
export interface EstimatorErrorFacts {
  readonly rpcCode?: number | undefined;
  readonly status?: number | undefined;
  readonly fault?: Fault | undefined;
  readonly isRetryable?: boolean | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** Why there is no result: what the service answered instead, or why there is no answer. */
export class EstimatorError extends Error {
  override readonly name = 'EstimatorError';
  /** Stable: a `ClientErrorCode`, or the service's, such as `OUT_OF_GAS` or `RATE_LIMITED`. */
  readonly code: string;
  /** Code of the JSON-RPC error; null when the failure is not one. */
  readonly rpcCode: number | null;
  /** Status of the HTTP answer; null when there was none. */
  readonly status: number | null;
  /** All that the service says of it: hint, reason, native error, source line; null when it is not the service that failed it. */
  readonly fault: Fault | null;
  /** Whether the same request may succeed later. */
  readonly isRetryable: boolean;
  /** When to ask again; null when the service did not say. */
  readonly retryAfterSeconds: number | null;

  constructor(code: string, message: string, facts: EstimatorErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.rpcCode = facts.rpcCode ?? null;
    this.status = facts.status ?? null;
    this.fault = facts.fault ?? null;
    this.isRetryable = facts.isRetryable ?? RETRYABLE_CODES.includes(code);
    this.retryAfterSeconds = facts.retryAfterSeconds ?? null;
  }
}
