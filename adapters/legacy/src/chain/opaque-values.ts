import type { Machine } from '../interpreter/machine.ts';
import { expectedType, valueTrap } from '../interpreter/trap.ts';
import { argument, type NativeBody } from '../natives/native.ts';
import { type Box, opaqueOf } from '../values/box.ts';
import { Kind } from '../values/kind.ts';
import { integerOf, setInteger, setNull, setOpaque, setString } from '../values/make.ts';
import type { OpaqueType } from '../values/opaque.ts';

const NOTHING = new Uint8Array(0);

/** Content of an opaque value. @throws Trap ExpectedOpaque, InvalidOpaqueTypeMismatch. */
export function requireOpaque(box: Box, type: OpaqueType): Uint8Array {
  if (box.kind !== Kind.Opaque) throw valueTrap('ExpectedOpaque');
  const opaque = opaqueOf(box);
  if (opaque.type !== type) throw valueTrap('InvalidOpaqueTypeMismatch');
  return opaque.bytes;
}

/** An opaque argument. @throws Trap. */
export function opaqueArgument(machine: Machine, index: number, type: OpaqueType): Uint8Array {
  return requireOpaque(argument(machine, index), type);
}

/** A u64 argument. @throws Trap ExpectedValueOfType(U64). */
export function u64Argument(machine: Machine, index: number): bigint {
  const box = argument(machine, index);
  if (box.kind !== Kind.U64) throw expectedType('U64');
  return integerOf(box);
}

/** A body that gives an opaque value. */
export function giveOpaque(machine: Machine, type: OpaqueType, bytes: Uint8Array = NOTHING): true {
  setOpaque(machine.result, { type, bytes });
  return true;
}

export function giveU64(machine: Machine, value: bigint): true {
  setInteger(machine.result, Kind.U64, value);
  return true;
}

export function giveText(machine: Machine, text: string): true {
  setString(machine.result, text);
  return true;
}

export function giveNull(machine: Machine): true {
  setNull(machine.result);
  return true;
}

/** A body on a receiver of one opaque type. */
export function on(
  type: OpaqueType,
  run: (machine: Machine, bytes: Uint8Array, args: number) => boolean,
): NativeBody {
  return (machine, self, args) => run(machine, requireOpaque(self, type), args);
}

/** An Address value: mainnet flag, key, kind 0 (a normal address). */
export function addressBytes(key: Uint8Array, isMainnet: boolean): Uint8Array {
  const bytes = new Uint8Array(34);
  bytes[0] = isMainnet ? 1 : 0;
  bytes.set(key, 1);
  return bytes;
}
