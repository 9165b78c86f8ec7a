import {
  bytesToHex,
  type ExecutionResult,
  formatLocation,
  type RunObserver,
  type SourceLocation,
} from '@switchyard/core';
import type { CodePlaces, SourceMapOf } from '../follow/code-places.ts';
import { type CallPosition, followRun, type RunListener } from '../follow/follow-run.ts';
import { GasSum } from '../follow/gas-sum.ts';
import { type GasNode, GasTree, walk } from '../follow/gas-tree.ts';
import { entryName, shortAddress } from '../names.ts';
import type { LineGas, Profile, ProfileFrame } from './profile.ts';

/** Ample for a flame graph that can be looked at, and a bound on what a hostile contract can make a profile hold. */
const LIMITS = { maxNodes: 100_000, maxChildren: 10_000 };

/** What a profiler may know of the codes that run. */
export interface ProfilerOptions {
  readonly sourceMapOf?: SourceMapOf;
  /** What to call a contract; undefined for its address. */
  readonly nameOf?: (contract: Uint8Array) => string | undefined;
}

/** Watches one transaction and tells where its gas went. */
export interface Profiler {
  /** To be given to `call`, `simulate` or `deploy` of an environment as `observer`. */
  readonly observer: RunObserver;
  /** The profile, once the run has ended. @param result the outermost call's: `result` of the transaction's result. */
  finish(result: ExecutionResult, gasLimit: bigint): Profile;
}

interface CodeLines {
  readonly contract: string;
  readonly places: CodePlaces;
  readonly gas: Map<number, GasSum>;
}

/** A profiler for one transaction. */
export function createProfiler(options: ProfilerOptions = {}): Profiler {
  const rest: ProfileFrame = { kind: 'rest', name: '(other calls)' };
  const frames = new Map<string, ProfileFrame>();
  const frame = (key: string, make: () => ProfileFrame): ProfileFrame => {
    const known = frames.get(key);
    if (known !== undefined) return known;
    const made = make();
    frames.set(key, made);
    return made;
  };
  const tree = new GasTree<ProfileFrame>(rest, rest, LIMITS);
  const path: GasNode<ProfileFrame>[] = [tree.root];
  const codes = new Map<string, CodeLines>();
  const open: { readonly key: string; readonly lines: CodeLines }[] = [];

  const enter = (key: string, make: () => ProfileFrame): void => {
    path.push(tree.enter(path.at(-1)!, key, () => frame(key, make)));
  };
  const leave = (): void => void path.pop();

  const listener: RunListener = {
    enterContract({ call, places }) {
      const { context, engine } = call;
      const contract = bytesToHex(context.contract);
      const lines = codes.get(contract) ?? { contract, places, gas: new Map<number, GasSum>() };
      codes.set(contract, lines);
      const name = `${options.nameOf?.(context.contract) ?? shortAddress(context.contract)} ${entryName(context.entry)}`;
      const key = `contract ${contract} ${engine} ${entryName(context.entry)}`;
      open.push({ key: contract, lines });
      enter(key, () => ({ kind: 'contract', name, contract, engine }));
    },
    leaveContract() {
      open.pop();
      leave();
    },
    enterFunction({ places, call }, name, pc) {
      const contract = open.at(-1)!.key;
      enter(`function ${contract} ${name}`, () => ({
        kind: 'function',
        name,
        contract,
        engine: call.engine,
        ...sourceAt(places, pc),
      }));
    },
    leaveFunction: leave,
    enterSyscall(_position, { name }) {
      enter(`syscall ${name}`, () => ({ kind: 'syscall', name }));
    },
    leaveSyscall: leave,
    spend({ pc }: CallPosition, gas) {
      path[path.length - 1]!.self.add(gas);
      if (pc === undefined) return;
      const { lines } = open[open.length - 1]!;
      let sum = lines.gas.get(pc);
      if (sum === undefined) {
        sum = new GasSum();
        lines.gas.set(pc, sum);
      }
      sum.add(gas);
    },
  };

  return {
    observer: followRun(listener, options.sourceMapOf),
    finish(result, gasLimit) {
      // Frames of nodes alone, in the order in which they were first called.
      const walked = walk(tree);
      const indexes = new Map<ProfileFrame, number>();
      for (const { node } of walked) if (!indexes.has(node.item)) indexes.set(node.item, indexes.size);
      return {
        status: result.status,
        error: result.error?.code ?? null,
        gasUsed: result.gasUsed,
        gasLimit,
        frames: [...indexes.keys()],
        nodes: walked.map(({ node, depth, self, total }) => ({
          frame: indexes.get(node.item)!,
          depth,
          calls: node.count,
          self,
          total,
        })),
        lines: linesOf([...codes.values()]),
        isCut: tree.isCut,
      };
    },
  };
}

function sourceAt(places: CodePlaces, pc: number): { readonly source?: SourceLocation } {
  const source = places.locate(pc);
  return source === undefined ? {} : { source };
}

function linesOf(codes: readonly CodeLines[]): readonly LineGas[] {
  const lines = new Map<string, { contract: string; source: SourceLocation; gas: bigint }>();
  for (const { contract, places, gas } of codes) {
    for (const [pc, sum] of gas) {
      const source = places.locate(pc);
      if (source === undefined) continue;
      const key = `${contract} ${formatLocation(source)}`;
      const line = lines.get(key) ?? { contract, source: { file: source.file, line: source.line }, gas: 0n };
      line.gas += sum.value;
      lines.set(key, line);
    }
  }
  return [...lines.values()].sort(
    (a, b) =>
      Number(b.gas > a.gas) - Number(b.gas < a.gas) ||
      (a.source.file < b.source.file ? -1 : Number(a.source.file > b.source.file)) ||
      a.source.line - b.source.line,
  );
}
