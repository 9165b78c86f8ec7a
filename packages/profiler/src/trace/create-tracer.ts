import type {
  MachineView,
  ObservedSyscall,
  RunObserver,
  SyscallArgument,
  VmEventBus,
} from '@switchyard/core';
import type { SourceMapOf } from '../follow/code-places.ts';
import { type CallPosition, followRun, type RunListener } from '../follow/follow-run.ts';
import { GasSum } from '../follow/gas-sum.ts';
import { entryName } from '../names.ts';
import { type EventFilter, EventGate, type FilterFindings } from './event-filter.ts';
import { InstructionTexts } from './instruction-texts.ts';
import { listenTo } from './listen-to.ts';
import { SHOWN_BYTES, type TraceEvent, type TracePlace } from './trace-event.ts';

/** What to trace. */
export interface TracerOptions {
  readonly filter?: EventFilter;
  readonly sourceMapOf?: SourceMapOf;
  /** Is given every event, as it happens; nothing is kept. */
  readonly onEvent: (event: TraceEvent) => void;
}

/** Follows one transaction. */
export interface Tracer {
  /** To be given to the environment with the request. */
  readonly observer: RunObserver;
  /** Listens to storage, logs and events of an environment's bus. @returns what ends it. */
  listen(events: VmEventBus): () => void;
  /** What the filter has found so far. */
  readonly findings: FilterFindings;
}

interface OpenSyscall {
  readonly arguments: readonly SyscallArgument[];
  readonly isWanted: boolean;
  readonly before: bigint;
}

/** A tracer for one transaction: tells events one by one, in constant memory but for the depth of calls and the size of the code. */
export function createTracer({ filter = {}, sourceMapOf, onEvent }: TracerOptions): Tracer {
  const gate = new EventGate(filter);
  const texts = new InstructionTexts();
  const spent = new GasSum();
  const functions: { readonly name: string; readonly before: bigint }[] = [];
  const syscalls: OpenSyscall[] = [];
  /** Of every contract's call that runs, whether its current instruction passes the filter. */
  const passing: boolean[] = [];
  const positions: CallPosition[] = [];

  const tell = (event: () => TraceEvent): void => gate.let(event, onEvent);
  const place = ({ call, places, pc }: CallPosition): TracePlace => ({
    depth: call.context.callDepth,
    ...(pc === undefined ? {} : { pc, function: places.functionAt(pc), source: places.locate(pc) }),
  });
  /** Whether what happens now, happens in an instruction that passes. Outside of all contracts it does. */
  const isHere = (): boolean => passing.at(-1) ?? true;

  const step = (position: CallPosition, machine: MachineView): void => {
    const { places, call } = position;
    if (!gate.wantsDepth(call.context.callDepth)) {
      passing[passing.length - 1] = false;
      return;
    }
    const isWanted = gate.wantsInstruction(machine, places, texts);
    passing[passing.length - 1] = isWanted;
    if (!isWanted || !gate.wantsSteps) return;
    const { pc } = machine;
    // Spelled out: put together with spread syntax, an event took three times as long.
    tell(() => ({
      type: 'step',
      depth: call.context.callDepth,
      pc,
      function: places.functionAt(pc),
      source: places.locate(pc),
      index: machine.index,
      instruction: texts.of(places, machine).text,
      gasLeft: call.context.gasLimit - BigInt(machine.gasUsed),
      frame: machine.frame,
      registers: machine.registers(),
    }));
  };

  const listener: RunListener = {
    step,
    spend: (_position, gas) => spent.add(gas),
    enterContract(position) {
      const { context, engine } = position.call;
      // The call happens in an instruction of the caller.
      const isWanted = isHere() && gate.wantsDepth(context.callDepth);
      positions.push(position);
      passing.push(isWanted);
      if (!isWanted) return;
      tell(() => ({
        type: 'call',
        depth: context.callDepth,
        contract: context.contract,
        engine,
        entry: entryName(context.entry),
        caller: context.caller,
        value: context.value,
        gasLimit: context.gasLimit,
        isStatic: context.isStatic,
        input: context.input.slice(0, SHOWN_BYTES),
        inputLength: context.input.length,
      }));
    },
    leaveContract(position, result) {
      const { context } = position.call;
      positions.pop();
      passing.pop();
      if (!isHere() || !gate.wantsDepth(context.callDepth)) return;
      tell(() => ({
        type: 'return',
        depth: context.callDepth,
        contract: context.contract,
        status: result.status,
        exitCode: result.exitCode,
        error: result.error === null ? null : { code: result.error.code, message: result.error.message },
        gasUsed: result.gasUsed,
        returnData: result.returnData.slice(0, SHOWN_BYTES),
        returnDataLength: result.returnData.length,
      }));
    },
    enterFunction(position, name, pc) {
      functions.push({ name, before: spent.value });
      if (!isFunctionWanted(position, name)) return;
      tell(() => ({ ...place({ ...position, pc }), type: 'enter', function: name }));
    },
    leaveFunction(position) {
      const { name, before } = functions.pop()!;
      if (!isFunctionWanted(position, name)) return;
      const { depth } = place(position);
      tell(() => ({ depth, type: 'leave', function: name, gas: spent.value - before }));
    },
    enterSyscall(_position, syscall: ObservedSyscall) {
      const isWanted = isHere() && gate.isOpen;
      syscalls.push({ arguments: isWanted ? syscall.arguments() : [], isWanted, before: spent.value });
    },
    leaveSyscall(position, { name, result, error }) {
      const open = syscalls.pop()!;
      if (!open.isWanted) return;
      tell(() => ({
        ...place(position),
        type: 'syscall',
        name,
        arguments: open.arguments,
        result: result ?? null,
        error: error ?? null,
        gas: spent.value - open.before,
      }));
    },
  };
  const isFunctionWanted = ({ call }: CallPosition, name: string): boolean =>
    gate.wantsFunctions && gate.wantsDepth(call.context.callDepth) && gate.wantsFunction(name);

  return {
    observer: followRun(listener, sourceMapOf),
    get findings() {
      return gate.findings;
    },
    listen(events) {
      return listenTo(events, (happened) => {
        const position = positions.at(-1);
        if (!isHere()) return;
        tell(
          () => ({ ...(position === undefined ? { depth: 0 } : place(position)), ...happened }) as TraceEvent,
        );
      });
    },
  };
}
