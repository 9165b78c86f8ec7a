import { type ExactGas, exactGas, type RunObserver, type SyscallArgument } from '@switchyard/core';
import type { Machine } from '../interpreter/machine.ts';
import { step } from '../interpreter/step.ts';
import { Trap } from '../interpreter/trap.ts';
import type { Native } from '../natives/native.ts';
import { resolve } from '../values/box.ts';
import { previewCell } from './preview-cell.ts';

/** Runs the `SysCall` at the pc, with word to the observer before and after. @throws Trap. */
export function observedSyscall(machine: Machine, native: Native, cost: number, observer: RunObserver): void {
  const { name, hasReceiver, parameters } = native;
  const base = machine.sp - parameters - (hasReceiver ? 1 : 0);
  // With too few arguments or too little gas for the instruction the native does not begin.
  const begins = base >= 0 && machine.gas.count + cost <= machine.gas.bound;
  if (begins) {
    observer.onSyscall?.({
      name,
      gasUsed: plus(machine.gas.exactUsed, cost),
      arguments: () => argumentsOf(machine, native, base),
    });
  }
  let error: string | undefined;
  try {
    step(machine);
  } catch (thrown) {
    error = thrown instanceof Trap ? thrown.message : String(thrown);
    throw thrown;
  } finally {
    if (begins) {
      const hasResult = error === undefined && machine.sp > base;
      const result = hasResult ? previewCell(resolve(machine.stack[machine.sp - 1]!)) : undefined;
      observer.onSyscallEnd?.({ name, gasUsed: machine.gas.exactUsed, result, error });
    }
  }
}

function argumentsOf(
  machine: Machine,
  { hasReceiver, parameters }: Native,
  base: number,
): readonly SyscallArgument[] {
  const first = hasReceiver ? 1 : 0;
  return Array.from({ length: first + parameters }, (_, index) => ({
    name: index < first ? 'self' : `${index - first + 1}`,
    value: previewCell(resolve(machine.stack[base + index]!)),
  }));
}

function plus(gas: ExactGas, cost: number): ExactGas {
  return typeof gas === 'number' && gas <= Number.MAX_SAFE_INTEGER - cost
    ? gas + cost
    : exactGas(BigInt(gas) + BigInt(cost));
}
