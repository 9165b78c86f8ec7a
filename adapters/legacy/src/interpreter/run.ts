import { Box, resolve } from '../values/box.ts';
import { copyInto } from '../values/copy.ts';
import type { Machine } from './machine.ts';
import { fastLoop } from './run-fast.ts';
import { step } from './step.ts';
import { machineTrap, reportTrap, Trap } from './trap.ts';

/** How a run ended: its one value, or `machine.report`. */
export type RunOutcome = Box | undefined;

/** Runs the entered frame to its end by the book, one step after another. */
export function runReference(machine: Machine): RunOutcome {
  return guarded(machine, () => {
    stepLoop(machine);
    return finish(machine);
  });
}

/** One step after another until the last frame ends. @throws Trap. */
export function stepLoop(machine: Machine): void {
  while (machine.frames > 0) step(machine);
}

/** Does what may trap. @returns its value; undefined after a trap, which `machine.report` then names. */
export function guarded<T>(machine: Machine, action: () => T): T | undefined {
  try {
    return action();
  } catch (thrown) {
    reportThrown(machine, thrown);
    return undefined;
  }
}

/** Puts the trap that ended a run into `machine.report`; what is no trap is thrown on. */
export function reportThrown(machine: Machine, thrown: unknown): void {
  const report = reportTrap(asTrap(thrown), machine.inNative);
  machine.report = machine.inNative ? { ...report, native: machine.natives[machine.nativeId]?.name } : report;
}

/** A trap, or the host's stack that ran out over a deeply nested value; anything else is a bug and goes on. */
function asTrap(thrown: unknown): Trap {
  if (thrown instanceof Trap) return thrown;
  if (thrown instanceof RangeError && /call stack/i.test(thrown.message)) {
    return new Trap('limit', 'machine', 'HostLimit', '(nesting)');
  }
  throw thrown;
}

/** The result: exactly one value, copied when it is a pointer (spec §4.5). */
export function finish(machine: Machine): Box {
  const slot = machine.pop();
  const value = new Box();
  copyInto(value, resolve(slot), machine);
  if (machine.sp > 0) throw machineTrap('StackNotCleaned', `(${machine.sp})`);
  return value;
}

/** Runs the entered frame to its end with the fast path. */
export function runFast(machine: Machine): RunOutcome {
  return guarded(machine, () => {
    fastLoop(machine);
    return finish(machine);
  });
}
