import type { BenchReport, BenchResult } from '@switchyard/cli';
// From the source: the page is written without a build.
import { isWide } from '../../packages/cli/src/bench/measure.ts';

/** docs/performance.md from a report of `npm run bench -- tbpf --json FILE`: every number on the page comes from there. */
export function renderPerformancePage(report: BenchReport): string {
  const { machine } = report;
  return `# Performance of the TBPF engine

Written by \`npm run docs:performance -- FILE\` from a report of \`npm run bench -- tbpf --json FILE\`; the report is
[performance.json](performance.json). Medians of ${runsOf(report)} rounds, in which everything that is compared takes turns, after some rounds to warm up.
Time is the clock's or the processor's, whichever is less, so that a busy machine's other work does not count. Another machine gives other numbers; the ratios move less.
A † marks figures whose largest round is more than twice the least: take them as an order of magnitude.

Machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryMiB} MiB, ${machine.platform}; Node ${machine.node}, V8 ${machine.v8}.

## Speed

Million instructions a second on the programs of [fixtures/bench/tbpf](../fixtures/bench/tbpf/README.md), gas counted unless it says
otherwise. The twin is the same algorithm written by hand in WebAssembly, with the same traffic with memory, without gas and without
checks of its own: the most that the host's compiler gives.

${speedTable(report)}

${meansTable(report)}

Ratios are taken round by round; the table has their medians, the means are over the programs' medians.

## Calls

Microseconds of a warm call: \`tiny\` has ten instructions, \`contract_5k\` about 5,000 in a small text, \`contract_64k\` about as many in
64 KiB of text. They go through \`VirtualMachine.execute\`, making context, journal and result included. The token is
[token.c](../fixtures/contracts/token/token.c): through the engine, and through \`ExecutionEnvironment\`, which also checks, charges and commits.
In parentheses the least and the largest round.

${tierTable(report, 'us-per-call')}

Milliseconds from code that the process has never seen to the result of its first run: loading, verifying, and on the tier \`compiled\`,
which \`auto\` would not choose for the short ones, compiling. The contracts are called once on a new engine, the others run bare.

${tierTable(report, 'ms-cold')}

## Compiling

Milliseconds, warm: writing the WebAssembly module, and \`new WebAssembly.Module\` of it.

${compileTable(report)}
`;
}

function runsOf({ results }: BenchReport): string {
  const runs = [...new Set(results.map((result) => result.runs))];
  return runs.join(' or ');
}

function speedTable(report: BenchReport): string {
  const programs = programsOf(report, 'mips');
  const figure = (program: string, tier: string, meter: 'on' | 'off'): string =>
    cell(find(report, program, 'mips', tier, meter));
  const rows = programs.map((program) => [
    program,
    figure(program, 'reference', 'on'),
    figure(program, 'interpreter', 'on'),
    figure(program, 'compiled', 'on'),
    figure(program, 'compiled', 'off'),
    figure(program, 'twin', 'off'),
    ratio(report, program, 'interpreter / reference'),
    ratio(report, program, 'compiled / twin'),
    ratio(report, program, 'compiled, meter on / off'),
  ]);
  return table(
    [
      'Program',
      'reference',
      'interpreter',
      'compiled',
      'compiled, no gas',
      'twin',
      'interpreter / reference',
      'compiled / twin',
      'gas / no gas',
    ],
    rows,
  );
}

function meansTable({ meanRatios }: BenchReport): string {
  const rows = meanRatios
    .filter(({ metric }) => metric === 'mips')
    .map(({ ratio: name, geometricMean, programs }) => [name, geometricMean.toFixed(3), `${programs}`]);
  return table(['Ratio', 'Geometric mean', 'Programs'], rows);
}

function tierTable(report: BenchReport, metric: BenchResult['metric']): string {
  const tiers = ['reference', 'interpreter', 'compiled'];
  const rows = programsOf(report, metric).map((program) => [
    program,
    ...tiers.map((tier) => rangeCell(find(report, program, metric, tier, 'on'))),
  ]);
  return table(['Program', ...tiers], rows);
}

function compileTable(report: BenchReport): string {
  const sizes = programsOf(report, 'ms-compile').filter((program) => program.endsWith('.emission'));
  const rows = sizes.map((program) => {
    const text = program.replace('.emission', '');
    const kilobytes = Number(/\d+/.exec(text)?.[0]);
    const emission = find(report, program, 'ms-compile', 'compiled', 'on');
    const module = find(report, `${text}.module`, 'ms-compile', 'compiled', 'on');
    const perKilobyte = emission === undefined ? '' : (emission.median / kilobytes).toFixed(3);
    return [`${kilobytes} KiB`, cell(emission), perKilobyte, cell(module)];
  });
  return table(['Text', 'emission', 'emission of 1 KiB', 'module'], rows);
}

function programsOf({ results }: BenchReport, metric: BenchResult['metric']): readonly string[] {
  return [...new Set(results.filter((result) => result.metric === metric).map(({ program }) => program))];
}

function find(
  { results }: BenchReport,
  program: string,
  metric: BenchResult['metric'],
  tier: string,
  meter: 'on' | 'off',
): BenchResult | undefined {
  return results.find(
    (result) =>
      result.program === program &&
      result.metric === metric &&
      result.tier === tier &&
      result.meter === meter,
  );
}

function ratio({ ratios }: BenchReport, program: string, name: string): string {
  const found = ratios.find((one) => one.program === program && one.metric === 'mips' && one.ratio === name);
  return found === undefined ? '' : `${found.median.toFixed(2)}${mark(found)}`;
}

/** A median; an empty cell for what was not measured. */
function cell(result: BenchResult | undefined): string {
  return result === undefined ? '' : `${number(result.median)}${mark(result)}`;
}

/** A median with the least and the largest round. */
function rangeCell(result: BenchResult | undefined): string {
  return result === undefined ? '' : `${cell(result)} (${number(result.min)}–${number(result.max)})`;
}

function mark(figure: Pick<BenchResult, 'min' | 'max'>): string {
  return isWide(figure) ? ' †' : '';
}

function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : `${Number(value.toPrecision(3))}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = `|---|${head
    .slice(1)
    .map(() => '---:|')
    .join('')}`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
