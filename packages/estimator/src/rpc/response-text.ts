import { extendedFault, type Failure } from '../http/fault-text.ts';

/** Response with a result that is JSON text already; `id` is JSON text, too. */
export function resultResponse(id: string, json: string): string {
  return `{"jsonrpc":"2.0","id":${id},"result":${json}}`;
}

/** Response with an error, whose `data` is the fault. */
export function errorResponse(id: string, code: number, failure: Failure): string {
  return `{"jsonrpc":"2.0","id":${id},"error":{"code":${code},"message":${JSON.stringify(failure.message)},"data":${extendedFault(failure)}}}`;
}
