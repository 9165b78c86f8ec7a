import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { VmError } from '@switchyard/core';
import { collectVariable, readCollected } from './collected-gas.ts';
import { compareGas, type GasDelta, hasChanges } from './compare-gas.ts';
import { readGasFile, writeGasFile } from './gas-file.ts';

/** How to run the tests whose gas is wanted. */
export interface GasSnapshotRunOptions {
  /** The committed file, from the working directory. */
  readonly file: string;
  /** `check` compares; `update` writes. */
  readonly mode: 'check' | 'update';
  /** Test files, as vitest takes them. Without any all are run, and names that no test records count as gone. */
  readonly tests?: readonly string[];
  /** By default the process's. */
  readonly cwd?: string;
  /** Gets what the tests print, as it comes. By default it goes nowhere. */
  readonly onOutput?: (text: string) => void;
}

/** What was found. */
export interface GasSnapshotReport {
  /** Absolute path. */
  readonly file: string;
  readonly deltas: readonly GasDelta[];
  /** True when gas differs from the file as it was. */
  readonly isChanged: boolean;
  /** True when the file was written. */
  readonly isWritten: boolean;
  /** False when a test failed; nothing is written then. */
  readonly testsPassed: boolean;
}

/**
 * Runs the project's tests with vitest, gathers what their gas snapshots recorded for one file, and compares it or writes it.
 * @throws VmError TOOL_MISSING without vitest, FILE_UNREADABLE, USAGE_INVALID for a name with two amounts or when nothing is recorded.
 */
export async function runGasSnapshot(options: GasSnapshotRunOptions): Promise<GasSnapshotReport> {
  const cwd = resolve(options.cwd ?? '.');
  const file = resolve(cwd, options.file);
  const tests = options.tests ?? [];
  const stored = readGasFile(file);
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-gas-'));
  try {
    const testsPassed = await runTests(findVitest(cwd), tests, cwd, folder, options.onOutput);
    const measured = readCollected(folder, file);
    if (measured.size === 0 && testsPassed) {
      throw new VmError('USAGE_INVALID', `no test recorded gas for ${file}.`, {
        hint: 'Record it with createGasSnapshot of @switchyard/testing/gas, and close it in afterAll.',
      });
    }
    const isPart = tests.length > 0 || !testsPassed;
    const before = new Map([...(stored ?? [])].filter(([name]) => !isPart || measured.has(name)));
    const deltas = compareGas(before, measured);
    const isChanged = stored === undefined || hasChanges(deltas);
    const isWritten = options.mode === 'update' && testsPassed && isChanged;
    if (isWritten) writeGasFile(file, new Map([...(isPart ? (stored ?? []) : []), ...measured]));
    return { file, deltas, isChanged, isWritten, testsPassed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** vitest's own start script, from the nearest node_modules that has it: the version that the project tests with. */
function findVitest(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const script = join(folder, 'node_modules', 'vitest', 'vitest.mjs');
    if (existsSync(script)) return script;
    if (dirname(folder) === folder) break;
  }
  throw new VmError('TOOL_MISSING', `vitest is not installed in ${cwd} or above.`, {
    hint: 'Install it with: npm install --save-dev vitest',
  });
}

function runTests(
  vitest: string,
  tests: readonly string[],
  cwd: string,
  folder: string,
  onOutput: (text: string) => void = () => {},
): Promise<boolean> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [vitest, 'run', ...tests], {
      cwd,
      env: { ...withoutVitest(process.env), ...collectVariable(folder) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => onOutput(text));
    }
    child.on('error', fail);
    child.on('close', (status) => done(status === 0));
  });
}

/** A run that is started by a test must not take itself for a part of that test's run. */
function withoutVitest(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('VITEST')));
}
