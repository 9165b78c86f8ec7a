import { writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { EngineTools, VectorCase } from '@switchyard/core';
import { LegacyTools } from '@switchyard/legacy';
import { TbpfTools } from '@switchyard/tbpf';
import { measureTinyCall, readLegacyPrograms } from './legacy-programs.ts';
import { type BenchResult, measure } from './measure.ts';
import { readTbpfPrograms } from './tbpf-programs.ts';

/*
 * npm run bench -- tbpf|legacy [--json FILE] [--runs N] [--only TEXT]
 *
 * Speed of an engine, as built, over fixtures/bench. Every run's result and instruction count are compared with what the file says.
 * Exit code 1 when one differs, 2 on bad usage.
 */

const USAGE = 'usage: npm run bench -- tbpf|legacy [--json FILE] [--runs N, at least 5] [--only TEXT]';

function main(): number {
  const options = readOptions();
  if (options === undefined) {
    console.error(USAGE);
    return 2;
  }
  const { tools, programs: all, further } = SUITES[options.suite];
  const programs = all().filter(({ id }) => id.includes(options.only));
  console.log(
    `${'program'.padEnd(20)}${'tier'.padEnd(12)}${'median'.padStart(8)}${'min'.padStart(8)}${'max'.padStart(8)}`,
  );
  const results: BenchResult[] = [];
  for (const program of programs) {
    for (const tier of tools.tiers) {
      const result = measure(tools, program, tier, options.runs);
      results.push(result);
      const numbers = [result.median, result.min, result.max].map((speed) => speed.toFixed(1).padStart(8));
      console.log(`${result.program.padEnd(20)}${tier.padEnd(12)}${numbers.join('')}`);
    }
  }
  for (const result of further(options.runs).filter(({ program }) => program.includes(options.only))) {
    results.push(result);
    console.log(
      `${result.program.padEnd(20)}${result.tier.padEnd(12)}${`${result.median}`.padStart(8)} µs a call`,
    );
  }
  console.log(`million instructions a second; ${options.runs} runs each after one to warm up`);
  if (options.json !== undefined) {
    const report = { schemaVersion: 1, machine: describeMachine(), results };
    writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  return 0;
}

interface Suite {
  readonly tools: EngineTools;
  readonly programs: () => readonly VectorCase[];
  /** What is measured in another unit. */
  readonly further: (runs: number) => readonly BenchResult[];
}

const SUITES: Readonly<Record<'tbpf' | 'legacy', Suite>> = {
  tbpf: { tools: new TbpfTools(), programs: readTbpfPrograms, further: () => [] },
  legacy: {
    tools: new LegacyTools(),
    programs: readLegacyPrograms,
    further: (runs) => [measureTinyCall(runs)],
  },
};

interface Options {
  readonly suite: keyof typeof SUITES;
  readonly json: string | undefined;
  readonly runs: number;
  readonly only: string;
}

function readOptions(): Options | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'string' },
        runs: { type: 'string', default: '5' },
        only: { type: 'string', default: '' },
      },
    });
    const runs = Number(values.runs);
    const suite = positionals.join();
    if ((suite !== 'tbpf' && suite !== 'legacy') || !Number.isInteger(runs) || runs < 5) return undefined;
    return { suite, json: values.json, runs, only: values.only };
  } catch {
    return undefined;
  }
}

function describeMachine(): object {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    platform: `${platform()} ${arch()}`,
    node: process.versions.node,
  };
}

try {
  process.exitCode = main();
} catch (thrown) {
  console.error(`bench: ${(thrown as Error).message}`);
  process.exitCode = 1;
}
