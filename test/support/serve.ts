import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../packages/cli/bin/switchyard.js', import.meta.url));

/** A `switchyard serve` in a process and a folder of its own. */
export interface ServedEstimator {
  readonly url: string;
  readonly folder: string;
  readonly process: ChildProcess;
  /** What it wrote to standard error. */
  stderr(): string;
  /** Sends SIGTERM and waits for the end. @returns the exit code. */
  stop(): Promise<number | null>;
}

/** How to serve. */
export interface ServeSetup {
  /** The whole configuration; by default state in the folder. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Contract files that are deployed before, in order. */
  readonly deploy?: readonly string[];
  readonly onLog?: (line: string) => void;
}

/** Runs the command in a folder and reads what it prints as JSON. */
export function commandIn(folder: string, ...args: readonly string[]): Record<string, unknown> {
  const text = execFileSync(process.execPath, [bin, ...args, '--json'], { cwd: folder, encoding: 'utf8' });
  return JSON.parse(text) as Record<string, unknown>;
}

/** Deploys, serves on a free port and waits until it listens. @returns the addresses of what was deployed, too. */
export async function serveEstimator(
  setup: ServeSetup = {},
): Promise<ServedEstimator & { readonly contracts: readonly string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-serve-'));
  writeFileSync(join(folder, 'switchyard.config.json'), JSON.stringify(setup.config ?? {}));
  const contracts = (setup.deploy ?? []).map((file) => {
    const { result } = commandIn(folder, 'deploy', file) as { result: { contract: string } };
    return result.contract;
  });
  const child = spawn(process.execPath, [bin, 'serve', '--port', '0'], {
    cwd: folder,
    stdio: ['ignore', setup.onLog === undefined ? 'ignore' : 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => setup.onLog?.(text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr?.on('data', () => {
      const found = /listening\S* on (http:\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    void ended.then((code) => reject(new Error(`switchyard serve has ended with ${code}: ${said}`)));
  });
  return {
    url,
    folder,
    contracts,
    process: child,
    stderr: () => said,
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}
