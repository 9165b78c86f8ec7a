import type { Machine } from '../interpreter/machine.ts';
import { environmentTrap, valueTrap } from '../interpreter/trap.ts';
import { type Box, mapOf, resolve } from '../values/box.ts';
import { cloneAll, copyInto, moveInto } from '../values/copy.ts';
import { Kind } from '../values/kind.ts';
import type { LegacyMap } from '../values/legacy-map.ts';
import { setBoolean, setNull, setObject, setSmall } from '../values/make.ts';
import { unmeteredMeasure } from '../values/measure.ts';
import { checkDepth } from './array.ts';
import { argument, method, type Native } from './native.ts';

/** Work for each byte of a key that is not a primitive: its lookup builds a text of it. */
const KEY_WORK = 32;

/** @throws Trap ExpectedStruct, which is the reference's name for "not a map". */
function requireMap(box: Box): LegacyMap {
  if (box.kind !== Kind.Map) throw valueTrap('ExpectedStruct');
  return mapOf(box);
}

/** The key at a stack index. Looking it up takes time in its size, which the price does not cover. @throws Trap InvalidKeyType. */
function requireKey(machine: Machine, index: number): Box {
  const key = argument(machine, index);
  if (key.kind === Kind.Map) throw environmentTrap('InvalidKeyType');
  if (key.kind === Kind.String) machine.spend(key.lo);
  else if (key.kind >= Kind.Bytes) machine.spend(KEY_WORK * unmeteredMeasure(key));
  return key;
}

/** Moves a removed or replaced value to the result, or null. */
function giveOld(machine: Machine, old: Box | undefined): true {
  if (old === undefined) setNull(machine.result);
  else moveInto(machine.result, old);
  return true;
}

function insert(machine: Machine, self: Box, args: number): true {
  const keySlot = machine.stack[args]!;
  const valueSlot = machine.stack[args + 1]!;
  requireKey(machine, args);
  checkDepth(machine, keySlot);
  const map = requireMap(self);
  if (map.size >= 0xffff_ffff) throw environmentTrap('OutOfMemory');
  checkDepth(machine, valueSlot);
  return giveOld(machine, map.insert(machine.takeBox(keySlot), machine.takeBox(valueSlot)));
}

/** Natives 112–120. */
export const mapNatives: readonly Native[] = [
  method('map.len', 0, 1, (machine, self) => {
    setSmall(machine.result, Kind.U32, requireMap(self).size);
    return true;
  }),
  method('map.contains_key', 1, 15, (machine, self, args) => {
    const key = requireKey(machine, args);
    setBoolean(machine.result, requireMap(self).has(key));
    return true;
  }),
  method('map.get', 1, 15, (machine, self, args) => {
    const key = requireKey(machine, args);
    const value = requireMap(self).get(key);
    if (value === undefined) setNull(machine.result);
    else copyInto(machine.result, value, machine);
    return true;
  }),
  method('map.insert', 2, 30, insert),
  method('map.shift_remove', 1, 15, (machine, self, args) => {
    const key = requireKey(machine, args);
    const map = requireMap(self);
    machine.gas.charge(map.size);
    return giveOld(machine, map.shiftRemove(resolve(key)));
  }),
  method('map.swap_remove', 1, 15, (machine, self, args) => {
    const key = requireKey(machine, args);
    return giveOld(machine, requireMap(self).swapRemove(key));
  }),
  method('map.clear', 0, 5, (_machine, self) => {
    requireMap(self).clear();
    return false;
  }),
  method('map.keys', 0, 20, (machine, self) => {
    const map = requireMap(self);
    machine.gas.charge(8 * map.size);
    setObject(machine.result, cloneAll(map.keys, machine));
    return true;
  }),
  method('map.values', 0, 20, (machine, self) => {
    const map = requireMap(self);
    machine.gas.charge(5 * map.size);
    setObject(machine.result, cloneAll(map.values, machine));
    return true;
  }),
];
