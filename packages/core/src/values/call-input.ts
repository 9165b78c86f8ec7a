import { concatBytes, hexToBytes } from '../bytes.ts';
import { VmError } from '../errors/vm-error.ts';
import type { CallCodec, CallParameter } from '../vm/engine-tools.ts';
import { encodeBorsh } from './borsh.ts';
import { naturalType } from './natural-type.ts';
import { type IntegerKind, isIntegerKind, type TypedValue } from './typed-value.ts';

const INTEGER = /^([ui])(8|16|32|64|128|256)$/;
const FULL_ADDRESS = /^(?:0x)?[0-9a-fA-F]{64}$/;
const SHORT_ADDRESS = /^0x[0-9a-fA-F]{1,16}$/;

/** The types that an argument may have, for messages and help. */
export const ARGUMENT_TYPES = 'u8…u256, i8…i256, bool, string, bytes, address, hash, hex';

/** How an engine takes the parameters of a call. */
export type ParameterCodec = Pick<CallCodec, 'encodeParameters' | 'cells'>;

/**
 * The input that parameters make, in the given order, as an engine's calls take them; without an engine their untagged Borsh, one after
 * another: integers little-endian, string and bytes after a u32 length, address and hash 32 bytes, hex as it is.
 * @param network of the block: where an engine's values are cells, an account is an address of it.
 * @throws VmError VALUE_INVALID for a parameter that the engine has no form for.
 */
export function encodeCallInput(
  parameters: readonly CallParameter[],
  calls: ParameterCodec | undefined,
  network = 'devnet',
): Uint8Array {
  if (calls === undefined) {
    return concatBytes(...parameters.map(({ value }) => encodeBorsh(value, naturalType(value)!)));
  }
  const { cells } = calls;
  if (cells === undefined) return calls.encodeParameters(parameters);
  const addressed = (value: TypedValue): TypedValue =>
    value.kind === 'opaque' && value.type === 'Address' ? cells.address(value.content, network) : value;
  return calls.encodeParameters(parameters.map((each) => ({ ...each, value: addressed(each.value) })));
}

/** A parameter from text, `TYPE:VALUE` with one of ARGUMENT_TYPES. @throws VmError VALUE_INVALID saying what was expected. */
export function argumentFromText(argument: string): CallParameter {
  const colon = argument.indexOf(':');
  if (colon < 0) throw wrong(`TYPE:VALUE with a type of ${ARGUMENT_TYPES}`, argument);
  return { value: parseValue(argument.slice(0, colon), argument.slice(colon + 1), argument) };
}

/**
 * An address, hash or asset: 64 hexadecimal digits, with or without 0x; or 0x and up to 16 digits for a small number, as tests use
 * them. Nothing between: an address that lost a digit on the way must not become another one. @returns undefined for any other text.
 */
export function addressFromText(text: string): Uint8Array | undefined {
  if (!FULL_ADDRESS.test(text) && !SHORT_ADDRESS.test(text)) return undefined;
  return hexToBytes(text.replace(/^0x/, '').padStart(64, '0'));
}

function parseValue(type: string, text: string, argument: string): TypedValue {
  const integer = INTEGER.exec(type);
  if (integer !== null) return parseInteger(type, integer[1] === 'i', Number(integer[2]), text, argument);
  switch (type) {
    case 'bool':
      if (text !== 'true' && text !== 'false') throw wrong('bool:true or bool:false', argument);
      return { kind: 'bool', value: text === 'true' };
    case 'string':
      return { kind: 'string', value: text };
    case 'bytes':
      return { kind: 'bytes', value: parseHex(text) };
    case 'address':
      return opaque('Address', parseAddress(text));
    case 'hash':
      return opaque('Hash', parseAddress(text));
    case 'hex':
      return opaque('hex', parseHex(text));
    default:
      throw new VmError('VALUE_INVALID', `there is no type "${type}"; types: ${ARGUMENT_TYPES}.`);
  }
}

function parseHex(text: string): Uint8Array {
  const bytes = hexToBytes(text);
  if (bytes === undefined) throw wrong('an even number of hexadecimal digits', text);
  return bytes;
}

function parseAddress(text: string): Uint8Array {
  const address = addressFromText(text);
  if (address === undefined) throw wrong('64 hexadecimal digits, or 0x and up to 16', text);
  return address;
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
  // 2^256 has 78 digits: no text is turned into a number that is longer than any that fits.
  const isNumber = /^-?\d[\d_]{0,127}$/.test(text);
  const value = isNumber ? BigInt(text.replaceAll('_', '')) : 0n;
  const wrapped = isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  if (!isNumber || wrapped !== value) {
    throw wrong(`${isSigned ? 'a signed' : 'an unsigned'} ${bits}-bit integer`, argument);
  }
  if (isIntegerKind(type)) return { kind: type, value };
  const unsigned = `u${bits}` as IntegerKind;
  return opaque(
    type,
    encodeBorsh({ kind: unsigned, value: BigInt.asUintN(bits, value) }, { kind: unsigned }),
  );
}

function wrong(expected: string, found: string): VmError {
  return new VmError('VALUE_INVALID', `expected ${expected}, found "${found}".`);
}
