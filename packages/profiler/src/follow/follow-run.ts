import type {
  ExactGas,
  ExecutionContext,
  ExecutionResult,
  MachineView,
  ObservedCall,
  ObservedSyscall,
  ObservedSyscallEnd,
  RunObserver,
} from '@switchyard/core';
import { type CodePlaces, PlacesOfCodes, type SourceMapOf } from './code-places.ts';
import { gasBetween } from './gas-sum.ts';

/** Where a run is: one contract's call, from its first instruction to its end. */
export interface CallPosition {
  readonly call: ObservedCall;
  readonly places: CodePlaces;
  /** The instruction that runs, or ran last; undefined before the first. */
  pc: number | undefined;
}

/** What a run did, in terms of what is called by what. Gas is told when it has been spent, of whatever was entered last and not left. */
export interface RunListener {
  enterContract(position: CallPosition): void;
  leaveContract(position: CallPosition, result: ExecutionResult): void;
  /** The machine has called, or by a tail call replaced, a function; `pc` is its first instruction. */
  enterFunction(position: CallPosition, name: string, pc: number): void;
  leaveFunction(position: CallPosition): void;
  enterSyscall(position: CallPosition, syscall: ObservedSyscall): void;
  leaveSyscall(position: CallPosition, end: ObservedSyscallEnd): void;
  spend(position: CallPosition, gas: ExactGas): void;
  /** Before each instruction, after the gas of the one before. */
  step?(position: CallPosition, machine: MachineView): void;
}

interface FollowedCall extends CallPosition {
  /** Names of the functions that are entered, the innermost last. */
  readonly functions: string[];
  /** Depth of the machine's frames at the first instruction: engines count from 0 or 1. */
  firstFrame: number | undefined;
  /** Gas of this call that has been told of, or that ended callees have told of themselves. */
  told: ExactGas;
}

/**
 * An observer that finds calls and returns of functions in the steps of a machine, and spreads the gas of nested calls over those who
 * spent it. All gas that is told of adds up to the outermost call's `gasUsed`, provided that engines charge what a callee used.
 */
export function followRun(listener: RunListener, sourceMapOf: SourceMapOf | undefined): RunObserver {
  const codes = new PlacesOfCodes(sourceMapOf);
  const calls: FollowedCall[] = [];

  const spendUpTo = (call: FollowedCall, gasUsed: ExactGas): void => {
    const gas = gasBetween(call.told, gasUsed);
    call.told = gasUsed;
    if (gas !== 0 && gas !== 0n) listener.spend(call, gas);
  };

  return {
    onCall(call) {
      const followed: FollowedCall = {
        call,
        places: codes.of(call.engine, call.code),
        pc: undefined,
        functions: [],
        firstFrame: undefined,
        told: 0,
      };
      calls.push(followed);
      listener.enterContract(followed);
    },
    onStep(machine) {
      const call = calls[calls.length - 1];
      if (call === undefined) return;
      spendUpTo(call, machine.gasUsed);
      const { pc } = machine;
      call.pc = pc;
      call.firstFrame ??= machine.frame;
      moveTo(call, Math.max(0, machine.frame - call.firstFrame), call.places.functionAt(pc), pc, listener);
      listener.step?.(call, machine);
    },
    onSyscall(syscall) {
      const call = calls.at(-1);
      if (call === undefined) return;
      spendUpTo(call, syscall.gasUsed);
      listener.enterSyscall(call, syscall);
    },
    onSyscallEnd(end) {
      const call = calls.at(-1);
      if (call === undefined) return;
      spendUpTo(call, end.gasUsed);
      listener.leaveSyscall(call, end);
    },
    onResult(_context: ExecutionContext, result: ExecutionResult) {
      const call = calls.pop();
      if (call === undefined) return;
      spendUpTo(call, gasOf(result, call));
      while (call.functions.length > 0) leave(call, listener);
      listener.leaveContract(call, result);
      const caller = calls.at(-1);
      // The callee has told of it; the caller's meter has it, too.
      if (caller !== undefined) caller.told = sum(caller.told, gasOf(result, call));
    },
  };
}

/** Leaves and enters functions until the machine's depth and the function of the next instruction are those of the call. */
function moveTo(call: FollowedCall, frame: number, name: string, pc: number, listener: RunListener): void {
  const { functions } = call;
  if (functions.length === frame + 1 && functions[frame] === name) return;
  while (functions.length > frame + 1) leave(call, listener);
  // A tail call, or code that runs on into the next function.
  if (functions.length === frame + 1 && functions[frame] !== name) leave(call, listener);
  while (functions.length <= frame) {
    functions.push(name);
    listener.enterFunction(call, name, pc);
  }
}

function leave(call: FollowedCall, listener: RunListener): void {
  call.functions.pop();
  listener.leaveFunction(call);
}

/** What a call costs its caller. */
function gasOf({ gasUsed }: ExecutionResult, { call }: CallPosition): bigint {
  return gasUsed < call.context.gasLimit ? gasUsed : call.context.gasLimit;
}

function sum(a: ExactGas, b: ExactGas): ExactGas {
  if (typeof a === 'number' && typeof b === 'number' && a + b <= Number.MAX_SAFE_INTEGER) return a + b;
  const exact = BigInt(a) + BigInt(b);
  return exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : exact;
}
