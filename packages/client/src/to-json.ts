import { EstimatorError } from './errors.ts';

/**
 * A request's body. A bigint becomes decimal digits, bytes become hexadecimal digits, at any depth.
 * @throws EstimatorError `PARAMS_INVALID` for what JSON cannot hold, such as an object inside itself.
 */
export function toJson(body: unknown): string {
  try {
    return JSON.stringify(body, replaceBytes);
  } catch (cause) {
    throw new EstimatorError('PARAMS_INVALID', `The params cannot be written as JSON: ${cause}`, { cause });
  }
}

/** Takes the value from its holder: Node's Buffer would have made an object of itself before. */
function replaceBytes(this: unknown, key: string, value: unknown): unknown {
  const given = (this as Readonly<Record<string, unknown>>)[key];
  if (typeof given === 'bigint') return `${given}`;
  return given instanceof Uint8Array ? bytesToHex(given) : value;
}

function bytesToHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
