import { type Package, resolveRelative } from './workspace.ts';

/**
 * Groups of a package's files that import each other's values in a circle, each shown as one shortest circle of paths. Imports of
 * types are free to go round, dynamic ones too: neither is part of what loads first.
 */
export function findCycles(one: Package): readonly (readonly string[])[] {
  const edges = new Map<string, readonly string[]>();
  for (const file of one.files) {
    const targets = file.imports
      .filter(({ kind }) => kind === 'value')
      .map(({ specifier }) => resolveRelative(file.path, specifier));
    edges.set(
      file.path,
      targets.filter((target) => target !== undefined),
    );
  }
  const reported = new Set<string>();
  const cycles: (readonly string[])[] = [];
  for (const start of [...edges.keys()].sort()) {
    if (reported.has(start)) continue;
    const cycle = shortestCycle(start, edges);
    if (cycle === undefined) continue;
    for (const path of cycle) reported.add(path);
    cycles.push(cycle);
  }
  return cycles;
}

/** Breadth first from `start` back to it. */
function shortestCycle(
  start: string,
  edges: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const path of queue) {
    for (const target of edges.get(path) ?? []) {
      if (target === start) return unwind(path, start, cameFrom);
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, path);
      queue.push(target);
    }
  }
  return undefined;
}

function unwind(last: string, start: string, cameFrom: ReadonlyMap<string, string>): readonly string[] {
  const cycle = [last];
  while (cycle[0] !== start) cycle.unshift(cameFrom.get(cycle[0]!)!);
  return cycle;
}
