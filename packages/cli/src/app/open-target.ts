import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import {
  codeHash,
  equalBytes,
  type RunObserver,
  type SourceMap,
  type TransactionRequest,
  type TransactionResult,
  VmError,
} from '@switchyard/core';
import { type CallOptions, requestOf, stateOf } from '../arguments/call-options.ts';
import { inputFor } from '../arguments/engine-input.ts';
import { parseAddress, parseBalance } from '../arguments/parse.ts';
import { readInputFile } from '../arguments/read-input.ts';
import { fund } from './fund.ts';
import { type App, openApp } from './open-app.ts';

/** Options of commands that run a contract file in an empty state, or look at a call of a deployed contract. */
export interface TargetOptions extends CallOptions {
  /** Balances to start with, `ADDRESS=AMOUNT` of native units or `ADDRESS/ASSET=AMOUNT`; of a file only. */
  readonly balance?: readonly string[];
  /** Engine to run a file on, instead of the one its format asks for. */
  readonly engine?: string;
}

/** A contract that can be called, and where it is. */
export interface Target {
  readonly app: App;
  readonly contract: Uint8Array;
  /** The call that the options describe. */
  readonly request: TransactionRequest;
  /** Name of the file; undefined for a deployed contract. */
  readonly file: string | undefined;
  /** For a profiler or a recorder of traces. */
  readonly names: {
    readonly sourceMapOf: (engine: string, code: Uint8Array) => SourceMap | undefined;
    readonly nameOf: (contract: Uint8Array) => string | undefined;
  };
}

/**
 * Puts a contract file into an empty state in memory, at the sha-256 of its code, for `use` to work with. @throws VmError
 * FILE_UNREADABLE, and what is wrong with the options.
 */
export async function withFile<T>(
  path: string,
  options: TargetOptions,
  use: (target: Target) => T,
): Promise<T> {
  const code = readInputFile(path);
  const app = await openApp({ configFile: options.config, state: { kind: 'memory' } });
  return closing(app, () => use(targetOf(app, place(app, code, options), options, basename(path))));
}

/**
 * As `withFile` for a path; else the target is a contract's address, and the configured store is opened to read only. @throws VmError
 * FILE_UNREADABLE for neither of them.
 */
export async function withTarget<T>(
  target: string,
  options: TargetOptions,
  use: (target: Target) => T,
): Promise<T> {
  if (target === '-' || existsSync(target)) return withFile(target, options, use);
  const contract = addressOf(target);
  refuseFileOptions(options);
  const app = await openApp({ configFile: options.config, flags: stateOf(options), access: 'read' });
  return closing(app, () => use(targetOf(app, contract, options, undefined)));
}

async function closing<T>(app: App, use: () => T): Promise<T> {
  try {
    return use();
  } finally {
    await app.close();
  }
}

function targetOf(app: App, contract: Uint8Array, options: TargetOptions, file: string | undefined): Target {
  const request = inputFor(app, requestOf(options, contract), options);
  return { app, contract, request, file, names: namesOf(app, contract, file) };
}

function addressOf(target: string): Uint8Array {
  try {
    return parseAddress(target, 'TARGET');
  } catch (cause) {
    throw new VmError('FILE_UNREADABLE', `${target}: neither a file nor a contract's address.`, { cause });
  }
}

/** Runs a target's call with an observer; a deployed contract's is forgotten afterwards. */
export function observe({ app, request }: Target, observer: RunObserver): TransactionResult {
  return app.environment.simulate({ ...request, observer });
}

function refuseFileOptions({ balance, engine }: TargetOptions): void {
  const given = balance !== undefined ? '--balance' : engine !== undefined ? '--engine' : undefined;
  if (given !== undefined) throw new VmError('USAGE_INVALID', `${given} is for contract files only.`);
}

function place(app: App, code: Uint8Array, { balance, engine }: TargetOptions): Uint8Array {
  const contract = codeHash(code);
  for (const text of balance ?? []) {
    fund(app.state, parseBalance(text));
  }
  app.state.setCode(contract, code, engine);
  app.state.flush();
  return contract;
}

function namesOf(app: App, contract: Uint8Array, file: string | undefined): Target['names'] {
  return {
    sourceMapOf: (engine, code) => app.tools(engine).sourceMap?.(code),
    nameOf: (address) => (equalBytes(address, contract) ? file : undefined),
  };
}
