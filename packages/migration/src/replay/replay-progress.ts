import { createHash } from 'node:crypto';
import { stableJson } from '@switchyard/core';
import type { PerSide } from '../mapping/mapping.ts';
import type { SideCounts } from '../observe/observe.ts';
import type { CorruptLine, Report } from '../report/report.ts';
import type { Suite } from '../suite/suite.ts';
import type { CallSource, SourcePosition } from './call-source.ts';
import type { ReplayOptions } from './replay-options.ts';

/** Format of the progress; another is refused. */
export const PROGRESS_FORMAT = 'switchyard-migration-progress/1';

/** What a checkpoint keeps beside the sides' stores and the records. Plain JSON. */
export interface Progress {
  readonly format: typeof PROGRESS_FORMAT;
  /** Digest of all that the result depends on but the calls' number. */
  readonly inputs: string;
  readonly checkpoint: number;
  readonly position: SourcePosition;
  readonly calls: number;
  readonly recordsLength: number;
  readonly comparison: unknown;
  readonly seen: PerSide<SideCounts>;
  readonly corrupt: readonly CorruptLine[];
  readonly corruptCount: number;
  readonly first: Report['first'];
}

/** Tells inputs apart: a progress is of the same replay exactly when this is equal. */
export function digestInputs(suite: Suite, source: CallSource, options: ReplayOptions): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([suite, options.accepted ?? [], options.today], plain));
  hash.update(stableJson({ source: source.identity, name: source.name }));
  return hash.digest('hex');
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}`;
  if (value instanceof Map) return [...value];
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}
