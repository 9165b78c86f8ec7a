import type { VmErrorCode } from '@switchyard/core';

/**
 * Whose fault a failure is, and so what a protocol makes of it. `contract`: the call fails on this state at any gas; `request`: what was
 * sent is wrong; `limit`: it asks for more than the service gives; `busy`: this client asks too much; `full`: there is no room for anybody; `state`: the state cannot be read now;
 * `stopping`: the service is going down; `unauthorized`: the key; `internal`: a bug.
 */
export type FaultKind =
  | 'contract'
  | 'request'
  | 'limit'
  | 'busy'
  | 'full'
  | 'state'
  | 'stopping'
  | 'unauthorized'
  | 'internal';

/** What each kind is in JSON-RPC and in HTTP, and whether the same request may succeed later. */
export const FAULT_KINDS: Readonly<
  Record<FaultKind, { readonly rpc: number; readonly http: number; readonly isRetryable: boolean }>
> = {
  // 3: "execution error", as Ethereum's nodes answer a revert.
  contract: { rpc: 3, http: 422, isRetryable: false },
  request: { rpc: -32602, http: 400, isRetryable: false },
  // -32005 and -32000: EIP-1474, "limit exceeded" and "invalid input"'s neighbour for servers' own reasons.
  limit: { rpc: -32005, http: 422, isRetryable: false },
  busy: { rpc: -32005, http: 429, isRetryable: true },
  full: { rpc: -32005, http: 503, isRetryable: true },
  state: { rpc: -32000, http: 503, isRetryable: true },
  stopping: { rpc: -32000, http: 503, isRetryable: true },
  unauthorized: { rpc: -32001, http: 401, isRetryable: false },
  internal: { rpc: -32603, http: 500, isRetryable: false },
};

/** Codes whose fault is not the contract's. */
const KINDS: Partial<Record<VmErrorCode, FaultKind>> = {
  CONTEXT_INVALID: 'request',
  INPUT_TOO_LARGE: 'request',
  LIMIT_EXCEEDED: 'request',
  VALUE_INVALID: 'request',
  INVALID_ARGUMENT: 'request',
  ENGINE_UNKNOWN: 'request',
  ENGINE_DISABLED: 'request',
  UNSUPPORTED: 'request',
  REQUEST_INVALID: 'request',
  TIME_LIMIT_EXCEEDED: 'limit',
  MEMORY_LIMIT_EXCEEDED: 'limit',
  RESPONSE_TOO_LARGE: 'limit',
  RATE_LIMITED: 'busy',
  QUEUE_FULL: 'full',
  SERVICE_STOPPING: 'stopping',
  UNAUTHORIZED: 'unauthorized',
  STATE_UNAVAILABLE: 'state',
  STATE_CORRUPT: 'internal',
  STATE_READ_ONLY: 'internal',
  ENGINE_OPTION_UNKNOWN: 'internal',
  ENGINE_OPTION_INVALID: 'internal',
  CHECKPOINT_INVALID: 'internal',
  INTERNAL: 'internal',
};

/** Whose fault an error with this code is. */
export function faultKindOf(code: VmErrorCode): FaultKind {
  return KINDS[code] ?? 'contract';
}
