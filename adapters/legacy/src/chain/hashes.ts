import { blake3 } from '@noble/hashes/blake3.js';
import { sha3_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, hexToBytes } from '@switchyard/core';
import type { Machine } from '../interpreter/machine.ts';
import { environmentTrap, expectedType, Trap } from '../interpreter/trap.ts';
import { arrayOfBytes, bytesOfArray } from '../natives/array.ts';
import { requireBytes } from '../natives/bytes.ts';
import { argument, free, method, type Native, requireArray, requireText } from '../natives/native.ts';
import { Kind } from '../values/kind.ts';
import { integerOf, setBoolean, setBytes, setInteger, setObject } from '../values/make.ts';
import { fromLimbBytes, toLimbBytes } from '../values/u256.ts';
import { parseAddress } from './address-text.ts';
import { chainHostOf } from './chain-host.ts';
import { addressBytes, giveOpaque, giveText, on } from './opaque-values.ts';

function giveHash(machine: Machine, bytes: Uint8Array): true {
  if (bytes.length !== 32) throw environmentTrap('InvalidParameter');
  return giveOpaque(machine, 'Hash', bytes);
}

/** Bytes of an `u8[]` argument. */
function arrayArgument(machine: Machine, index: number): Uint8Array {
  return bytesOfArray(machine, requireArray(argument(machine, index)));
}

/** Natives 165–180. */
export const hashNatives: readonly Native[] = [
  method(
    'Address.is_mainnet',
    0,
    5,
    on('Address', (machine, bytes) => {
      setBoolean(machine.result, bytes[0] === 1);
      return true;
    }),
  ),
  method(
    'Address.is_normal',
    0,
    5,
    on('Address', (machine) => {
      setBoolean(machine.result, true);
      return true;
    }),
  ),
  method(
    'Address.to_public_key_bytes',
    0,
    10,
    on('Address', (machine, bytes) => {
      setBytes(machine.result, bytes.slice(1, 33));
      return true;
    }),
  ),
  free('Address.from_string', 1, 75, (machine, _, args) => {
    const address = parseAddress(requireText(machine, argument(machine, args)));
    if (address === undefined) throw environmentTrap('InvalidParameter');
    return giveOpaque(machine, 'Address', addressBytes(address.key, address.isMainnet));
  }),
  method(
    'Hash.to_bytes',
    0,
    5,
    on('Hash', (machine, bytes) => {
      setBytes(machine.result, bytes.slice());
      return true;
    }),
  ),
  method(
    'Hash.to_array',
    0,
    5,
    on('Hash', (machine, bytes) => {
      setObject(machine.result, arrayOfBytes(machine, bytes));
      return true;
    }),
  ),
  method(
    'Hash.to_u256',
    0,
    5,
    on('Hash', (machine, bytes) => {
      setInteger(machine.result, Kind.U256, fromLimbBytes(bytes));
      return true;
    }),
  ),
  method(
    'Hash.to_hex',
    0,
    20,
    on('Hash', (machine, bytes) => giveText(machine, bytesToHex(bytes))),
  ),
  free('Hash.from_bytes', 1, 75, (machine, _, args) =>
    giveHash(machine, requireBytes(argument(machine, args)).bytes.slice()),
  ),
  free('Hash.from_array', 1, 75, (machine, _, args) => giveHash(machine, arrayArgument(machine, args))),
  free('Hash.from_u256', 1, 75, (machine, _, args) => {
    const value = argument(machine, args);
    if (value.kind !== Kind.U256) throw expectedType('U256');
    return giveHash(machine, toLimbBytes(integerOf(value)));
  }),
  free('Hash.from_hex', 1, 75, (machine, _, args) => {
    const text = requireText(machine, argument(machine, args));
    const bytes = /^[0-9a-fA-F]{64}$/.test(text) ? hexToBytes(text) : undefined;
    return giveHash(machine, bytes ?? new Uint8Array(0));
  }),
  free('Hash.blake3', 1, 3000, (machine, _, args) => giveHash(machine, blake3(arrayArgument(machine, args)))),
  // SHA3-256 despite its name (spec §7.5).
  free('Hash.sha256', 1, 7500, (machine, _, args) =>
    giveHash(machine, sha3_256(arrayArgument(machine, args))),
  ),
  free('Hash.zero', 0, 1, (machine) => giveHash(machine, new Uint8Array(32))),
  free('Hash.max', 0, 1, (machine) => giveHash(machine, new Uint8Array(32).fill(0xff))),
];

const RANDOM_KINDS: readonly (readonly [string, Kind, number])[] = [
  ['u8', Kind.U8, 1],
  ['u16', Kind.U16, 2],
  ['u32', Kind.U32, 4],
  ['u64', Kind.U64, 8],
  ['u128', Kind.U128, 16],
  ['u256', Kind.U256, 32],
];

/** Natives 181–188. */
export const randomNatives: readonly Native[] = [
  free('Random.new', 0, 5, (machine) => giveOpaque(machine, 'Random')),
  ...RANDOM_KINDS.map(([name, kind, length]) =>
    method(
      `Random.next_${name}`,
      0,
      5,
      on('Random', (machine) => {
        const bytes = chainHostOf(machine).random(length);
        setInteger(machine.result, kind, BigInt(`0x${bytesToHex(bytes.toReversed())}`));
        return true;
      }),
    ),
  ),
  method(
    'Random.next_bool',
    0,
    5,
    on('Random', (machine) => {
      setBoolean(machine.result, (chainHostOf(machine).random(1)[0]! & 1) === 1);
      return true;
    }),
  ),
];

/** Natives 207 and 208. */
export const signatureNatives: readonly Native[] = [
  method('Signature.verify', 2, 500, () => {
    throw new Trap('host', 'machine', 'SignatureUnsupported');
  }),
  free('Signature.from_bytes', 1, 75, (machine, _, args) => {
    const bytes = arrayArgument(machine, args);
    if (bytes.length !== 64) throw environmentTrap('InvalidParameter');
    return giveOpaque(machine, 'Signature', bytes);
  }),
];
