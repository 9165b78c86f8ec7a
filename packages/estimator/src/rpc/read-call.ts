import { nearest, VmError } from '@switchyard/core';
import { describeValue } from '@switchyard/core/config';
import { isMethodName, METHODS } from '../api/methods.ts';
import { readJob } from '../http/read-job.ts';
import type { Job } from '../service/service.ts';
import { RPC_CODES } from './codes.ts';

/** One entry of a request, read. `id` is JSON text, and undefined for a notification. */
export type RpcCall =
  | { readonly id: string | undefined; readonly method: string; readonly job: Job }
  | {
      readonly id: string | undefined;
      /** The method's name where there is such a method, else null. */
      readonly method: string | null;
      readonly job: null;
      readonly code: number;
      readonly error: VmError;
    };

const PARAMS = { prefix: 'params', whole: 'params' };

/** Reads one JSON-RPC 2.0 request object. Never throws. */
export function readCall(entry: unknown): RpcCall {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    return invalid('null', `the request: expected an object, found ${describeValue(entry)}.`);
  }
  const request = entry as Readonly<Record<string, unknown>>;
  const isNotification = request['id'] === undefined;
  const id = isNotification ? undefined : idText(request['id']);
  if (id === undefined && !isNotification) {
    return invalid(
      'null',
      `id: expected a string, an integer that is exact (up to 2^53 − 1) or null, found ${describeValue(request['id'])}.`,
    );
  }
  const { jsonrpc, method, params } = request;
  // What is no request at all is no notification either: the specification answers it under the id null.
  if (jsonrpc !== '2.0')
    return invalid(id ?? 'null', `jsonrpc: expected "2.0", found ${describeValue(jsonrpc)}.`);
  if (typeof method !== 'string') {
    return invalid(id ?? 'null', `method: expected a string, found ${describeValue(method)}.`);
  }
  if (params !== undefined && (typeof params !== 'object' || params === null)) {
    return invalid(id ?? 'null', `params: expected an object or an array, found ${describeValue(params)}.`);
  }
  if (!isMethodName(method)) return unknownMethod(id, method);
  if (Array.isArray(params) && params.length > 1) {
    const message = `params: expected one object by position, found an array of ${params.length}.`;
    const error = new VmError('REQUEST_INVALID', message);
    return { id, method, job: null, code: RPC_CODES.invalidParams, error };
  }
  const job = readJob(method, (Array.isArray(params) ? params[0] : params) ?? {}, PARAMS);
  if (job instanceof VmError) return { id, method, job: null, code: RPC_CODES.invalidParams, error: job };
  return { id, method, job };
}

/** An id as the answer repeats it; undefined for what cannot be repeated exactly. */
function idText(id: unknown): string | undefined {
  if (typeof id === 'string') return JSON.stringify(id);
  if (id === null) return 'null';
  if (typeof id !== 'number' || !Number.isFinite(id) || Math.abs(id) > Number.MAX_SAFE_INTEGER)
    return undefined;
  return Object.is(id, -0) ? '-0' : String(id);
}

function unknownMethod(id: string | undefined, method: string): RpcCall {
  const names = Object.keys(METHODS);
  const meant = method.length > 64 ? undefined : nearest(method, names);
  const tail = meant === undefined ? `expected one of ${names.join(', ')}.` : `did you mean "${meant}"?`;
  const error = new VmError('REQUEST_INVALID', `method: there is no ${describeValue(method)}; ${tail}`);
  return { id, method: null, job: null, code: RPC_CODES.methodNotFound, error };
}

function invalid(id: string, message: string): RpcCall {
  const error = new VmError('REQUEST_INVALID', message);
  return { id, method: null, job: null, code: RPC_CODES.invalidRequest, error };
}
