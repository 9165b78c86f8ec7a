import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { containerModule as legacy } from '@switchyard/legacy/module';
import {
  compare,
  type GenerateOptions,
  generate,
  type Report,
  readSuite,
  type Suite,
} from '@switchyard/migration';
import { containerModule as tbpf } from '@switchyard/tbpf/module';

const fixtures = fileURLToPath(new URL('../../fixtures/migration/', import.meta.url));

/** The engines of both sides, and the day on which rules expire. */
const common = { modules: [legacy, tbpf], today: '2026-11-21' };

/** A pair of fixtures/migration; with calls, as YAML, other sections than its own, from `state` or `calls` on. */
export function readPair(folder: string, sections?: string): Suite {
  const path = join(fixtures, folder);
  const text = readFileSync(join(path, 'suite.yaml'), 'utf8');
  return readSuite({
    name: `${folder}/suite.yaml`,
    text: sections === undefined ? text : `${text.slice(0, text.indexOf('\ncalls:'))}\n${sections}`,
    readFile: (file) => new Uint8Array(readFileSync(join(path, file))),
  });
}

/** The pair's own calls and generated ones. */
export function runPair(suite: Suite, options: Pick<GenerateOptions, 'calls' | 'seed' | 'failures'>): Report {
  return generate(suite, { ...common, ...options });
}

/** The suite's calls alone: how each ended on the old side, and what differed, if anything. */
export function compareCalls(suite: Suite): {
  readonly outcomes: readonly string[];
  readonly report: Report;
} {
  const report = compare(suite, common);
  return { outcomes: report.calls.map(({ outcome }) => outcome), report };
}

/** The ends of each entry's calls but those that the environment refuses, since it cannot move the value. */
export function endsOf({ entries }: Report): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entries.map(({ entry, outcomes }) => [
      entry,
      outcomes
        .map(([outcome]) => outcome)
        .filter((outcome) => !outcome.startsWith('failed '))
        .join(', '),
    ]),
  );
}

/** `114 of 116` instructions of the old build. */
export function reachedOf({ coverage: { old } }: Report): string {
  return `${old!.reached} of ${old!.instructions}`;
}
