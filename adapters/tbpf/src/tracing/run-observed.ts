import type { ExactGas, MachineView, RunObserver } from '@switchyard/core';
import { formatInstruction } from '../disassembler/format-instruction.ts';
import { run } from '../interpreter/interpreter.ts';
import type { ReferenceMachine } from '../interpreter/reference-machine.ts';
import { Step } from '../interpreter/step.ts';
import type { SyscallKeys } from '../loader/syscall-keys.ts';
import { beginningOf, endOf, wantsSyscalls } from './observed-syscall.ts';

const registers = 11;

/**
 * Runs the machine one instruction at a time and tells the observer of each before it is executed, and of syscalls before and after.
 * Nothing is kept. The same interpreter runs, so watching never changes a result.
 */
export function runObserved(machine: ReferenceMachine, observer: RunObserver, syscalls: SyscallKeys): void {
  const { program, meter } = machine;
  const { executable, code } = program;
  const metered = executable.config.enableInstructionMeter;
  const view: MachineView = {
    get index() {
      return machine.instructions;
    },
    get pc() {
      return machine.pc;
    },
    get frame() {
      return machine.depth;
    },
    get gasUsed() {
      return meter.exactUsed;
    },
    instruction: () => formatInstruction(executable, machine.pc, syscalls),
    registers: () => Array.from({ length: registers }, (_, index) => machine.register(index)),
  };
  const tellsSyscalls = wantsSyscalls(observer);
  for (;;) {
    const { pc } = machine;
    // An instruction that cannot be paid is not executed.
    const isExecuted = pc < program.length && !(metered && meter.isEmpty);
    if (isExecuted) observer.onStep?.(view);
    const isSyscall = tellsSyscalls && isExecuted && code[pc << 2] === Step.CallSyscall;
    const syscall = isSyscall ? program.syscalls[code[(pc << 2) + 3]!]! : undefined;
    if (syscall !== undefined) {
      // Its instruction is paid before it begins.
      const used = metered ? plusOne(meter.exactUsed) : meter.exactUsed;
      observer.onSyscall?.(beginningOf(machine, syscall, used));
    }
    const outcome = run(machine, 1);
    if (syscall !== undefined) observer.onSyscallEnd?.(endOf(machine, syscall));
    if (outcome !== 'paused') return;
  }
}

function plusOne(gas: ExactGas): ExactGas {
  if (typeof gas === 'bigint') return gas + 1n;
  return gas < Number.MAX_SAFE_INTEGER ? gas + 1 : BigInt(gas) + 1n;
}
