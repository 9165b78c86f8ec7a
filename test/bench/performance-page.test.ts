import { readFileSync } from 'node:fs';
import type { BenchReport } from '@switchyard/cli';
import { expect, test } from 'vitest';
import { renderPerformancePage } from './performance-page.ts';
import { wideRows } from './spread.ts';

const read = (file: string): string => readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');

test('the page of performance is what the command makes of the report beside it', () => {
  const report = JSON.parse(read('performance.json')) as BenchReport;
  expect(read('performance.md')).toBe(renderPerformancePage(report));
});

test("a report's figures stand in the page's tables, marked where rounds spread, and what was not measured leaves an empty cell", () => {
  const machine = {
    cpu: 'Some CPU',
    cores: 2,
    memoryMiB: 1024,
    platform: 'linux x64',
    node: '20.0.0',
    v8: '11.3',
  };
  const numbers = { min: 5, max: 9, runs: 5 };
  const fast = { program: 'a_alu.v0', meter: 'on', metric: 'mips' } as const;
  const tiny = { program: 'tiny', meter: 'on', metric: 'us-per-call' } as const;
  const report: BenchReport = {
    schemaVersion: 1,
    machine,
    results: [
      { ...fast, tier: 'compiled', median: 3456.7, ...numbers },
      { ...fast, tier: 'interpreter', median: 98.76, min: 49, max: 98.76, runs: 5 },
      { ...tiny, tier: 'interpreter', median: 0.9327, min: 0.9241, max: 1.735, runs: 5 },
      { ...tiny, tier: 'compiled', median: 0.9, min: 0.8, max: 1.686, runs: 5 },
      {
        program: 'text_64k.emission',
        tier: 'compiled',
        meter: 'on',
        metric: 'ms-compile',
        median: 16,
        ...numbers,
      },
      {
        program: 'text_64k.module',
        tier: 'compiled',
        meter: 'on',
        metric: 'ms-compile',
        median: 0.5,
        ...numbers,
      },
    ],
    ratios: [{ program: 'a_alu.v0', metric: 'mips', ratio: 'compiled / twin', median: 0.876, ...numbers }],
    meanRatios: [{ ratio: 'compiled / twin', metric: 'mips', geometricMean: 0.876, programs: 1 }],
  };
  const page = renderPerformancePage(report);
  expect(page).toContain('Machine: Some CPU, 2 cores, 1024 MiB, linux x64; Node 20.0.0, V8 11.3.');
  expect(page).toContain('| a_alu.v0 |  | 98.8 † | 3,457 |  |  |  | 0.88 |  |');
  expect(page).toContain('| tiny |  | 0.933 (0.924–1.74) | 0.9 † (0.8–1.69) |');
  expect(page).toContain('| compiled / twin | 0.876 | 1 |');
  expect(page).toContain('| 64 KiB | 16 | 0.250 | 0.5 |');
  expect(wideRows(report)).toEqual([
    'a_alu.v0                    interpreter  on          98.76        49     98.76  million instructions/s  † wide: max > 2 × min',
    'tiny                        compiled     on            0.9       0.8     1.686  µs a call  † wide: max > 2 × min',
  ]);
});
