import { type Box, elementsOf, mapOf } from '../values/box.ts';
import { Kind } from '../values/kind.ts';
import type { Machine } from './machine.ts';

/*
 * Where the reference would use stale memory (spec §13). The machine gives these cases the safe meaning; here they are only counted, so
 * that a run can be left out of comparisons. Detection is bounded: it looks at the whole operand stack, at the latest registers and
 * at all iterators that are few.
 */

/** Registers and iterators looked at; enough for code that a compiler made. */
const LOOKED_AT = 1024;

/** U1: a pointer survives the registers that it points into. */
export function noteFrameEnd(machine: Machine): void {
  machine.undefinedUses[1]!++;
}

/** U2: the register vector grows while a pointer to one of its boxes exists. */
export function noteRegisterAppend(machine: Machine): void {
  const { base, top, registers } = machine;
  const count = top - base;
  // Capacities are 4, 8, 16, …: growth happens when register 4, 8, 16, … is appended.
  if (count < 4 || (count & (count - 1)) !== 0) return;
  const isOwn = (box: Box): boolean => {
    for (let i = base; i < top; i++) if (registers[i] === box) return true;
    return false;
  };
  if (count <= LOOKED_AT && somePointer(machine, isOwn)) machine.undefinedUses[2]!++;
}

/** U3: an array grows while a pointer to one of its elements exists. */
export function noteGrowth(machine: Machine, elements: readonly Box[]): void {
  const isElement = (target: Box): boolean => {
    for (let i = elements.length - 1, end = Math.max(0, i - LOOKED_AT); i >= end; i--) {
      if (elements[i] === target) return true;
    }
    return false;
  };
  if (somePointer(machine, (target, isInner) => isInner && isElement(target))) machine.undefinedUses[3]!++;
}

/** U4: content is replaced or removed while a pointer to a child of it exists. `self`: a pointer to the box itself counts too. */
export function noteReplaced(machine: Machine, box: Box, self = false): void {
  if (!self && box.kind !== Kind.Object && box.kind !== Kind.Map) return;
  const isStale = (target: Box, isElement: boolean): boolean =>
    (self && target === box) || (isElement && isInside(box, target));
  if (somePointer(machine, isStale)) machine.undefinedUses[4]!++;
}

/** U5: a register is popped or overwritten while it is pointed to. */
export function noteRegisterGone(machine: Machine, box: Box): void {
  if (somePointer(machine, (target) => target === box)) machine.undefinedUses[5]!++;
}

function isInside(parent: Box, wanted: Box): boolean {
  const pending: Box[] = [parent];
  let looked = 0;
  for (let box = pending.pop(); box !== undefined && looked < LOOKED_AT; box = pending.pop()) {
    const children =
      box.kind === Kind.Object ? elementsOf(box) : box.kind === Kind.Map ? mapOf(box).values : [];
    looked += children.length;
    for (const child of children) {
      if (child === wanted) return true;
      if (child.kind >= Kind.Object) pending.push(child);
    }
  }
  return false;
}

function somePointer(machine: Machine, test: (target: Box, isElement: boolean) => boolean): boolean {
  const { stack, sp, registers, top, iterators, iteratorTop } = machine;
  const matches = (slot: Box): boolean =>
    slot.kind === Kind.Pointer && test(slot.ref as Box, slot.origin !== undefined);
  for (let i = 0; i < sp; i++) if (matches(stack[i]!)) return true;
  for (let i = Math.max(0, top - LOOKED_AT); i < top; i++) if (matches(registers[i]!)) return true;
  for (let i = Math.max(0, iteratorTop - LOOKED_AT); i < iteratorTop; i++) {
    if (matches(iterators[i]!.subject)) return true;
  }
  return false;
}
