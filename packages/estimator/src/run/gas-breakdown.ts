import {
  bytesToHex,
  type ExactGas,
  type ExecutionResult,
  type RunObserver,
  type VmEventBus,
} from '@switchyard/core';

/** A part of the gas that a call used. */
export interface GasShare {
  readonly kind: 'instructions' | 'syscall' | 'storage' | 'call' | 'code';
  readonly name: string;
  readonly gas: bigint;
  readonly calls: number;
}

interface Sum {
  readonly kind: 'syscall' | 'storage' | 'call';
  readonly name: string;
  gas: bigint;
  calls: number;
}

/** Watches runs of one call, one after another, and tells where the gas of the last one went. */
export interface BreakdownWatch {
  /** Asks for no steps, so engines stay on their fast tiers. */
  readonly observer: RunObserver;
  /**
   * The parts of the last run, the largest first; they add up to the gas used.
   * @param codeGas the part that was for storing deployed code.
   */
  sharesOf(result: ExecutionResult, codeGas?: bigint): readonly GasShare[];
  /** Stops listening. */
  end(): void;
}

/**
 * A watch on runs of an environment. Only the outermost contract's own syscalls are told apart; a contract that it calls is one share
 * with all below it. A syscall during which storage was read or written is `storage`, whatever its engine calls it.
 */
export function watchBreakdown(events: VmEventBus): BreakdownWatch {
  let sums = new Map<string, Sum>();
  let depth = -1;
  /** Gas of the outermost contract at the beginning of its running syscall, and what contracts called in it used. */
  let begun: ExactGas = 0;
  let nested = 0n;
  let hasTouchedStorage = false;
  let engine = 'none';
  const onStorage = (): void => {
    if (depth === 0) hasTouchedStorage = true;
  };
  events.on('storage', onStorage);

  const add = (kind: Sum['kind'], name: string, gas: bigint): void => {
    const key = `${kind} ${name}`;
    let sum = sums.get(key);
    if (sum === undefined) {
      sum = { kind, name, gas: 0n, calls: 0 };
      sums.set(key, sum);
    }
    sum.gas += gas;
    sum.calls++;
  };

  return {
    observer: {
      onCall(call) {
        depth = call.context.callDepth;
        if (depth > 0) return;
        sums = new Map();
        engine = call.engine;
      },
      onSyscall({ gasUsed }) {
        if (depth !== 0) return;
        begun = gasUsed;
        nested = 0n;
        hasTouchedStorage = false;
      },
      onSyscallEnd({ name, gasUsed }) {
        if (depth !== 0) return;
        const kind = hasTouchedStorage ? 'storage' : 'syscall';
        add(kind, name, BigInt(gasUsed) - BigInt(begun) - nested);
      },
      onResult(context, result) {
        depth = context.callDepth - 1;
        if (depth !== 0) return;
        nested += result.gasUsed;
        add('call', bytesToHex(context.contract), result.gasUsed);
      },
    },
    sharesOf({ gasUsed }, codeGas = 0n) {
      const shares: GasShare[] = [...sums.values()];
      const named = shares.reduce((sum, { gas }) => sum + gas, codeGas);
      shares.push({ kind: 'instructions', name: engine, gas: gasUsed - named, calls: 1 });
      if (codeGas > 0n) shares.push({ kind: 'code', name: 'stored code', gas: codeGas, calls: 1 });
      return shares
        .filter(({ gas }) => gas > 0n)
        .sort((a, b) => (a.gas === b.gas ? compare(a.name, b.name) : a.gas > b.gas ? -1 : 1));
    },
    end: () => void events.off('storage', onStorage),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
