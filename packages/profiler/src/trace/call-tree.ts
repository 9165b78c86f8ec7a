import {
  formatLocation,
  printable,
  type RunObserver,
  type SourceLocation,
  type SyscallArgument,
  type VmEventBus,
} from '@switchyard/core';
import type { SourceMapOf } from '../follow/code-places.ts';
import { followRun, type RunListener } from '../follow/follow-run.ts';
import { type GasNode, GasTree, walk } from '../follow/gas-tree.ts';
import { entryName, grouped, shortAddress } from '../names.ts';
import { formatArgument } from './format-value.ts';
import { listenTo } from './listen-to.ts';
import { eventText, storageText } from './to-text-line.ts';

/** A tree that can be read; whatever a contract does, it stays this small. */
const LIMITS = { maxNodes: 5_000, maxChildren: 100 };

/** Numbers that say what a syscall does; the others are addresses and lengths, of which calls that do the same differ. */
const TELLING_NUMBERS: ReadonlySet<string> = new Set(['id', 'amount', 'decimals', 'maxSupply']);

/** What a tree of calls may know of the codes that run. */
export interface CallTreeOptions {
  readonly sourceMapOf?: SourceMapOf;
  /** What to call a contract; undefined for its address. */
  readonly nameOf?: (contract: Uint8Array) => string | undefined;
  /** The deepest contract call that is shown; what is deeper counts in its caller. */
  readonly maxDepth?: number;
}

/** Watches one transaction and draws its calls. */
export interface CallTree {
  readonly observer: RunObserver;
  /** Listens to storage, logs and events of an environment's bus. @returns what ends it. */
  listen(events: VmEventBus): () => void;
  /** The tree as text: gas with all below it, and how often; equal calls of one caller are one line. */
  render(): string;
}

/** A tree of contract calls, functions, syscalls with their arguments, storage, logs and events. Bounded; says when it was cut. */
export function createCallTree(options: CallTreeOptions = {}): CallTree {
  const tree = new GasTree<string>('', '(others)', LIMITS);
  const path: GasNode<string>[] = [tree.root];
  const maxDepth = options.maxDepth ?? Number.POSITIVE_INFINITY;
  let depth = -1;
  const isShown = (): boolean => depth <= maxDepth;
  const enter = (text: string, key = text): void => {
    if (isShown()) path.push(tree.enter(path.at(-1)!, `n${key}`, () => text));
  };
  const leave = (): void => {
    if (isShown()) path.pop();
  };
  const note = (text: string): void => {
    enter(text);
    leave();
  };
  const listener: RunListener = {
    spend: (_position, gas) => path[path.length - 1]!.self.add(gas),
    enterContract({ call }) {
      depth++;
      const { contract, entry } = call.context;
      const name = printable(options.nameOf?.(contract) ?? shortAddress(contract));
      enter(`${name} ${printable(entryName(entry))} [${call.engine}]`);
    },
    leaveContract(_position, { status, error }) {
      if (error !== null) note(`${status}: ${error.code}`);
      leave();
      depth--;
    },
    enterFunction({ places }, name, pc) {
      enter(`${printable(name)}${sourceText(places.locate(pc))}`);
    },
    leaveFunction: leave,
    enterSyscall(_position, syscall) {
      if (!isShown()) return;
      const shown = syscall.arguments().filter(isTelling);
      enter(`${printable(syscall.name)}(${shown.map(formatArgument).join(', ')})`);
    },
    leaveSyscall(_position, { error }) {
      if (error !== undefined) note(`failed: ${printable(error)}`);
      leave();
    },
  };
  return {
    observer: followRun(listener, options.sourceMapOf),
    listen: (events) =>
      listenTo(events, (happened) => {
        if (happened.type === 'storage') {
          note(storageText(happened.kind, happened.key, happened.value, happened.valueLength));
        } else if (happened.type === 'log') note(`log ${printable(happened.message).slice(0, 200)}`);
        else note(eventText(happened.topics, happened.data, happened.dataLength));
      }),
    render: () => render(tree),
  };
}

function render(tree: GasTree<string>): string {
  const lines = walk(tree).map(({ node, depth, total }) => {
    const gas = total === 0n ? '' : grouped(total);
    const times = node.count > 1 ? `  ×${grouped(node.count)}` : '';
    return `${gas.padStart(12)}  ${'  '.repeat(depth)}${node.item}${times}`;
  });
  if (tree.isCut)
    lines.push('', 'The tree was cut: there were too many different calls, those beyond are "(others)".');
  return `${lines.join('\n')}\n`;
}

function isTelling({ name, value, bytes }: SyscallArgument): boolean {
  return bytes !== undefined || typeof value === 'string' || TELLING_NUMBERS.has(name);
}

function sourceText(source: SourceLocation | undefined): string {
  return source === undefined ? '' : `  ${printable(formatLocation(source))}`;
}
