import type { EngineTools } from '@switchyard/core';
import type { Coverage } from '../report/report.ts';

/** How much of a code the reached places are. A function that has several names is named by all, when none of it was reached. */
export function coverageOf(tools: EngineTools, code: Uint8Array, pcs: ReadonlySet<number>): Coverage {
  const { instructions, symbols } = tools.inspect(code);
  const map = tools.sourceMap?.(code);
  const reached = new Set([...pcs].map((pc) => map?.functionAt(pc)));
  const functions = symbols.filter(({ kind }) => kind !== 'object' && kind !== 'undefined');
  const reachedAt = new Set(
    functions.filter(({ name }) => reached.has(name)).map(({ position }) => position),
  );
  const unreached = functions.filter(({ position }) => !reachedAt.has(position)).map(({ name }) => name);
  return { instructions, reached: pcs.size, unreached: [...new Set(unreached)].sort() };
}
