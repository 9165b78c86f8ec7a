import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * A case file is a console session: a line `$ switchyard …` is run by the built command, and what follows until the next such line is
 * what it prints, standard output before standard error, ending in `[exit N]` unless N is 0. A line `$ write FILE <<TEXT` puts TEXT
 * (with `\n`) into a file. `$TMP` stands for the case's own folder, which is also the working directory; `$FIXTURES` for fixtures; in output
 * `$ROOT` for the repository.
 * Lines before the first `$` say what the case is about. BLESS=1 writes what is printed now.
 */

const bin = fileURLToPath(new URL('../../packages/cli/bin/switchyard.js', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const fixtures = `${root}/fixtures`;

/** Runs a case in a folder of its own and gives its text as it ought to be. */
export async function runCase(text: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-case-'));
  try {
    const printed: string[] = [];
    let inHead = true;
    for (const line of text.split('\n')) {
      if (line.startsWith('$ ')) {
        inHead = false;
        printed.push(line, ...(await runLine(line.slice(2), folder)));
      } else if (inHead) printed.push(line);
    }
    return `${printed.join('\n').trimEnd()}\n`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runLine(line: string, folder: string): Promise<string[]> {
  const expand = (word: string): string => word.replaceAll('$TMP', folder).replaceAll('$FIXTURES', fixtures);
  const write = /^write (\S+) <<(.*)$/.exec(line);
  if (write !== null) {
    writeFileSync(join(folder, expand(write[1]!)), expand(write[2]!).replaceAll('\\n', '\n'));
    return [];
  }
  const [program, ...args] = splitWords(line).map(expand);
  if (program !== 'switchyard') throw new Error(`a case runs switchyard only, not ${program}`);
  const { stdout, stderr, status } = await runCommand(args, folder);
  const output = `${stdout}${stderr}`
    .replaceAll(folder, '$TMP')
    .replaceAll(fixtures, '$FIXTURES')
    .replaceAll(root, '$ROOT')
    .trimEnd();
  return [...(output === '' ? [] : output.split('\n')), ...(status === 0 ? [] : [`[exit ${status}]`]), ''];
}

/** Words as a shell splits them: single quotes keep what is inside. */
function splitWords(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2]!);
}

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/** Runs the built command without a terminal, an environment of the developer's, or input. */
export function runCommand(args: readonly string[], folder: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({ stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), status });
    });
  });
}
