import { slotSize } from '../isa/instruction.ts';
import type { AssembledProgram } from './assemble.ts';

/** A function that a file has a symbol of. */
export interface ExportedFunction {
  readonly name: string;
  readonly pc: number;
  /** Slots up to the next function or the end. */
  readonly slots: number;
  /** Local: only for messages, not to be called from outside. */
  readonly isLocal: boolean;
}

/**
 * The labels that become function symbols: `entrypoint`, `entry_N`, `hook_N`, and what `.global` lists; without `.global` every
 * `function_…`, with it those others are local. In order of their slots, local ones first.
 */
export function exportedFunctions({ labels, text, globals }: AssembledProgram): readonly ExportedFunction[] {
  const slotCount = text.length / slotSize;
  const exported = new Set(globals);
  const starts = [...labels]
    .filter(([name, pc]) => pc < slotCount && (isEntry(name) || exported.has(name) || isFunction(name)))
    .sort(([, left], [, right]) => left - right);
  let next = slotCount;
  let following = slotCount;
  const functions = starts.toReversed().map(([name, pc]): ExportedFunction => {
    if (pc < following) {
      next = following;
      following = pc;
    }
    const isLocal = globals !== undefined && !isEntry(name) && !exported.has(name);
    return { name, pc, slots: next - pc, isLocal };
  });
  functions.reverse();
  return [...functions.filter(({ isLocal }) => isLocal), ...functions.filter(({ isLocal }) => !isLocal)];
}

function isEntry(name: string): boolean {
  return /^(entrypoint|(entry|hook)_\d+)$/.test(name);
}

function isFunction(name: string): boolean {
  return name.startsWith('function_');
}
