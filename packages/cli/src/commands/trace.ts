import { printable, type TransactionResult, VmError } from '@switchyard/core';
import {
  createCallTree,
  createTracer,
  type EventFilter,
  type FilterFindings,
  type TraceEvent,
  toJsonLine,
  toTextLine,
} from '@switchyard/profiler/trace';
import pc from 'picocolors';
import { observe, type Target, type TargetOptions, withTarget } from '../app/open-target.ts';
import { parseInteger, usage } from '../arguments/parse.ts';
import { formatError } from '../output/format-error.ts';
import { LineWriter } from '../output/line-writer.ts';
import { type CommandReport, exitCodeOfResult } from '../output/reporter.ts';
import { refuseInput } from '../output/write-output.ts';

/** Options of `switchyard trace`. */
export interface TraceCommandOptions extends TargetOptions {
  readonly format?: string;
  readonly output?: string;
  /** Mnemonics, with commas between. */
  readonly only?: string;
  /** `FIRST-LAST`, or one pc. */
  readonly pc?: string;
  readonly function?: readonly string[];
  /** `FILE` or `FILE:LINE`. */
  readonly source?: string;
  readonly syscalls?: boolean;
  readonly depth?: string;
  readonly skip?: string;
  readonly limit?: string;
}

/** Traces a call of a contract file in an empty state, or of a deployed contract; the store stays as it is. */
export function traceTarget(
  target: string,
  options: TraceCommandOptions,
  onEvent: (event: TraceEvent) => void,
): Promise<TransactionResult> {
  return follow(target, options, onEvent).then(({ result }) => result);
}

/** A call that was traced, with what the filter found in it; nothing of a tree, which has none. */
interface Traced {
  readonly result: TransactionResult;
  readonly findings?: FilterFindings;
}

async function follow(
  target: string,
  options: TraceCommandOptions,
  onEvent: (event: TraceEvent) => void,
): Promise<Traced> {
  const filter = filterOf(options);
  return withTarget(target, options, (opened) => {
    const tracer = createTracer({ filter, onEvent, sourceMapOf: opened.names.sourceMapOf });
    return { result: watched(opened, tracer), findings: tracer.findings };
  });
}

const FORMATS = ['text', 'jsonl', 'tree'];

/** `switchyard trace TARGET`. */
export async function traceCommand(target: string, options: TraceCommandOptions): Promise<CommandReport> {
  const { format = 'text', output } = options;
  if (!FORMATS.includes(format)) throw usage('--format', `one of ${FORMATS.join(', ')}`, format);
  if (options.json === true && output === undefined) {
    throw new VmError('USAGE_INVALID', '--json prints the result: name a file for the trace with -o.');
  }
  const filter = filterOf(options);
  if (format === 'tree') refuseFilters(filter);
  refuseInput(output, [target]);
  const writer = new LineWriter(output);
  try {
    const traced =
      format === 'tree'
        ? await drawTree(target, options, filter, writer)
        : await follow(target, options, (event) =>
            writer.write(format === 'jsonl' ? toJsonLine(event) : toTextLine(event)),
          );
    return reportOf(target, options, format, traced);
  } finally {
    writer.close();
  }
}

function drawTree(
  target: string,
  options: TargetOptions,
  { maxDepth }: EventFilter,
  writer: LineWriter,
): Promise<Traced> {
  return withTarget(target, options, (opened) => {
    const tree = createCallTree({ ...opened.names, ...(maxDepth === undefined ? {} : { maxDepth }) });
    const result = watched(opened, tree);
    writer.write(tree.render().trimEnd());
    return { result };
  });
}

function watched(
  target: Target,
  watcher: Pick<ReturnType<typeof createTracer>, 'observer' | 'listen'>,
): TransactionResult {
  const end = watcher.listen(target.app.events);
  try {
    return observe(target, watcher.observer);
  } finally {
    end();
  }
}

