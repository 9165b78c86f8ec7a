import { booleanOf } from '../interpreter/elements.ts';
import type { Machine } from '../interpreter/machine.ts';
import { environmentTrap } from '../interpreter/trap.ts';
import { type Box, bytesOf, elementsOf, mapOf } from '../values/box.ts';
import { copyInto } from '../values/copy.ts';
import { displayCell } from '../values/display.ts';
import { Kind } from '../values/kind.ts';
import { setBoolean } from '../values/make.ts';
import { argument, free, method, type Native } from './native.ts';
import { requireMessage } from './optional.ts';

/** A printed line is cut here: printing costs 1 gas whatever it prints. */
const MAX_LINE = 4096;
const MAX_LINES = 1024;

function print(machine: Machine, cell: Box): false {
  if (machine.printed.length < MAX_LINES) printLine(machine, displayBounded(cell));
  return false;
}

/** Adds a line to what the run printed, unless that is too long already. */
export function printLine(machine: Machine, text: string): void {
  if (machine.printed.length >= MAX_LINES) return;
  machine.printed.push(text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text);
  machine.spend(4 * text.length);
}

/** What is left of a number of characters after a cell's text, roughly; negative as soon as it does not fit. */
function roomAfter(cell: Box, room: number): number {
  let left = room - 2;
  switch (cell.kind) {
    case Kind.String:
      return left - cell.lo;
    case Kind.Bytes:
      return left - 3 * bytesOf(cell).length;
    case Kind.Object:
      for (const element of elementsOf(cell)) {
        if (left < 0) break;
        left = roomAfter(element, left);
      }
      return left;
    case Kind.Map: {
      const { keys, values } = mapOf(cell);
      for (let i = 0; i < keys.length && left >= 0; i++)
        left = roomAfter(values[i]!, roomAfter(keys[i]!, left));
      return left;
    }
    default:
      return left;
  }
}

/** Text of a cell, unless it is very large: it ends in logs and messages. */
function displayBounded(cell: Box): string {
  return roomAfter(cell, 16 * MAX_LINE) < 0 ? '(a value too large to print)' : displayCell(cell);
}

/** Natives 127–133. */
export const globalNatives: readonly Native[] = [
  free('println', 1, 1, (machine, _self, args) => print(machine, argument(machine, args))),
  free('debug', 1, 1, (machine, _self, args) => print(machine, argument(machine, args))),
  free('panic', 1, 1, (machine, _self, args) => {
    throw environmentTrap('Panic', `(${JSON.stringify(displayBounded(argument(machine, args)))})`);
  }),
  free('assert', 1, 1, (machine, _self, args) => {
    if (!booleanOf(argument(machine, args))) throw environmentTrap('AssertionFailed');
    return false;
  }),
  free('is_same_ptr', 2, 5, (machine, _self, args) => {
    setBoolean(machine.result, argument(machine, args) === argument(machine, args + 1));
    return true;
  }),
  free('require', 2, 1, (machine, _self, args) => {
    const message = requireMessage(machine, args + 1);
    if (!booleanOf(argument(machine, args))) {
      throw environmentTrap('Expect', `(${JSON.stringify(message)})`);
    }
    return false;
  }),
  method('clone', 0, 5, (machine, self) => {
    machine.chargeMemoryOf(self);
    copyInto(machine.result, self, machine);
    return true;
  }),
];
