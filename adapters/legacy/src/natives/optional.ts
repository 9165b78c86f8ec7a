import type { Machine } from '../interpreter/machine.ts';
import { environmentTrap, expectedType, valueTrap } from '../interpreter/trap.ts';
import { noteReplaced } from '../interpreter/undefined-uses.ts';
import { type Box, resolve, textOf } from '../values/box.ts';
import { moveInto } from '../values/copy.ts';
import { Kind } from '../values/kind.ts';
import { setBoolean, setNull } from '../values/make.ts';
import { method, type Native } from './native.ts';

/** Moves the receiver's value to the result; null stays in its box. */
function moveOut(machine: Machine, self: Box): true {
  noteReplaced(machine, self);
  moveInto(machine.result, self);
  setNull(self);
  return true;
}

/** A message for `expect` and `require`: letters, digits and spaces. @throws Trap. */
export function requireMessage(machine: Machine, index: number): string {
  const box = resolve(machine.stack[index]!);
  // The reference asks for the wrong type here.
  if (box.kind !== Kind.String) throw expectedType('Bool');
  machine.spend(box.lo);
  const message = textOf(box);
  if (!/^[\p{Alphabetic}\p{Nd}\p{Nl}\p{No} ]*$/u.test(message)) throw environmentTrap('InvalidExpect');
  return message;
}

/** Natives 22–26. */
export const optionalNatives: readonly Native[] = [
  method('optional.is_none', 0, 1, (machine, self) => {
    setBoolean(machine.result, self.kind === Kind.Null);
    return true;
  }),
  method('optional.is_some', 0, 1, (machine, self) => {
    setBoolean(machine.result, self.kind !== Kind.Null);
    return true;
  }),
  method('optional.unwrap', 0, 1, (machine, self) => {
    if (self.kind === Kind.Null) throw valueTrap('OptionalIsNull');
    return moveOut(machine, self);
  }),
  method('optional.unwrap_or', 1, 1, (machine, self, args) => {
    if (self.kind !== Kind.Null) return moveOut(machine, self);
    machine.take(machine.result, machine.stack[args]!);
    return true;
  }),
  method('optional.expect', 1, 15, (machine, self, args) => {
    const message = requireMessage(machine, args);
    if (self.kind === Kind.Null) throw environmentTrap('Expect', `(${JSON.stringify(message)})`);
    return moveOut(machine, self);
  }),
];