function reportOf(
  target: string,
  options: TraceCommandOptions,
  format: string,
  { result, findings }: Traced,
): CommandReport {
  const { output } = options;
  const note = findings === undefined ? undefined : noteOf(options, findings);
  return {
    command: 'trace',
    exitCode: exitCodeOfResult(result),
    data: {
      target,
      result,
      ...(note === undefined ? {} : { note }),
      ...(output === undefined ? {} : { output }),
    },
    text() {
      const said = output === undefined ? [] : [`wrote ${printable(output)}`];
      // Lines of JSON stay lines of JSON: the last one says how the call ended.
      const isForPeople = format !== 'jsonl' || output !== undefined;
      return [
        ...said,
        ...(result.error === null || !isForPeople ? [] : ['', formatError(result.error)]),
      ].join('\n');
    },
    errorText: () => (note === undefined ? '' : `${pc.yellow('note')}: ${printable(note)}`),
  };
}

/** What to say of a filter that nothing fits: a mistyped name looks just so. */
function noteOf(options: TraceCommandOptions, findings: FilterFindings): string | undefined {
  const { only, pc: slots, source, syscalls, skip } = options;
  if (findings.hasMatched) return undefined;
  const given = [
    ...(only === undefined ? [] : [`--only ${only}`]),
    ...(slots === undefined ? [] : [`--pc ${slots}`]),
    ...(options.function ?? []).map((name) => `--function ${name}`),
    ...(source === undefined ? [] : [`--source ${source}`]),
    ...(skip === undefined ? [] : [`--skip ${skip}`]),
  ];
  // Alone, it asks a question that none is an answer to.
  if (given.length === 0) return undefined;
  if (syscalls === true) given.push('--syscalls');
  const why = findings.lacksLines
    ? '; the contract has no debug information: build it with `switchyard build --debug`.'
    : '.';
  return `nothing matched ${given.join(' ')}${why}`;
}

/** The filter that the options describe. @throws VmError USAGE_INVALID naming the option. */
function filterOf(options: TraceCommandOptions): EventFilter {
  const count = (text: string | undefined, option: string, least: number): number | undefined =>
    text === undefined ? undefined : parseInteger(text, option, least, Number.MAX_SAFE_INTEGER);
  const maxDepth = count(options.depth, '--depth', 0);
  const skip = count(options.skip, '--skip', 0);
  const limit = count(options.limit, '--limit', 1);
  return {
    ...(options.only === undefined ? {} : { mnemonics: options.only.split(',') }),
    ...(options.pc === undefined ? {} : { pcRange: pcRangeOf(options.pc) }),
    ...(options.function === undefined ? {} : { functions: options.function }),
    ...(options.source === undefined ? {} : { source: sourceOf(options.source) }),
    ...(options.syscalls === true ? { syscallsOnly: true } : {}),
    ...(maxDepth === undefined ? {} : { maxDepth }),
    ...(skip === undefined ? {} : { skip }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function pcRangeOf(text: string): readonly [number, number] {
  const match = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(text);
  const first = Number(match?.[1] ?? Number.NaN);
  const last = Number(match?.[2] ?? match?.[1] ?? Number.NaN);
  if (!(first <= last)) throw usage('--pc', 'FIRST-LAST or one number', text);
  return [first, last];
}

function sourceOf(text: string): NonNullable<EventFilter['source']> {
  // A path may start with a drive's letter; any other colon is the line's.
  const match = /^((?:[A-Za-z]:[\\/])?[^:]+)(?::([1-9]\d{0,8}))?$/.exec(text);
  if (match === null) throw usage('--source', 'FILE or FILE:LINE', text);
  return { file: match[1]!, ...(match[2] === undefined ? {} : { line: Number(match[2]) }) };
}

/** A tree of a part of the events would not be one. */
function refuseFilters(filter: EventFilter): void {
  const given = Object.keys(filter).filter((key) => key !== 'maxDepth');
  if (given.length > 0) throw new VmError('USAGE_INVALID', 'a tree takes no filter but --depth.');
}
