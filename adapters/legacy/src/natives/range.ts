import type { Machine } from '../interpreter/machine.ts';
import { environmentTrap, expectedType, valueTrap } from '../interpreter/trap.ts';
import { Box } from '../values/box.ts';
import { compareCells } from '../values/compare.ts';
import { BOX_WORK, moveInto } from '../values/copy.ts';
import { bitsOf, isInteger, Kind, typeName } from '../values/kind.ts';
import { integerOf, setBoolean, setInteger, setObject } from '../values/make.ts';
import { argument, method, type Native, requireRange } from './native.ts';

/** Ends of one integer kind. @throws Trap InvalidType. */
function requireEnds(box: Box): { readonly start: Box; readonly end: Box } {
  const range = requireRange(box);
  if (!isInteger(range.start.kind) || range.start.kind !== range.end.kind)
    throw environmentTrap('InvalidType');
  return range;
}

function collect(machine: Machine, self: Box): true {
  const { start, end } = requireEnds(self);
  const { kind } = start;
  let from = integerOf(start);
  const difference = integerOf(end) - from;
  if (difference <= 0n) {
    setObject(machine.result, []);
    return true;
  }
  if (kind === Kind.U256 && difference >> 64n !== 0n) throw environmentTrap('InvalidParameter');
  if (difference > 0xffff_ffffn) throw environmentTrap('RangeTooLarge');
  const count = Number(difference);
  machine.gas.charge(8 * count);
  refuseEarly(machine, count, 1 + bitsOf(kind) / 8);
  machine.spend(count * BOX_WORK);
  // The reference numbers u256 from 0 instead of from the start.
  if (kind === Kind.U256) from = 0n;
  const elements: Box[] = new Array(count);
  for (let i = 0; i < count; i++) {
    const box = new Box();
    setInteger(box, kind, from + BigInt(i));
    elements[i] = box;
  }
  setObject(machine.result, elements);
  return true;
}

/** What measuring the result would find, before the result takes gigabytes. */
function refuseEarly(machine: Machine, count: number, size: number): void {
  const left = machine.memoryLeft;
  const counted = Math.max(0, Math.floor((left - 32) / size) + 1);
  if (counted >= count) return;
  machine.inNative = false;
  throw valueTrap('MaxMemoryReached', `(${counted === 0 ? 32 : 32 + counted * size}, ${left})`);
}

/** Natives 107–111. */
export const rangeNatives: readonly Native[] = [
  method('range.contains', 1, 5, (machine, self, args) => {
    const { start, end } = requireEnds(self);
    const value = argument(machine, args);
    if (value.kind !== start.kind) throw expectedType(typeName(start.kind));
    setBoolean(machine.result, compareCells(value, start)! >= 0 && compareCells(value, end)! < 0);
    return true;
  }),
  method('range.collect', 0, 20, collect),
  method('range.max', 0, 1, (machine, self) => {
    moveInto(machine.result, requireRange(self).end);
    return true;
  }),
  method('range.min', 0, 1, (machine, self) => {
    moveInto(machine.result, requireRange(self).start);
    return true;
  }),
  method('range.count', 0, 5, (machine, self) => {
    const { start, end } = requireEnds(self);
    const count = integerOf(end) - integerOf(start);
    setInteger(machine.result, start.kind, count < 0n ? 0n : count);
    return true;
  }),
];
