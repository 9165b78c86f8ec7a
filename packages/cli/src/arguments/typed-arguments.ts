import {
  type CallCodec,
  type CallParameter,
  concatBytes,
  encodeBorsh,
  type IntegerKind,
  isIntegerKind,
  naturalType,
  type TypedValue,
  VmError,
} from '@switchyard/core';
import { parseAddress, parseHex, usage } from './parse.ts';

const INTEGER = /^([ui])(8|16|32|64|128|256)$/;

/** How an engine takes the parameters of a call. */
export type ParameterCodec = Pick<CallCodec, 'encodeParameters'>;

/** What `--arg` takes, for messages and help. */
export const ARGUMENT_TYPES = 'u8…u256, i8…i256, bool, string, bytes, address, hash, hex';

/**
 * The input that typed arguments make, in the given order, as an engine's calls take them; without an engine their untagged Borsh, one
 * after another: integers little-endian, string and bytes after a u32 length, address and hash 32 bytes, hex as it is.
 * @throws VmError USAGE_INVALID naming the argument; VALUE_INVALID for one that the engine has no form for.
 */
export function encodeArguments(args: readonly string[], calls?: ParameterCodec): Uint8Array {
  const parameters = args.map(parseArgument);
  return calls === undefined
    ? concatBytes(...parameters.map(({ value }) => encodeBorsh(value, naturalType(value)!)))
    : calls.encodeParameters(parameters);
}

function parseArgument(argument: string): CallParameter {
  const colon = argument.indexOf(':');
  if (colon < 0) throw usage('--arg', `TYPE:VALUE with a type of ${ARGUMENT_TYPES}`, argument);
  return { value: parseValue(argument.slice(0, colon), argument.slice(colon + 1), argument) };
}

function parseValue(type: string, text: string, argument: string): TypedValue {
  const integer = INTEGER.exec(type);
  if (integer !== null) return parseInteger(type, integer[1] === 'i', Number(integer[2]), text, argument);
  switch (type) {
    case 'bool':
      if (text !== 'true' && text !== 'false') throw usage('--arg', 'bool:true or bool:false', argument);
      return { kind: 'bool', value: text === 'true' };
    case 'string':
      return { kind: 'string', value: text };
    case 'bytes':
      return { kind: 'bytes', value: parseHex(text, '--arg') };
    case 'address':
      return opaque('Address', parseAddress(text, '--arg'));
    case 'hash':
      return opaque('Hash', parseAddress(text, '--arg'));
    case 'hex':
      return opaque('hex', parseHex(text, '--arg'));
    default:
      throw new VmError('USAGE_INVALID', `--arg: there is no type "${type}"; types: ${ARGUMENT_TYPES}.`);
  }
}

/** What has bytes in Borsh but is no kind of typed value: it passes as the bytes, and an engine of cells refuses it by its name. */
function opaque(type: string, content: Uint8Array): TypedValue {
  return { kind: 'opaque', type, content };
}

function parseInteger(
  type: string,
  isSigned: boolean,
  bits: number,
  text: string,
  argument: string,
): TypedValue {
  const isNumber = /^-?\d[\d_]*$/.test(text);
  const value = isNumber ? BigInt(text.replaceAll('_', '')) : 0n;
  const wrapped = isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  if (!isNumber || wrapped !== value) {
    throw usage('--arg', `${isSigned ? 'a signed' : 'an unsigned'} ${bits}-bit integer`, argument);
  }
  if (isIntegerKind(type)) return { kind: type, value };
  const unsigned = `u${bits}` as IntegerKind;
  return opaque(
    type,
    encodeBorsh({ kind: unsigned, value: BigInt.asUintN(bits, value) }, { kind: unsigned }),
  );
}
