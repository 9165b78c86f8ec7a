import type { ExecutionContext, TraceFilter, TraceRequest, TraceStep } from '@switchyard/core';
import { instructionText } from './assembler/disassemble.ts';
import type { Machine } from './interpreter/machine.ts';
import { resolve } from './values/box.ts';
import { isInteger, Kind } from './values/kind.ts';
import { integerOf } from './values/make.ts';

const SHOWN_SLOTS = 8;

/** Who wants the steps of this run: the context's own request, else listeners of the `trace` event; undefined for nobody. */
export function tracerOf({ events, trace }: ExecutionContext): TraceRequest | undefined {
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

/** Reports each instruction that passes the filter, before it runs; nothing is kept. The pc counts all chunks with their ends. */
export function traceSteps(context: ExecutionContext, request: TraceRequest): (machine: Machine) => void {
  const filter = request.filter ?? {};
  let skip = filter.skip ?? 0;
  let limit = filter.limit ?? Number.POSITIVE_INFINITY;
  return (machine) => {
    if (limit <= 0) return;
    const instruction = textAt(machine);
    if (!passes(filter, machine.pc, instruction)) return;
    if (skip > 0) {
      skip--;
      return;
    }
    limit--;
    request.onStep({
      index: machine.steps,
      pc: machine.pc,
      instruction,
      gasLeft: machine.gas.limit - machine.gas.used,
      frame: machine.frames,
      registers: topOf(machine),
      callDepth: context.callDepth,
    });
  };
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

function passes(filter: TraceFilter, pc: number, instruction: string): boolean {
  const { pcRange, mnemonics } = filter;
  if (pcRange !== undefined && (pc < pcRange[0] || pc > pcRange[1])) return false;
  return mnemonics === undefined || mnemonics.includes(instruction.split(' ', 1)[0]!);
}
