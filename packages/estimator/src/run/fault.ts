import { bytesToHex, decodeUtf8, type ExecutionResult, type VmError } from '@switchyard/core';
import type { z } from 'zod';
import type { fault } from '../api/results.ts';

/** A fault as JSON has it. */
export type FaultJson = z.output<typeof fault>;

/** Why a call failed, with what its run left where it ran. */
export function faultOf(error: VmError, result?: ExecutionResult): FaultJson {
  const { code, message, hint, native, pc, contract, details } = error;
  const returnData = result?.returnData ?? new Uint8Array(0);
  return {
    code,
    message,
    hint,
    reason: reasonOf(returnData, result?.returnValue),
    native: native?.detail ?? null,
    exitCode: result === undefined || result.exitCode === null ? null : `${result.exitCode}`,
    returnData: bytesToHex(returnData),
    pc: pc ?? null,
    contract: contract === undefined ? null : bytesToHex(contract),
    source: details['source'] ?? null,
    details,
  };
}

/** What a contract gave back as its reason: text as it is, or a typed value that is text. */
function reasonOf(returnData: Uint8Array, returnValue: unknown): string | null {
  if (typeof returnValue === 'string') return returnValue;
  if (returnData.length === 0) return null;
  const text = decodeUtf8(returnData);
  // A number's bytes are seldom text without control characters.
  return text === undefined || /\p{Cc}/u.test(text.replace(/[\n\t]/g, '')) ? null : text;
}
