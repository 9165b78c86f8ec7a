import type { MachineView, RunObserver } from '@switchyard/core';
import { instructionText } from '../assembler/disassemble.ts';
import type { Machine } from '../interpreter/machine.ts';
import { COSTS, step } from '../interpreter/step.ts';
import { LegacyOp } from '../isa/legacy-op.ts';
import { resolve } from '../values/box.ts';
import { isInteger, Kind } from '../values/kind.ts';
import { integerOf } from '../values/make.ts';
import { observedSyscall } from './observe-native.ts';

const SHOWN_SLOTS = 8;

/**
 * Runs the entered frame to its end by the book, and tells the observer of each instruction before it runs, and of natives that
 * `SysCall` calls before and after; nothing is kept. The pc counts all chunks with their ends. @throws Trap.
 */
export function runObserved(machine: Machine, observer: RunObserver): void {
  const view: MachineView = {
    get index() {
      return machine.steps;
    },
    get pc() {
      return machine.pc;
    },
    /** From 0, as the other engines count. */
    get frame() {
      return machine.frames - 1;
    },
    get gasUsed() {
      return machine.gas.exactUsed;
    },
    instruction: () => textAt(machine),
    registers: () => topOf(machine),
  };
  const wantsNatives = observer.onSyscall !== undefined || observer.onSyscallEnd !== undefined;
  const { ops, first } = machine.program;
  while (machine.frames > 0) {
    observer.onStep?.(view);
    const { pc } = machine;
    const native = wantsNatives && ops[pc] === LegacyOp.SysCall ? machine.natives[first[pc]!] : undefined;
    if (native === undefined) step(machine);
    else observedSyscall(machine, native, COSTS[LegacyOp.SysCall]!, observer);
  }
}

function textAt({ program, natives, chunk, pc }: Machine): string {
  const bytes = program.module.chunks[chunk]!;
  const at = pc - program.chunkStart[chunk]!;
  return (
    instructionText(program.module, bytes, at, natives) ??
    (at === bytes.length ? 'END' : `.byte ${bytes[at]}`)
  );
}

/** The uppermost slots, top first: integers and bools as they are, anything else as 0. */
function topOf({ stack, sp }: Machine): readonly bigint[] {
  return stack
    .slice(Math.max(0, sp - SHOWN_SLOTS), sp)
    .reverse()
    .map((slot) => {
      const value = resolve(slot);
      return isInteger(value.kind) || value.kind === Kind.Boolean ? integerOf(value) : 0n;
    });
}
