import {
  codeHash,
  NATIVE_ASSET,
  type TraceFilter,
  type TraceStep,
  type TransactionResult,
} from '@switchyard/core';
import { openApp } from '../app/open-app.ts';
import { type CallOptions, requestOf } from '../arguments/call-options.ts';
import { inputFor } from '../arguments/engine-input.ts';
import { parseBalance, parseInteger } from '../arguments/parse.ts';
import { readInputFile } from '../arguments/read-input.ts';
import { formatTransaction } from '../output/format-transaction.ts';
import { type CommandReport, exitCodeOfResult } from '../output/reporter.ts';

/** Options of `switchyard run`. */
export interface RunOptions extends CallOptions {
  /** Native balances to start with, `ADDRESS=AMOUNT`. */
  readonly balance?: readonly string[];
  /** Engine to run the file on, instead of the one its format asks for. */
  readonly engine?: string;
  /** Print each step to standard error; a number ends after so many. */
  readonly trace?: boolean | string;
  /** Only these mnemonics. */
  readonly traceOnly?: string;
}

/**
 * Runs a contract file once, in an empty state that is forgotten afterwards. The contract's address is the sha-256 of its code.
 * @throws VmError for what is wrong with the request; the contract's own failure is a result.
 */
export async function runFile(
  file: string,
  options: RunOptions = {},
  onStep: (step: TraceStep) => void = printStep,
): Promise<TransactionResult> {
  const code = readInputFile(file);
  const app = await openApp({ configFile: options.config, state: { kind: 'memory' } });
  try {
    const contract = codeHash(code);
    for (const text of options.balance ?? []) {
      const { address, amount } = parseBalance(text);
      app.state.mint(address, NATIVE_ASSET, amount);
    }
    app.state.setCode(contract, code, options.engine);
    app.state.flush();
    const filter = traceFilterOf(options);
    return app.environment.call({
      ...inputFor(app, requestOf(options, contract), options),
      ...(filter === undefined ? {} : { trace: { filter, onStep } }),
    });
  } finally {
    await app.close();
  }
}

/** `switchyard run FILE`. */
export async function runCommand(file: string, options: RunOptions): Promise<CommandReport> {
  const result = await runFile(file, options);
  return {
    command: 'run',
    exitCode: exitCodeOfResult(result),
    data: { file, result },
    text: () => formatTransaction(result, file),
  };
}

function traceFilterOf(options: RunOptions): TraceFilter | undefined {
  if (options.trace === undefined || options.trace === false) return undefined;
  return {
    ...(options.trace === true
      ? {}
      : { limit: parseInteger(options.trace, '--trace', 1, Number.MAX_SAFE_INTEGER) }),
    ...(options.traceOnly === undefined ? {} : { mnemonics: options.traceOnly.split(',') }),
  };
}

/** A step on one line: number, pc, gas left, instruction, and the registers that are not 0. */
function printStep(step: TraceStep): void {
  const registers = step.registers
    .map((value, index) => (value === 0n ? '' : ` r${index}=${value.toString(16)}`))
    .join('');
  const place = `${step.index}`.padStart(6) + `${step.pc}`.padStart(6) + `${step.gasLeft}`.padStart(10);
  process.stderr.write(`${place}  ${step.instruction.padEnd(32)}${registers}\n`);
}
