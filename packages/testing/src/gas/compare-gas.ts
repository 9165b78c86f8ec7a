import type { GasTable } from './gas-file.ts';

/** One name in two tables; undefined where it is missing. */
export interface GasDelta {
  readonly name: string;
  readonly before: bigint | undefined;
  readonly after: bigint | undefined;
}

/** All names of two tables, sorted. */
export function compareGas(before: GasTable, after: GasTable): readonly GasDelta[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.map((name) => ({ name, before: before.get(name), after: after.get(name) }));
}

/** True when a name's gas differs, or it is in one table only. */
export function isChanged({ before, after }: GasDelta): boolean {
  return before !== after;
}

/** True when anything differs. */
export function hasChanges(deltas: readonly GasDelta[]): boolean {
  return deltas.some(isChanged);
}
