import { Box } from '../values/box.ts';
import { copyInto, makeOwned, moveInto } from '../values/copy.ts';
import { Kind } from '../values/kind.ts';
import type { Machine } from './machine.ts';
import { MAX_REGISTERS } from './machine-limits.ts';
import { machineTrap } from './trap.ts';
import { noteRegisterAppend, noteRegisterGone } from './undefined-uses.ts';

/** `MemoryLoad`: pushes a pointer to a register, or the pointer that it holds. */
export function loadRegister(machine: Machine, index: number): void {
  const register = machine.registerAt(index);
  if (register === undefined) throw machineTrap('RegisterNotFound');
  const slot = machine.push();
  pointTo(slot, register);
  markLow(machine, machine.sp - 1);
}

/** Makes a slot a pointer to a register, or a copy of the pointer in it. */
export function pointTo(slot: Box, register: Box): void {
  if (register.kind === Kind.Pointer) {
    slot.lo = register.lo;
    slot.origin = register.origin;
    slot.ref = register.ref;
  } else {
    slot.lo = 0;
    slot.origin = undefined;
    slot.ref = register;
  }
  slot.kind = Kind.Pointer;
}

/** Remembers the lowest slot below the checkpoint that may hold a pointer to this frame's registers. */
export function markLow(machine: Machine, slot: number): void {
  if (slot < machine.low) machine.low = slot;
}

/** `MemorySet` (spec §4.3). */
export function setRegister(machine: Machine, index: number): void {
  const value = machine.pop();
  if (index === MAX_REGISTERS) throw machineTrap('RegisterMaxSize');
  const count = machine.top - machine.base;
  if (index > count) throw machineTrap('RegisterOverflow');
  if (index === count) {
    noteRegisterAppend(machine);
    const register = machine.appendRegister();
    moveInto(register, value);
    register.origin = value.origin;
    return;
  }
  const register = machine.registers[machine.base + index]!;
  const old = register.kind === Kind.Pointer ? (register.ref as Box) : register;
  if (value.kind === Kind.Pointer) {
    if (value.ref === old) return;
    if (value.origin === old) makeOwned(value, machine);
  }
  unshare(machine, old);
  moveInto(register, value);
  register.origin = value.origin;
}

/** Every pointer of this frame and of the stack into `old` becomes a copy; iterators keep what they see (spec §13, U5). */
function unshare(machine: Machine, old: Box): void {
  const { registers, base, top, stack, sp, iterators, iteratorTop } = machine;
  machine.spend(8 * (top - base));
  for (let i = base; i < top; i++) ownIfInto(machine, registers[i]!, old);
  for (let i = 0; i < sp; i++) ownIfInto(machine, stack[i]!, old);
  machine.spend(32 * iteratorTop);
  for (let i = 0; i < iteratorTop; i++) {
    const { subject } = iterators[i]!;
    if (subject.kind !== Kind.Pointer || (subject.ref !== old && subject.origin !== old)) continue;
    if (registers.includes(old, base)) noteRegisterGone(machine, old);
    const kept = new Box();
    copyInto(kept, subject.ref as Box, machine);
    subject.ref = kept;
    subject.origin = undefined;
  }
}

function ownIfInto(machine: Machine, slot: Box, old: Box): void {
  if (slot.kind === Kind.Pointer && (slot.ref === old || slot.origin === old)) makeOwned(slot, machine);
}

/** `MemoryPop`: the last register leaves the frame for the stack. */
export function popRegister(machine: Machine): void {
  if (machine.top === machine.base) throw machineTrap('EmptyRegister');
  const register = machine.registers[--machine.top]!;
  const target = register.kind === Kind.Pointer ? (register.ref as Box) : register;
  const size = machine.measure(target);
  if (register.kind !== Kind.Pointer) noteRegisterGone(machine, register);
  machine.chargeMemory(size);
  const slot = machine.push();
  moveInto(slot, register);
  slot.origin = register.origin;
  if (register.kind === Kind.Pointer) markLow(machine, machine.sp - 1);
  // The box stays with those that point to it; the next register gets another.
  else if (machine.undefinedUses[5]! > 0) machine.registers[machine.top] = new Box();
}
