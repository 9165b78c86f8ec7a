import type { ExecutionContext } from './execution-context.ts';
import type { MachineView, RunObserver } from './run-observer.ts';
import type { TraceFilter, TraceRequest, TraceStep } from './trace.ts';

/**
 * Who watches this run from inside, as one observer: the context's own, its trace request, and listeners of the `trace` event. Undefined
 * for nobody: an engine asks once a run.
 */
export function observerOf(context: ExecutionContext): RunObserver | undefined {
  const { observer } = context;
  const onTrace = stepListener(context);
  if (onTrace === undefined) return observer;
  if (observer === undefined) return { onStep: onTrace };
  return {
    onStep(machine) {
      onTrace(machine);
      observer.onStep?.(machine);
    },
    onSyscall: (syscall) => observer.onSyscall?.(syscall),
    onSyscallEnd: (end) => observer.onSyscallEnd?.(end),
  };
}

function stepListener(context: ExecutionContext): ((machine: MachineView) => void) | undefined {
  const { events, trace } = context;
  const asked = trace === undefined ? undefined : filtered(trace, context);
  if (events === undefined || events.listenerCount('trace') === 0) return asked;
  // Listeners get the steps that the request's filter lets through, or all where there is no request.
  return filtered(
    {
      ...(trace?.filter === undefined ? {} : { filter: trace.filter }),
      onStep(step) {
        trace?.onStep(step);
        events.emit('trace', step);
      },
    },
    context,
  );
}

/** Reports each step that passes the filter as an object. */
function filtered(
  { filter = {}, onStep }: TraceRequest,
  context: ExecutionContext,
): (machine: MachineView) => void {
  let skip = filter.skip ?? 0;
  let limit = filter.limit ?? Number.POSITIVE_INFINITY;
  return (machine) => {
    if (limit <= 0) return;
    const { pcRange } = filter;
    if (pcRange !== undefined && (machine.pc < pcRange[0] || machine.pc > pcRange[1])) return;
    const instruction = machine.instruction();
    if (!isWanted(filter, instruction)) return;
    if (skip > 0) {
      skip--;
      return;
    }
    limit--;
    onStep(stepOf(machine, instruction, context));
  };
}

function isWanted({ mnemonics }: TraceFilter, instruction: string): boolean {
  return mnemonics === undefined || mnemonics.includes(instruction.split(' ', 1)[0]!);
}

function stepOf(
  machine: MachineView,
  instruction: string,
  { gasLimit, callDepth }: ExecutionContext,
): TraceStep {
  return {
    index: machine.index,
    pc: machine.pc,
    instruction,
    gasLeft: gasLimit - BigInt(machine.gasUsed),
    frame: machine.frame,
    registers: machine.registers(),
    callDepth,
  };
}
