import type { Machine } from '../interpreter/machine.ts';
import { environmentTrap, expectedType, valueTrap } from '../interpreter/trap.ts';
import { noteGrowth, noteReplaced } from '../interpreter/undefined-uses.ts';
import { Box, resolve } from '../values/box.ts';
import { equalCells } from '../values/compare.ts';
import { BOX_WORK, cloneAll, copyInto, moveInto } from '../values/copy.ts';
import { debugPrimitive } from '../values/display.ts';
import { Kind } from '../values/kind.ts';
import { setBoolean, setBytes, setNull, setObject, setSmall } from '../values/make.ts';
import { isDeeperThan } from '../values/measure.ts';
import { argument, method, type Native, requireArray, requireRange, requireU32 } from './native.ts';

const MAX_LENGTH = 0xffff_ffff;

/** The `u32` ends of a slice within `length`. @throws Trap InvalidValue, ExpectedValueOfType. */
export function sliceEnds(range: Box): readonly [number, number] {
  const { start, end } = requireRange(range);
  return [endOf(start), endOf(end)];
}

function endOf(box: Box): number {
  if (box.kind !== Kind.U32) throw valueTrap('InvalidValue', `(${debugPrimitive(box)}, U32)`);
  return box.lo >>> 0;
}

/** The end must be *below* the length (spec §7.4). */
export function checkSlice(start: number, end: number, length: number): void {
  if (start >= length || end >= length || start >= end) {
    throw environmentTrap('InvalidRange', `(${start}, ${end})`);
  }
}

/** Refuses a value that would nest deeper than the context allows below a container one level under the slot's pointer. */
export function checkDepth(machine: Machine, slot: Box): void {
  const pointerDepth = slot.kind === Kind.Pointer ? slot.lo : 0;
  const room = machine.config.maxValueDepth - (pointerDepth + 1);
  if (isDeeperThan(resolve(slot), room, false)) throw valueTrap('MaxDepthReached');
}

/** Writes a copy of an element to the result, or null when there is none. */
function giveCopy(machine: Machine, element: Box | undefined): true {
  if (element === undefined) setNull(machine.result);
  else copyInto(machine.result, element, machine);
  return true;
}

function checkGrowth(length: number): void {
  if (length > MAX_LENGTH) throw environmentTrap('OutOfMemory');
}

/** Natives 0–11. */
export const arrayNatives: readonly Native[] = [
  method('array.len', 0, 1, (machine, self) => {
    setSmall(machine.result, Kind.U32, requireArray(self).length);
    return true;
  }),
  method('array.push', 1, 2, (machine, self, args) => {
    const elements = requireArray(self);
    checkGrowth(elements.length + 1);
    const slot = machine.stack[args]!;
    checkDepth(machine, slot);
    noteGrowth(machine, elements);
    elements.push(machine.takeBox(slot));
    return false;
  }),
  method('array.remove', 1, 5, (machine, self, args) => {
    const index = requireU32(argument(machine, args));
    const elements = requireArray(self);
    const { length } = elements;
    if (index >= length) throw environmentTrap('OutOfBounds', `(${index}, ${length})`);
    machine.gas.charge(5 * length);
    noteReplaced(machine, elements[index]!);
    noteReplaced(machine, elements[length - 1]!, true);
    moveInto(machine.result, elements[index]!);
    // Contents move and boxes stay: a pointer to a slot then sees its new content.
    for (let i = index; i + 1 < length; i++) moveInto(elements[i]!, elements[i + 1]!);
    elements.pop();
    return true;
  }),
  method('array.pop', 0, 1, (machine, self) => {
    const elements = requireArray(self);
    const last = elements.at(-1);
    if (last === undefined) {
      setNull(machine.result);
    } else {
      noteReplaced(machine, last, true);
      moveInto(machine.result, last);
      elements.pop();
    }
    return true;
  }),
  method('array.slice', 1, 5, (machine, self, args) => {
    const [start, end] = sliceEnds(argument(machine, args));
    const elements = requireArray(self);
    checkSlice(start, end, elements.length);
    machine.gas.charge(5 * elements.length);
    setObject(machine.result, cloneAll(elements.slice(start, end), machine));
    return true;
  }),
  method('array.contains', 1, 10, (machine, self, args) => {
    const elements = requireArray(self);
    machine.gas.charge(5 * elements.length);
    const wanted = argument(machine, args);
    setBoolean(
      machine.result,
      elements.some((element) => equalCells(element, wanted, machine)),
    );
    return true;
  }),
  method('array.get', 1, 1, (machine, self, args) => {
    const index = requireU32(argument(machine, args));
    return giveCopy(machine, requireArray(self)[index]);
  }),
  method('array.first', 0, 1, (machine, self) => giveCopy(machine, requireArray(self)[0])),
  method('array.last', 0, 1, (machine, self) => giveCopy(machine, requireArray(self).at(-1))),
  method('array.extend', 1, 5, (machine, self, args) => {
    const slot = machine.stack[args]!;
    const others = requireArray(resolve(slot));
    machine.gas.charge(others.length);
    const elements = requireArray(self);
    checkGrowth(elements.length + others.length);
    noteGrowth(machine, elements);
    for (const element of slot.kind === Kind.Pointer ? cloneAll(others, machine) : others)
      elements.push(element);
    return false;
  }),
  method('array.concat', 0, 5, (machine, self) => {
    const outer = requireArray(self);
    machine.gas.charge(outer.length);
    const joined: Box[] = [];
    for (const inner of outer) {
      const elements = requireArray(inner);
      machine.gas.charge(elements.length);
      checkGrowth(joined.length + elements.length);
      for (const element of cloneAll(elements, machine)) joined.push(element);
    }
    setObject(machine.result, joined);
    return true;
  }),
  method('array.to_bytes', 0, 1, (machine, self) => {
    const elements = requireArray(self);
    machine.gas.charge(elements.length);
    setBytes(machine.result, bytesOfArray(machine, elements));
    return true;
  }),
];

/** The bytes of an Object of u8. @throws Trap. */
export function bytesOfArray(machine: Machine, elements: readonly Box[]): Uint8Array {
  machine.spend(elements.length);
  return Uint8Array.from(elements, (element) => {
    if (element.kind !== Kind.U8) throw expectedType('U8');
    return element.lo;
  });
}

/** Bytes as an Object of u8. */
export function arrayOfBytes(machine: Machine, bytes: Uint8Array): Box[] {
  machine.spend(bytes.length * BOX_WORK);
  const elements: Box[] = new Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const box = new Box();
    setSmall(box, Kind.U8, bytes[i]!);
    elements[i] = box;
  }
  return elements;
}
