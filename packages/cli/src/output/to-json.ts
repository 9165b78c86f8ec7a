import { bytesToHex, VmError } from '@switchyard/core';

/** Version of the `--json` output. Raised when a field changes its meaning or goes. */
export const SCHEMA_VERSION = 1;

/** A value as `--json` prints it: bigints as decimal strings, bytes as hexadecimal, errors with code, native name, hint and details. */
export function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return bytesToHex(value);
  if (value instanceof VmError) return errorToJson(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (value === undefined) return null;
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? '(function)' : value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, toJson(field)]));
}

function errorToJson(error: VmError): unknown {
  return {
    code: error.code,
    number: error.number,
    message: error.message,
    native: error.native ?? null,
    pc: error.pc ?? null,
    contract: error.contract === undefined ? null : bytesToHex(error.contract),
    details: error.details,
    hint: error.hint,
  };
}
