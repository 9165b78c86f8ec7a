import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToHex, type EngineTools, type VectorObservation } from '@switchyard/core';
import type { Difference } from '../suite.ts';
import { type BareCase, vectorOf } from './bare-case.ts';
import type { TierSession } from './tier.ts';

/** Observed fields that a vector file has. */
const EXPECTED = [
  'status',
  'r0',
  'instructions',
  'error',
  'errorDetail',
  'pc',
  'inputAfter',
  'heapAfter',
  'log',
];

/**
 * Writes the runs as vectors, whose expectations are what the reference says, and the program as assembly. `switchyard vectors run
 * --tier TIER FILE` shows the difference again, unless it takes the runs one after another on one machine.
 */
export function saveBareCase(
  program: BareCase,
  difference: Difference,
  folder: string,
  tools: EngineTools,
  runReference: TierSession,
): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const lines = program.runs.map((run, index) => {
    const vector = vectorOf(program, run);
    return JSON.stringify({
      id: program.runs.length === 1 ? program.id : `${program.id}-${index}`,
      tag: 'fuzz',
      note: noteOf(program, difference),
      engine: 'tbpf',
      codeKind: 'text',
      code: bytesToHex(program.text),
      ...vector.fields,
      gasLimit: `${run.gasLimit}`,
      expect: expectOf(runReference({ ...vector, expect: {} })),
    });
  });
  const vectors = join(folder, `${program.id}.jsonl`);
  writeFileSync(vectors, `${lines.join('\n')}\n`);
  const assembly = join(folder, `${program.id}.asm`);
  writeFileSync(assembly, tools.disassemble(program.text, 'text', { version: `v${program.version}` }));
  return [vectors, assembly];
}

function noteOf({ kind, repeats }: BareCase, { tier, run, fields }: Difference): string {
  const names = fields.map(({ field }) => field).join(', ');
  const again = repeats > 0 ? `, the last run ${repeats} times more` : '';
  return `${kind}: ${tier} differs from the reference in run ${run}: ${names}${again}`;
}

function expectOf({ native }: VectorObservation): Record<string, unknown> {
  return Object.fromEntries(
    EXPECTED.filter((field) => field in native).map((field) => [field, native[field]]),
  );
}
