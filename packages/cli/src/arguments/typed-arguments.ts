import { concatBytes, encodeUtf8, VmError } from '@switchyard/core';
import { parseAddress, parseHex, usage } from './parse.ts';

const INTEGER = /^([ui])(8|16|32|64|128|256)$/;

/** What `--arg` takes, for messages and help. */
export const ARGUMENT_TYPES = 'u8…u256, i8…i256, bool, string, bytes, address, hash, hex';

/**
 * The input that typed arguments make: their untagged Borsh encodings, one after another in the given order. Integers are
 * little-endian; string and bytes carry a u32 length; address and hash are 32 bytes; hex is taken as it is.
 * @throws VmError USAGE_INVALID naming the argument.
 */
export function encodeArguments(args: readonly string[]): Uint8Array {
  return concatBytes(...args.map(encodeArgument));
}

function encodeArgument(argument: string): Uint8Array {
  const colon = argument.indexOf(':');
  if (colon < 0) throw usage('--arg', `TYPE:VALUE with a type of ${ARGUMENT_TYPES}`, argument);
  const type = argument.slice(0, colon);
  const value = argument.slice(colon + 1);
  const integer = INTEGER.exec(type);
  if (integer !== null) return encodeInteger(value, integer[1] === 'i', Number(integer[2]), argument);
  switch (type) {
    case 'bool':
      if (value !== 'true' && value !== 'false') throw usage('--arg', 'bool:true or bool:false', argument);
      return Uint8Array.of(value === 'true' ? 1 : 0);
    case 'string':
      return withLength(encodeUtf8(value));
    case 'bytes':
      return withLength(parseHex(value, '--arg'));
    case 'address':
    case 'hash':
      return parseAddress(value, '--arg');
    case 'hex':
      return parseHex(value, '--arg');
    default:
      throw new VmError('USAGE_INVALID', `--arg: there is no type "${type}"; types: ${ARGUMENT_TYPES}.`);
  }
}

function encodeInteger(text: string, isSigned: boolean, bits: number, argument: string): Uint8Array {
  const isNumber = /^-?\d[\d_]*$/.test(text);
  const value = isNumber ? BigInt(text.replaceAll('_', '')) : 0n;
  const wrapped = isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  if (!isNumber || wrapped !== value) {
    throw usage('--arg', `${isSigned ? 'a signed' : 'an unsigned'} ${bits}-bit integer`, argument);
  }
  const bytes = new Uint8Array(bits / 8);
  let rest = BigInt.asUintN(bits, value);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

function withLength(bytes: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length, true);
  return concatBytes(length, bytes);
}
