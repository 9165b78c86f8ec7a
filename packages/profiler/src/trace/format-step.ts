import type { TraceStep } from '@switchyard/core';

/** A step on one line: number, pc, gas left, instruction, and the registers that are not 0. */
export function formatStep(step: TraceStep): string {
  const registers = step.registers
    .map((value, index) => (value === 0n ? '' : ` r${index}=${value.toString(16)}`))
    .join('');
  const place = `${step.index}`.padStart(6) + `${step.pc}`.padStart(6) + `${step.gasLeft}`.padStart(10);
  return `${place}  ${step.instruction.padEnd(32)}${registers}`;
}
