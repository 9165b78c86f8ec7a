import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VmError } from '@switchyard/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createProject, createProjectFrom } from './create-project.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url)).replace(/\/$/, '');
let work: string;

beforeEach(() => {
  work = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-project-')));
});

afterEach(() => rmSync(work, { recursive: true, force: true }));

interface Manifest {
  readonly name: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const read = (...path: readonly string[]) => readFileSync(join(work, ...path), 'utf8');
const manifestOf = (folder: string): Manifest => JSON.parse(read(folder, 'package.json'));

function refusal(act: () => unknown): VmError {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof VmError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was refused');
}

describe('a new project', () => {
  test('has the name of its folder in paths and texts', () => {
    const folder = join(work, 'chains', 'tally');
    expect(createProject({ folder })).toEqual({
      folder,
      name: 'tally',
      files: [
        '.gitignore',
        'README.md',
        'package.json',
        'src/tally.c',
        'switchyard.config.yaml',
        'test/tally.test.ts',
        'tsconfig.json',
        'vitest.config.ts',
      ],
      clone: root,
    });
    expect(manifestOf('chains/tally').name).toBe('tally');
    expect(read('chains/tally/src/tally.c')).toContain(' * tally: a number in storage');
    expect(read('chains/tally/test/tally.test.ts')).toContain("chain.deploy('tally.so'");
  });

  test('has the name that is given', () => {
    createProject({ folder: join(work, 'My Contract'), name: 'tally' });
    expect(readdirSync(join(work, 'My Contract', 'src'))).toEqual(['tally.c']);
  });

  test.runIf(process.platform === 'linux')('below /proc is refused at once', () => {
    // mkdir with `recursive` never returns there.
    expect(() => createProject({ folder: '/proc/switchyard-test', name: 'x' })).toThrow(
      expect.objectContaining({ code: 'FILE_UNREADABLE' }),
    );
  });

  test('leaves no placeholder behind', () => {
    const { files } = createProjectFrom({ version: '1.2.3', clone: undefined }, { folder: join(work, 'a') });
    for (const file of files) expect(read('a', file)).not.toMatch(/\{\{|NAME\b/);
  });

  test('may be made where there is only a .git', () => {
    mkdirSync(join(work, 'tally', '.git'), { recursive: true });
    createProject({ folder: join(work, 'tally') });
    expect(existsSync(join(work, 'tally', 'package.json'))).toBe(true);
  });
});

describe('its packages', () => {
  test('of an installed kit come from the registry, in versions that this repository tests with', () => {
    const project = createProjectFrom(
      { version: '1.2.3', clone: undefined },
      { folder: join(work, 'tally') },
    );
    expect(project.clone).toBeNull();
    const { devDependencies: tested } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(manifestOf('tally').devDependencies).toEqual({
      '@switchyard/cli': '^1.2.3',
      '@switchyard/tbpf': '^1.2.3',
      '@switchyard/testing': '^1.2.3',
      '@types/node': tested['@types/node'],
      typescript: tested.typescript,
      vitest: tested.vitest,
    });
  });

  test('of a clone are the folders of the clone', () => {
    createProject({ folder: join(work, 'tally') });
    expect(manifestOf('tally').devDependencies).toEqual({
      '@switchyard/cli': `file:${root}/packages/cli`,
      '@switchyard/tbpf': `file:${root}/adapters/tbpf`,
      '@switchyard/testing': `file:${root}/packages/testing`,
      '@types/node': `file:${root}/node_modules/@types/node`,
      typescript: `file:${root}/node_modules/typescript`,
      vitest: `file:${root}/node_modules/vitest`,
    });
  });
});

describe('is refused, and nothing is written,', () => {
  test('where there are files', () => {
    mkdirSync(join(work, 'tally'));
    writeFileSync(join(work, 'tally', 'notes.txt'), 'mine');
    writeFileSync(join(work, 'tally', 'tally.c'), 'mine');
    expect(refusal(() => createProject({ folder: join(work, 'tally') }))).toMatchObject({
      code: 'FOLDER_NOT_EMPTY',
      message: `${work}/tally is not empty: it holds notes.txt and 1 more.`,
      hint: 'Name a folder that is not there yet, or an empty one.',
    });
    expect(readdirSync(join(work, 'tally'))).toEqual(['notes.txt', 'tally.c']);
  });

  test('where there is a file', () => {
    writeFileSync(join(work, 'tally'), 'mine');
    for (const folder of ['tally', 'tally/below']) {
      expect(refusal(() => createProject({ folder: join(work, folder), name: 'a' })).code).toBe(
        'FILE_UNREADABLE',
      );
    }
    expect(read('tally')).toBe('mine');
  });

  test.each(['Tally', '1st', 'a.b', '../up', 'a b', '', 'ä', `a${'b'.repeat(64)}`])(
    'for the name "%s"',
    (name) => {
      expect(refusal(() => createProject({ folder: join(work, 'tally'), name }))).toMatchObject({
        code: 'USAGE_INVALID',
        hint: expect.stringContaining('Give one with --name'),
      });
      expect(readdirSync(work)).toEqual([]);
    },
  );

  test('when a later file cannot be written: what was made before is removed', () => {
    // Linux takes paths of 4,095 bytes: .gitignore fits, switchyard.config.yaml does not.
    let folder = work;
    while (folder.length < 3_900) folder = join(folder, 'd'.repeat(100));
    folder = join(folder, 'e'.repeat(4_080 - folder.length - 1));
    expect(refusal(() => createProject({ folder, name: 'a' })).code).toBe('FILE_UNREADABLE');
    expect(readdirSync(work)).toEqual([]);
  });
});
