import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A PostgreSQL server of a test's own, in a folder that goes with it. */
export interface TestServer {
  /** Address of its database `postgres`, as its superuser. */
  readonly url: string;
  /** Address of a new, empty database. */
  newDatabase(): string;
  /** Runs SQL in the database at the address; gives what psql prints: a line a row, columns parted by `|`. */
  sql(url: string, text: string): string;
  /** Ends every process of the server at once, without flushing anything: what it had not made durable is lost. */
  kill(): void;
  /** Starts it again, at the same address. */
  restart(): void;
  /** Ends the server and removes its folder. */
  stop(): void;
}

/** How to start one. */
export interface TestServerOptions {
  /** On a loopback port; without it on a Unix socket, which needs no free port. */
  readonly tcp?: boolean;
  /** Lines of the server's configuration. */
  readonly settings?: readonly string[];
}

const TOOLS = ['initdb', 'pg_ctl', 'psql'] as const;

const bin = findBin();

/** Whether there is a PostgreSQL to test with; says so where there is none. */
export function hasPostgres(): boolean {
  if (bin !== undefined) return true;
  console.warn(
    'PostgreSQL: skipped, initdb is neither on PATH nor in /usr/lib/postgresql/*/bin: apt-get install postgresql.',
  );
  return false;
}

/** Makes and starts a server. PostgreSQL refuses to run as root, so root runs it as the user `postgres`, which Debian's package makes. */
export async function startPostgres({
  tcp = false,
  settings = [],
}: TestServerOptions = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'swyd-pg-'));
  ownToServer(folder);
  const owner = serverUser();
  const data = join(folder, 'data');
  const log = join(folder, 'log');
  const run = (tool: (typeof TOOLS)[number], args: readonly string[]): string =>
    execFileSync(join(bin!, tool), args, {
      encoding: 'utf8',
      // psql speaks on standard error; a server that was started holds on to what it inherits.
      stdio: ['ignore', tool === 'psql' ? 'pipe' : 'ignore', 'pipe'],
      cwd: folder,
      ...(owner ?? {}),
    });
  run('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C']);
  const port = tcp ? await freePort() : 5432;
  const options = [
    // A killed server loses nothing by it: the system has what was written. Only a crash of the machine would.
    'fsync=off',
    `unix_socket_directories=${folder}`,
    `listen_addresses=${tcp ? '127.0.0.1' : ''}`,
    `port=${port}`,
    'shared_buffers=16MB',
    ...settings,
  ];
  const words = options.map((option) => `-c '${option}'`).join(' ');
  const start = (): void => void run('pg_ctl', ['start', '-D', data, '-l', log, '-w', '-s', '-o', words]);
  const kill = (): void => {
    if (existsSync(join(data, 'postmaster.pid')))
      run('pg_ctl', ['stop', '-D', data, '-m', 'immediate', '-w', '-s']);
  };
  start();
  // Ends the server also when the test's process is killed: the pipe to the guard's standard input breaks with it.
  const guard = spawn(
    'sh',
    [
      '-c',
      'cat >/dev/null; "$0" stop -D "$1/data" -m immediate -s; rm -rf "$1"',
      join(bin!, 'pg_ctl'),
      folder,
    ],
    { stdio: ['pipe', 'ignore', 'ignore'], detached: true, ...(owner ?? {}) },
  );
  guard.unref();
  (guard.stdin as Socket).unref();
  let databases = 0;
  const address = (database: string): string =>
    tcp
      ? `postgres://postgres@127.0.0.1:${port}/${database}`
      : `postgres://postgres@localhost/${database}?host=${encodeURIComponent(folder)}`;
  const sql = (url: string, text: string): string =>
    run('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', text, url]).trimEnd();
  return {
    url: address('postgres'),
    newDatabase() {
      const name = `test_${++databases}`;
      sql(address('postgres'), `CREATE DATABASE ${name}`);
      return address(name);
    },
    sql,
    kill,
    restart: start,
    stop() {
      kill();
      guard.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Gives a file to the user that servers run as, where that is not this one. */
export function ownToServer(path: string): void {
  const owner = serverUser();
  if (owner !== undefined) chownSync(path, owner.uid, owner.gid);
}

/** Undefined: this one. */
function serverUser(): { readonly uid: number; readonly gid: number } | undefined {
  return process.getuid?.() === 0 ? idsOf('postgres') : undefined;
}

/** PATH first; then Debian's folders, which are not on it, the newest version first. */
function findBin(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...versions.map((version) => join(debian, version, 'bin')),
  ];
  return folders.find((folder) => TOOLS.every((tool) => existsSync(join(folder, tool))));
}

function idsOf(user: string): { readonly uid: number; readonly gid: number } {
  const row = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === user);
  if (row === undefined) throw new Error(`there is no user ${user} to run PostgreSQL as.`);
  return { uid: Number(row[2]), gid: Number(row[3]) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
