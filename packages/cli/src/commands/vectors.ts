import { once } from 'node:events';
import { type EngineTier, VmError } from '@switchyard/core';
import { parseInteger, usage } from '../arguments/parse.ts';
import type { CommandReport } from '../output/reporter.ts';
import { runVectors, type VectorSummary } from '../vectors/run-vectors.ts';

/** Options of `switchyard vectors run`. */
export interface VectorCommandOptions {
  readonly json?: boolean;
  readonly config?: string;
  readonly tier?: string;
  readonly jobs?: string;
  /** No result lines, only the summary. */
  readonly quiet?: boolean;
}

const TIERS: readonly EngineTier[] = ['reference', 'interpreter', 'compiled'];

/** `switchyard vectors run FILE…`: one JSON result a line on standard output, progress and summary on standard error. */
export async function vectorsCommand(
  files: readonly string[],
  options: VectorCommandOptions,
): Promise<CommandReport> {
  const progress = await createProgress();
  const summary = await runVectors(files, {
    tier: tierOf(options.tier),
    configFile: options.config,
    ...(options.jobs === undefined ? {} : { jobs: parseInteger(options.jobs, '--jobs', 0, 64) }),
    onResult: options.quiet === true ? ignore : writeLine,
    onProgress: progress.update,
  });
  progress.stop();
  if (summary.total === 0) {
    throw new VmError('VECTOR_INVALID', `${files.join(', ')}: there is no vector.`, {
      hint: 'Check the path.',
    });
  }
  process.stderr.write(`${formatSummary(summary)}\n`);
  return {
    command: 'vectors run',
    exitCode: summary.failed > 0 ? 1 : 0,
    data: { summary },
    // The result lines are the output; the summary has gone to standard error.
    text: () => '',
  };
}

function tierOf(name: string | undefined): EngineTier {
  const tier = TIERS.find((known) => known === (name ?? 'reference'));
  if (tier === undefined) throw usage('--tier', `one of ${TIERS.join(', ')}`, name ?? '');
  return tier;
}

function ignore(): void {}

/** Waits when the reader of the pipe is slower than the run. */
async function writeLine(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}

function formatSummary({ total, passed, failed, notCompared, failedIds }: VectorSummary): string {
  const others = notCompared > 0 ? `, ${notCompared} without expectation` : '';
  const more = failed > failedIds.length ? ', …' : '';
  const names = failed > 0 ? `\nfailed: ${failedIds.join(', ')}${more}` : '';
  return `${total} vectors: ${passed} passed, ${failed} failed${others}${names}`;
}

interface Progress {
  readonly update: (summary: VectorSummary) => void;
  readonly stop: () => void;
}

/** A counter on a terminal; nothing in a pipe. The number of lines ahead is not known, so there is no bar to fill. */
async function createProgress(): Promise<Progress> {
  if (!process.stderr.isTTY) return { update: ignore, stop: ignore };
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    format: '{value} vectors, {failed} failed, {duration_formatted}',
    clearOnComplete: true,
    stream: process.stderr,
  });
  bar.start(0, 0, { failed: 0 });
  return {
    update: ({ total, failed }) => bar.update(total, { failed }),
    stop: () => bar.stop(),
  };
}
