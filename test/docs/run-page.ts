import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Fence, outputFits, printSteps, readFences, readSteps } from './page.ts';

/*
 * A page's blocks are run in order in one folder, which looks like this repository to them (fixtures, node_modules):
 *
 *   ```console            a line `$ command` is run by sh, and what follows is what it prints, standard output before standard error,
 *                         with `[exit N]` at the end unless N is 0. `npx switchyard` is the built command, `npx vitest` the one of this repository. A line `…` leaves out lines.
 *                         `$ cd FOLDER` holds for all blocks after it. `$ command &` runs until the page ends; its first line is shown.
 *                         Port 8645 is really one that is free.
 *   ```ts                 a whole program, compiled strictly and run; a block ```text output after it is what it prints
 *   ```LANGUAGE FILE      is written to FILE
 *
 * Other blocks are left alone. The folder is shown as /home/me/chain, this repository as /home/me/switchyard. Without clang the committed
 * object stands for a C source of fixtures/contracts.
 */

/** What the parent of the page's folder is shown as. */
const SHOWN_HOME = '/home/me';

/** The port that pages name. */
const SHOWN_PORT = '8645';

const root = fileURLToPath(new URL('../../', import.meta.url));
const hasClang = spawnSync('clang', ['--version']).status === 0;
const hasCurl = spawnSync('curl', ['--version']).status === 0;

/** Where a page's blocks work. */
interface Place {
  readonly home: string;
  /** Stands for the port that pages name. */
  readonly port: string;
  /** What runs until the page ends. */
  readonly running: ChildProcess[];
  folder: string;
}

/** Whether this machine has what the page's commands need: a page with a project of its own compiles C, one with a service uses curl. */
export function canRun(page: string): boolean {
  return (hasClang || !/^\$ npx switchyard init /m.test(page)) && (hasCurl || !/^\$ curl /m.test(page));
}

/** Runs a page. @returns the page with what its blocks really print, where that differs from what it says. */
export async function runPage(page: string): Promise<string> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-docs-')));
  const folder = join(home, 'chain');
  const place: Place = { home, folder, port: await freePort(), running: [] };
  try {
    mkdirSync(folder);
    symlinkSync(join(root, 'fixtures'), join(folder, 'fixtures'), 'dir');
    linkPackages(folder);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const lines = page.split('\n');
    const corrections: { fence: Fence; text: string }[] = [];
    let printed: string | undefined;
    for (const fence of readFences(page)) {
      const found = await runFence(fence, place, printed);
      if (fence.language === 'ts' && fence.title === '') printed = found;
      else if (found !== undefined && found !== fence.text) corrections.push({ fence, text: found });
    }
    for (const { fence, text } of corrections.reverse()) {
      lines.splice(fence.line, fence.text.split('\n').length - 1, ...text.split('\n').slice(0, -1));
    }
    return lines.join('\n');
  } finally {
    await Promise.all(place.running.map(end));
    rmSync(home, { recursive: true, force: true });
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
  place: Place,
  printed: string | undefined,
): Promise<string | undefined> {
  const { language, title, text } = fence;
  if (language === 'console') return runConsole(text, place);
  if (language === 'text' && title === 'output') return printed;
  if (title !== '') {
    const file = join(place.folder, title);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return undefined;
  }
  return language === 'ts' ? runProgram(fence, place) : undefined;
}

async function runConsole(text: string, place: Place): Promise<string> {
  const steps = [];
  for (const { command, output } of readSteps(text)) {
    const target = /^cd (\S+)$/.exec(command)?.[1];
    if (target !== undefined) place.folder = realpathSync(resolve(place.folder, target));
    const printed = target === undefined ? await runCommand(command, place) : '';
    // An answer of a server ends without a line's end.
    const found = printed === '' || printed.endsWith('\n') ? printed : `${printed}\n`;
    steps.push({ command, output: outputFits(found, output) ? output : found });
  }
  return printSteps(steps);
}

function runCommand(command: string, place: Place): Promise<string> {
  const compiled = hasClang ? command : command.replace(/(fixtures\/contracts\/\w+\/\w+)\.c\b/g, '$1.o');
  const runnable = compiled.replace(/npx (switchyard|vitest)\b/g, '$1').replaceAll(SHOWN_PORT, place.port);
  const background = /^(.*[^&])&$/s.exec(runnable)?.[1];
  return background === undefined ? run('sh', ['-c', runnable], place) : start(background, place);
}

/** Starts what runs until the page ends. @returns its first line, or all it said if it ended before */
async function start(command: string, place: Place): Promise<string> {
  // A group of its own, so that what it starts ends with it.
  const child = spawn('sh', ['-c', command], {
    cwd: place.folder,
    env: environment(),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  place.running.push(child);
  let said = '';
  return new Promise((done) => {
    const hear = (text: Buffer): void => {
      said += text;
      const line = said.indexOf('\n');
      if (line >= 0) done(shown(said.slice(0, line + 1), place));
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('close', (exitCode) => done(shown(`${said}[exit ${exitCode}]\n`, place)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  process.kill(-child.pid!, 'SIGTERM');
  await closed;
}

async function freePort(): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return `${port}`;
}

async function runProgram({ text, line }: Fence, place: Place): Promise<string> {
  const file = `program-at-line-${line}.ts`;
  writeFileSync(join(place.folder, file), text);
  const options = '--noEmit --strict --skipLibCheck --module nodenext --target es2023 --types node'.split(
    ' ',
  );
  const complaints = await run(
    'tsc',
    [...options, '--typeRoots', join(root, 'node_modules/@types'), file],
    place,
  );
  return complaints === '' ? run('tsx', [file], place) : complaints;
}

function run(command: string, args: readonly string[], place: Place): Promise<string> {
  return new Promise((done) => {
    const child = execFile(command, args, { cwd: place.folder, env: environment() }, (_, stdout, stderr) => {
      const { exitCode } = child;
      done(shown(`${stdout}${stderr}${exitCode === 0 ? '' : `[exit ${exitCode}]\n`}`, place));
    });
  });
}

/** What was printed, as pages show it: without what is this run's own. */
function shown(printed: string, { home, port }: Place): string {
  return printed
    .replaceAll(home, SHOWN_HOME)
    .replaceAll(root.slice(0, -1), `${SHOWN_HOME}/switchyard`)
    .replaceAll(`:${port}`, `:${SHOWN_PORT}`);
}

/** npm as nobody has configured it: without a network, warnings of this machine's settings, or news of npm. */
const NPM_SETTINGS = { offline: 'true', loglevel: 'error', update_notifier: 'false' };

/** The command's path first; no colours, and no settings of whoever runs the tests. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(SWITCHYARD_|FORCE_COLOR|NODE_OPTIONS|VITEST|NODE_ENV)/.test(name),
  );
  const path = [join(root, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter);
  const npm = Object.entries(NPM_SETTINGS).map(([name, value]) => [`npm_config_${name}`, value]);
  return { ...Object.fromEntries([...kept, ...npm]), PATH: path, NO_COLOR: '1' };
}
