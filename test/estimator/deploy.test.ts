import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DockerfileParser, JSONInstruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'packages/estimator/deploy');
const text = readFileSync(join(folder, 'Dockerfile'), 'utf8');
const image = DockerfileParser.parse(text);

/** Arguments of the instructions of a kind, as written. */
function argumentsOf(keyword: string): readonly (readonly string[])[] {
  return image
    .getInstructions()
    .filter((instruction) => instruction.getKeyword() === keyword)
    .map((instruction) => instruction.getArguments().map((argument) => argument.getValue()));
}

/** Strings of an instruction in JSON form. */
function stringsOf(keyword: string): readonly string[] {
  const found = image.getInstructions().find((instruction) => instruction.getKeyword() === keyword);
  if (!(found instanceof JSONInstruction)) return [];
  return found.getJSONStrings().map((argument) => JSON.parse(argument.getValue()) as string);
}

/** A path of the image, in this repository. */
const inRepository = (path: string): string => join(root, path.replace('/opt/switchyard/', ''));

describe('the Dockerfile', () => {
  test('has nothing that its language refuses or warns of', () => {
    expect(validate(text).map(({ message }) => message)).toEqual([]);
  });

  test('copies what there is, and leaves out nothing that it copies', () => {
    const own = argumentsOf('COPY').filter(([first]) => !first!.startsWith('/opt'));
    const sources = own.flatMap((args) => args.slice(0, -1));
    expect(sources).toEqual(['package.json', 'package-lock.json', 'tsconfig.json', 'packages', 'adapters']);
    expect(sources.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const ignored = readFileSync(join(folder, 'Dockerfile.dockerignore'), 'utf8').split('\n');
    expect(sources.filter((path) => !ignored.includes(`!${path}`))).toEqual([]);
    // The solution builds from what is copied alone.
    const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as {
      references: { path: string }[];
    };
    expect(references.filter(({ path }) => !/^(packages|adapters)\//.test(path))).toEqual([]);
  });

  test('runs commands that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Readonly<Record<string, string>>;
    };
    const scriptsRun = argumentsOf('RUN')
      .filter(([npm, run]) => npm === 'npm' && run === 'run')
      .map(([, , script]) => script!);
    expect(scriptsRun).toEqual(['build']);
    expect(scripts['build']).toBe('tsc -b');
  });

  test('starts the command for all addresses, as a user without rights', () => {
    const [node, script, ...args] = stringsOf('ENTRYPOINT');
    expect([node, existsSync(inRepository(script!)), args]).toEqual([
      'node',
      true,
      ['serve', '--host', '0.0.0.0'],
    ]);
    expect(argumentsOf('USER')).toEqual([['node']]);
  });
});

test.each([
  [200, 0],
  [503, 1],
])('the health check of a service that answers %i ends with %i', async (status, exitCode) => {
  const line = /CMD \["node", "-e", ("(?:[^"\\]|\\.)*")\]/.exec(text)![1]!;
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(status, { connection: 'close' }).end('{}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    const { port } = server.address() as AddressInfo;
    const program = (JSON.parse(line) as string).replace('8645', `${port}`);
    const ended = await new Promise((done) => {
      const child = execFile(process.execPath, ['-e', program], () => done(child.exitCode));
    });
    expect({ ended, asked }).toEqual({ ended: exitCode, asked: ['/health'] });
  } finally {
    server.close();
  }
});

describe('the systemd unit', () => {
  const unit = readFileSync(join(folder, 'switchyard-estimator.service'), 'utf8');
  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

  test('starts a file that there is', () => {
    const [, , script, command] = /^ExecStart=(\S+) (\S+) (\S+)/m.exec(unit)!;
    expect([existsSync(inRepository(script!)), command]).toEqual([true, 'serve']);
  });

  test.runIf(hasSystemd)('is one that systemd takes', () => {
    const place = mkdtempSync(join(tmpdir(), 'switchyard-unit-'));
    try {
      const file = join(place, 'switchyard-estimator.service');
      writeFileSync(file, unit.replace('/usr/bin/node', process.execPath));
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    } finally {
      rmSync(place, { recursive: true });
    }
  });
});
