import type { Machine } from '../interpreter/machine.ts';
import { environmentTrap, expectedType, valueTrap } from '../interpreter/trap.ts';
import { type Box, type ByteVector, bytesOf } from '../values/box.ts';
import { Kind } from '../values/kind.ts';
import { setBoolean, setBytes, setNull, setObject, setSmall } from '../values/make.ts';
import { arrayOfBytes, checkSlice, sliceEnds } from './array.ts';
import { argument, method, type Native, requireU8, requireU32 } from './native.ts';

/** @throws Trap ExpectedBytes. */
export function requireBytes(box: Box): ByteVector {
  if (box.kind !== Kind.Bytes) throw valueTrap('ExpectedBytes');
  return bytesOf(box);
}

/** Writes a byte to the result, or null when there is none. */
function give(machine: Machine, vector: ByteVector, index: number): true {
  if (index < 0 || index >= vector.length) setNull(machine.result);
  else setSmall(machine.result, Kind.U8, vector.data[index]!);
  return true;
}

/** Natives 12–21. */
export const bytesNatives: readonly Native[] = [
  method('bytes.len', 0, 1, (machine, self) => {
    setSmall(machine.result, Kind.U32, requireBytes(self).length);
    return true;
  }),
  method('bytes.push', 1, 2, (machine, self, args) => {
    const vector = requireBytes(self);
    if (vector.length >= 0xffff_ffff) throw environmentTrap('OutOfMemory');
    vector.push(requireU8(argument(machine, args)));
    machine.spend(1);
    return false;
  }),
  method('bytes.remove', 1, 5, (machine, self, args) => {
    const index = requireU32(argument(machine, args));
    const vector = requireBytes(self);
    const { data, length } = vector;
    if (index >= length) throw environmentTrap('OutOfBounds', `(${index}, ${length})`);
    machine.gas.charge(2 * length);
    setSmall(machine.result, Kind.U8, data[index]!);
    data.copyWithin(index, index + 1, length);
    vector.length--;
    return true;
  }),
  method('bytes.pop', 0, 1, (machine, self) => {
    const vector = requireBytes(self);
    give(machine, vector, vector.length - 1);
    if (vector.length > 0) vector.length--;
    return true;
  }),
  method('bytes.slice', 1, 5, (machine, self, args) => {
    const [start, end] = sliceEnds(argument(machine, args));
    const vector = requireBytes(self);
    checkSlice(start, end, vector.length);
    machine.gas.charge(5 * vector.length);
    setBytes(machine.result, vector.data.slice(start, end));
    return true;
  }),
  method('bytes.contains', 1, 10, (machine, self, args) => {
    const wanted = argument(machine, args);
    if (wanted.kind !== Kind.U8) throw expectedType('U8');
    const vector = requireBytes(self);
    machine.gas.charge(5 * vector.length);
    setBoolean(machine.result, vector.bytes.includes(wanted.lo));
    return true;
  }),
  method('bytes.get', 1, 1, (machine, self, args) => {
    const index = requireU32(argument(machine, args));
    return give(machine, requireBytes(self), index);
  }),
  method('bytes.first', 0, 1, (machine, self) => give(machine, requireBytes(self), 0)),
  method('bytes.last', 0, 1, (machine, self) => {
    const vector = requireBytes(self);
    return give(machine, vector, vector.length - 1);
  }),
  method('bytes.to_array', 0, 1, (machine, self) => {
    const vector = requireBytes(self);
    machine.gas.charge(vector.length);
    setObject(machine.result, arrayOfBytes(machine, vector.bytes));
    return true;
  }),
];
