import {
  bytesToHex,
  type DebugInfoReport,
  type InspectionReport,
  printable,
  type ValidationReport,
  VmError,
} from '@switchyard/core';
import pc from 'picocolors';
import { type App, openApp } from '../app/open-app.ts';
import type { CommonOptions } from '../arguments/call-options.ts';
import { readInputFile } from '../arguments/read-input.ts';
import { formatError } from '../output/format-error.ts';
import type { CommandReport } from '../output/reporter.ts';

/** Options of `validate`, `inspect` and `disasm`. */
export interface CodeOptions extends CommonOptions {
  /** Engine whose code the file holds; by default its format tells. */
  readonly engine?: string;
}

/** Opens an app without a store, for commands that only look at code. */
export async function withTools<T>(options: CodeOptions, use: (app: App) => T | Promise<T>): Promise<T> {
  const app = await openApp({ configFile: options.config, state: { kind: 'memory' } });
  try {
    return await use(app);
  } finally {
    await app.close();
  }
}

/** The engine type of a code file: the given one, or the one that its format asks for. */
export function engineTypeOf(app: App, code: Uint8Array, engine: string | undefined): string {
  return engine ?? app.factory.select({ code }).type;
}

/** Describes a code file without running it. */
export function inspectFile(file: string, options: CodeOptions = {}): Promise<InspectionReport> {
  return withTools(options, (app) => {
    const code = readInputFile(file);
    return app.tools(engineTypeOf(app, code, options.engine)).inspect(code);
  });
}

/** Checks a code file as a deployment would. */
export function validateFile(file: string, options: CodeOptions = {}): Promise<ValidationReport> {
  return withTools(options, (app) => {
    const code = readInputFile(file);
    try {
      return app.factory.engine(engineTypeOf(app, code, options.engine)).validateCode(code);
    } catch (thrown) {
      if (thrown instanceof VmError && thrown.code === 'CODE_FORMAT_UNKNOWN') {
        return { valid: false, error: thrown, warnings: [] };
      }
      throw thrown;
    }
  });
}

/** `switchyard inspect FILE`. */
export async function inspectCommand(file: string, options: CodeOptions): Promise<CommandReport> {
  const report = await inspectFile(file, options);
  return {
    command: 'inspect',
    exitCode: 0,
    data: { file, report },
    text: () => formatInspection(file, report),
  };
}

/** `switchyard validate FILE`. */
export async function validateCommand(file: string, options: CodeOptions): Promise<CommandReport> {
  const report = await validateFile(file, options);
  return {
    command: 'validate',
    exitCode: report.valid ? 0 : 1,
    data: { file, ...report },
    text: () => formatValidation(file, report),
  };
}

function formatValidation(file: string, report: ValidationReport): string {
  const verdict = report.valid
    ? `${pc.green('valid')} ${printable(file)}`
    : `${pc.red('not valid')} ${printable(file)}`;
  const warnings = report.warnings.map((warning) => `  ${pc.dim('note'.padEnd(14))}${warning}`);
  const error = report.error === null ? [] : ['', formatError(report.error)];
  return [verdict, ...warnings, ...error].join('\n');
}

function formatInspection(file: string, report: InspectionReport): string {
  const lines = [`${pc.bold(file)}: ${report.format}`];
  const fact = (name: string, value: string): void => {
    lines.push(`  ${pc.dim(name.padEnd(14))}${value}`);
  };
  fact('engine', report.engine);
  fact('size', `${report.size} bytes, ${report.instructions} instructions`);
  fact('sha-256', bytesToHex(report.codeHash));
  fact('verifier', report.verdict === null ? 'accepts' : `${pc.red('refuses')}: ${report.verdict}`);
  fact(
    'entries',
    [
      ...(report.symbols.some(({ name, kind }) => name === 'entrypoint' && kind === 'entry')
        ? ['entrypoint']
        : []),
      ...report.entries.map((id) => `entry_${id}`),
      ...report.hooks.map((id) => `hook_${id}`),
    ].join(', ') || 'none',
  );
  fact('syscalls', report.syscalls.map(printable).join(', ') || 'none');
  if (report.debug !== undefined) fact('debug info', formatDebugInfo(report.debug));
  for (const { name, kind, position } of report.symbols)
    fact('symbol', `${printable(name)} (${kind}) at ${position}`);
  for (const { name, address, size, access } of report.sections) {
    fact('section', `${printable(name)} at 0x${address.toString(16)}, ${size} bytes, ${access}`);
  }
  return lines.join('\n');
}

/** Files that are named; a contract includes a handful. */
const LISTED_FILES = 8;

function formatDebugInfo({ files, lines, note }: DebugInfoReport): string {
  const more = files.length > LISTED_FILES ? ` and ${files.length - LISTED_FILES} more` : '';
  const listed = files.slice(0, LISTED_FILES).map(printable).join(', ');
  const known = lines === 0 ? 'no lines' : `${lines} lines of ${listed}${more}`;
  return note === null ? known : `${known}; not all can be read: ${note}`;
}
