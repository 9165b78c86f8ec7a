import { Box, bytesOf, elementsOf, resolve } from '../values/box.ts';
import { compareCells, equalCells } from '../values/compare.ts';
import { BOX_WORK, cloneAll, moveInto } from '../values/copy.ts';
import { isInteger, Kind } from '../values/kind.ts';
import { LegacyMap } from '../values/legacy-map.ts';
import { make, setBoolean, setObject, setSmall } from '../values/make.ts';
import type { Machine } from './machine.ts';
import { STACK_SLOTS } from './machine-limits.ts';
import { environmentTrap, expectedType, machineTrap, valueTrap } from './trap.ts';

/** The elements of an Object. @throws Trap ExpectedValueOfType(Array(Any)). */
export function requireElements(box: Box): Box[] {
  if (box.kind !== Kind.Object) throw expectedType('Array(Any)');
  return elementsOf(box);
}

/** `SubLoad` and the end of `ArrayCall`: the slot's element replaces it; a pointer stays a pointer (spec §4.2). */
export function loadElement(slot: Box, index: number): void {
  const value = resolve(slot);
  if (value.kind === Kind.Bytes) {
    const { data, length } = bytesOf(value);
    if (index >= length) throw valueTrap('OutOfBounds', `(${index}, ${length})`);
    setSmall(slot, Kind.U8, data[index]!);
    return;
  }
  const elements = requireElements(value);
  const element = elements[index];
  if (element === undefined) throw valueTrap('OutOfBounds', `(${index}, ${elements.length})`);
  if (slot.kind === Kind.Pointer) {
    slot.origin ??= slot.ref as Box;
    slot.ref = element;
    slot.lo++;
  } else {
    moveInto(slot, element);
  }
}

/** `NewObject`: the top `count` values become one Object. */
export function newObject(machine: Machine, count: number): void {
  if (count > machine.sp) throw machineTrap('EmptyStack');
  machine.spend(count * BOX_WORK);
  const elements: Box[] = new Array(count);
  for (let i = count - 1; i >= 0; i--) {
    const box = new Box();
    machine.take(box, machine.pop());
    elements[i] = box;
  }
  setObject(machine.result, elements);
  pushResult(machine);
}

/** `NewMap`: pairs from the top go in first, so the first pair of a repeated key wins. */
export function newMap(machine: Machine, count: number): void {
  const map = new LegacyMap();
  for (let i = 0; i < count; i++) {
    const value = machine.takeBox(machine.pop());
    const key = machine.takeBox(machine.pop());
    if (key.kind === Kind.Map) throw environmentTrap('InvalidKeyType');
    map.insert(key, value);
  }
  machine.result.kind = Kind.Map;
  machine.result.ref = map;
  const size = machine.measure(machine.result);
  machine.chargeMemory(size);
  moveInto(machine.pushUnchecked(), machine.result);
}

/** `NewRange`. */
export function newRange(machine: Machine): void {
  const end = machine.takeBox(machine.pop());
  const start = machine.takeBox(machine.pop());
  if (!isInteger(start.kind) || start.kind !== end.kind) throw machineTrap('InvalidRangeType');
  moveInto(machine.result, make.range(start, end));
  pushResult(machine);
}

/** Charges the memory of `machine.result` and pushes it. */
export function pushResult(machine: Machine): void {
  machine.chargeMemoryOf(machine.result);
  moveInto(machine.push(), machine.result);
}

/** `Flatten`, and a hit of `Match`: elements go onto the stack in order; gas for each. */
export function flatten(machine: Machine, slot: Box): void {
  const value = resolve(slot);
  const elements = requireElements(value);
  const { length } = elements;
  machine.gas.charge(length);
  if (machine.sp + length >= STACK_SLOTS) throw machineTrap('StackOverflow');
  // The slot is the first to be overwritten, so what it pointed to is taken before.
  const owned = slot.kind === Kind.Pointer ? cloneAll(elements, machine) : elements;
  for (const element of owned) moveInto(machine.pushUnchecked(), element);
}

/** `Match` up to its jump (spec §3.4). @returns true on a hit. */
export function match(machine: Machine, magic: number): boolean {
  if (magic > 0) {
    const slot = machine.peek();
    const [id] = requireElements(resolve(slot));
    if (id === undefined || id.kind !== Kind.U8 || id.lo !== magic - 1) return false;
    machine.sp--;
    flatten(machine, slot);
    return true;
  }
  const expected = resolve(machine.pop());
  const actual = resolve(machine.peek());
  if (actual.kind < Kind.U8 || actual.kind > Kind.U128) return equalCells(expected, actual, machine);
  if (expected.kind !== Kind.Range) return false;
  const { start, end } = expected.ref as { start: Box; end: Box };
  if (start.kind !== actual.kind) return false;
  return compareCells(actual, start)! >= 0 && (compareCells(actual, end) ?? 1) <= 0;
}

/** `And`, `Or`: what is on the stack becomes one bool. */
export function logical(machine: Machine, isOr: boolean): void {
  const right = machine.pop();
  let result: boolean;
  if (isOr) {
    const left = machine.pop();
    result = booleanOf(resolve(left)) || booleanOf(resolve(right));
  } else {
    const isRight = booleanOf(resolve(right));
    result = booleanOf(resolve(machine.pop())) && isRight;
  }
  setBoolean(machine.pushUnchecked(), result);
}

/** A bool. @throws Trap ExpectedValueOfType(Bool). */
export function booleanOf(box: Box): boolean {
  if (box.kind !== Kind.Boolean) throw expectedType('Bool');
  return box.lo === 1;
}

/** A u32. @throws Trap ExpectedValueOfType(U32). */
export function u32Of(box: Box): number {
  if (box.kind !== Kind.U32) throw expectedType('U32');
  return box.lo >>> 0;
}
