import { slotSize } from '../isa/instruction.ts';
import type { AssembledProgram } from './assemble.ts';

/** A function that a file exports. */
export interface ExportedFunction {
  readonly name: string;
  readonly pc: number;
  /** Slots up to the next exported function or the end. */
  readonly slots: number;
}

/** The labels that become function symbols: `entrypoint`, `entry_N`, `hook_N` and `function_…`; in order of their slots. */
export function exportedFunctions({ labels, text }: AssembledProgram): readonly ExportedFunction[] {
  const slotCount = text.length / slotSize;
  const starts = [...labels]
    .filter(([name, pc]) => /^(entrypoint$|function_|(entry|hook)_\d+$)/.test(name) && pc < slotCount)
    .sort(([, left], [, right]) => left - right);
  return starts.map(([name, pc]) => {
    const next = starts.find(([, other]) => other > pc)?.[1] ?? slotCount;
    return { name, pc, slots: next - pc };
  });
}
