import { execFile, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Fence, outputFits, printSteps, readFences, readSteps } from './page.ts';

/*
 * A page's blocks are run in order in one folder, which looks like this repository to them (fixtures, node_modules):
 *
 *   ```console            a line `$ command` is run by sh, and what follows is what it prints, standard output before standard error,
 *                         with `[exit N]` at the end unless N is 0. `npx switchyard` is the built command, `npx vitest` the one of this repository. A line `…` leaves out lines.
 *   ```ts                 a whole program, compiled strictly and run; a block ```text output after it is what it prints
 *   ```LANGUAGE FILE      is written to FILE
 *
 * Other blocks are left alone. The folder is shown as /home/me/chain. Without clang the committed object stands for a C source of fixtures/contracts.
 */

const SHOWN_FOLDER = '/home/me/chain';

const root = fileURLToPath(new URL('../../', import.meta.url));
const hasClang = spawnSync('clang', ['--version']).status === 0;

/** Runs a page. @returns the page with what its blocks really print, where that differs from what it says. */
export async function runPage(page: string): Promise<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-docs-')));
  try {
    symlinkSync(join(root, 'fixtures'), join(folder, 'fixtures'), 'dir');
    linkPackages(folder);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const lines = page.split('\n');
    const corrections: { fence: Fence; text: string }[] = [];
    let printed: string | undefined;
    for (const fence of readFences(page)) {
      const found = await runFence(fence, folder, printed);
      if (fence.language === 'ts' && fence.title === '') printed = found;
      else if (found !== undefined && found !== fence.text) corrections.push({ fence, text: found });
    }
    for (const { fence, text } of corrections.reverse()) {
      lines.splice(fence.line, fence.text.split('\n').length - 1, ...text.split('\n').slice(0, -1));
    }
    return lines.join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A node_modules of its own, in which a page may install something. */
function linkPackages(folder: string): void {
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name.startsWith('.')) continue;
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'dir');
  }
}

/** What a block prints or ought to say; undefined when there is nothing to compare. */
async function runFence(
  fence: Fence,
  folder: string,
  printed: string | undefined,
): Promise<string | undefined> {
  const { language, title, text } = fence;
  if (language === 'console') return runConsole(text, folder);
  if (language === 'text' && title === 'output') return printed;
  if (title !== '') {
    const file = join(folder, title);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return undefined;
  }
  return language === 'ts' ? runProgram(fence, folder) : undefined;
}

async function runConsole(text: string, folder: string): Promise<string> {
  const steps = [];
  for (const { command, output } of readSteps(text)) {
    const found = await runCommand(command, folder);
    steps.push({ command, output: outputFits(found, output) ? output : found });
  }
  return printSteps(steps);
}

function runCommand(command: string, folder: string): Promise<string> {
  const runnable = hasClang ? command : command.replace(/(fixtures\/contracts\/\w+\/\w+)\.c\b/g, '$1.o');
  return run('sh', ['-c', runnable.replace(/npx (switchyard|vitest)\b/g, '$1')], folder);
}

async function runProgram({ text, line }: Fence, folder: string): Promise<string> {
  const file = `program-at-line-${line}.ts`;
  writeFileSync(join(folder, file), text);
  const options = '--noEmit --strict --skipLibCheck --module nodenext --target es2023 --types node'.split(
    ' ',
  );
  const complaints = await run(
    'tsc',
    [...options, '--typeRoots', join(root, 'node_modules/@types'), file],
    folder,
  );
  return complaints === '' ? run('tsx', [file], folder) : complaints;
}

function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile(command, args, { cwd, env: environment() }, (_, stdout, stderr) => {
      const { exitCode } = child;
      const printed = `${stdout}${stderr}${exitCode === 0 ? '' : `[exit ${exitCode}]\n`}`;
      resolve(printed.replaceAll(cwd, SHOWN_FOLDER));
    });
  });
}

/** The command's path first; no colours, and no settings of whoever runs the tests. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(SWITCHYARD_|FORCE_COLOR|NODE_OPTIONS|VITEST|NODE_ENV)/.test(name),
  );
  const path = [join(root, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter);
  return { ...Object.fromEntries(kept), PATH: path, NO_COLOR: '1' };
}
