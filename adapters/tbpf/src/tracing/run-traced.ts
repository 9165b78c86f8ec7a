import type { ExecutionContext, TraceFilter, TraceRequest, TraceStep } from '@switchyard/core';
import { formatInstruction } from '../disassembler/format-instruction.ts';
import { run } from '../interpreter/interpreter.ts';
import type { ReferenceMachine } from '../interpreter/reference-machine.ts';
import type { SyscallKeys } from '../loader/syscall-keys.ts';

const registers = 11;

/** Who wants the steps of this run: the context's own request, else listeners of the `trace` event; undefined for nobody. */
export function tracerOf(context: ExecutionContext): TraceRequest | undefined {
  const { events, trace } = context;
  if (events === undefined || events.listenerCount('trace') === 0) return trace;
  const emit = (step: TraceStep): void => void events.emit('trace', step);
  if (trace === undefined) return { onStep: emit };
  return {
    ...trace,
    onStep(step) {
      trace.onStep(step);
      emit(step);
    },
  };
}

/**
 * Runs the machine one instruction at a time and reports each that passes the filter, before it is executed. Steps are streamed;
 * nothing is kept. The same interpreter runs, so a trace never changes a result.
 */
export function runTraced(
  machine: ReferenceMachine,
  context: ExecutionContext,
  request: TraceRequest,
  syscalls: SyscallKeys,
): void {
  const { executable } = machine.program;
  const filter = request.filter ?? {};
  let skip = filter.skip ?? 0;
  let limit = filter.limit ?? Number.POSITIVE_INFINITY;
  do {
    const { pc } = machine;
    // An instruction that cannot be paid is not executed.
    const isPaid = !executable.config.enableInstructionMeter || machine.meter.left > 0n;
    if (pc >= machine.program.length || limit <= 0 || !isPaid) continue;
    const instruction = formatInstruction(executable, pc, syscalls);
    if (!passes(filter, pc, instruction)) continue;
    if (skip > 0) {
      skip--;
      continue;
    }
    limit--;
    request.onStep(stepOf(machine, context, instruction));
  } while (run(machine, 1) === 'paused');
}

function stepOf(machine: ReferenceMachine, context: ExecutionContext, instruction: string): TraceStep {
  return {
    index: machine.instructions,
    pc: machine.pc,
    instruction,
    gasLeft: machine.meter.left,
    frame: machine.depth,
    registers: Array.from({ length: registers }, (_, index) => machine.register(index)),
    callDepth: context.callDepth,
  };
}

function passes(filter: TraceFilter, pc: number, instruction: string): boolean {
  const { pcRange, mnemonics } = filter;
  if (pcRange !== undefined && (pc < pcRange[0] || pc > pcRange[1])) return false;
  return mnemonics === undefined || mnemonics.includes(instruction.split(' ', 1)[0]!);
}
