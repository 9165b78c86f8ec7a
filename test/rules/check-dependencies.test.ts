import { describe, expect, test } from 'vitest';
import { checkLockfile } from './lockfile.ts';
import { readImports } from './read-imports.ts';
import { checkWorkspace } from './rules.ts';
import { readWorkspace } from './workspace.ts';

/** A small house without a fault; each test plants one. */
const soundHouse: Readonly<Record<string, string>> = {
  'package.json': manifest('house', {
    devDependencies: { vitest: '4', typescript: '7', elsewhere: '1' },
    scripts: { build: 'tsc -b', other: 'elsewhere run' },
  }),
  'packages/core/package.json': manifest('@switchyard/core', {
    dependencies: { inversify: '8', zod: '4' },
  }),
  'packages/core/src/index.ts': "import { z } from 'zod';\nimport type { A } from './a.ts';\nexport { z };",
  'packages/core/src/a.ts': "export { b } from './b.ts';\nexport type A = 1;",
  'packages/core/src/b.ts': "import type { A } from './a.ts';\nexport const b: A = 1;",
  'packages/core/src/container/index.ts': "import { Container } from 'inversify';",
  'packages/core/src/a.test.ts':
    "import { readFileSync } from 'node:fs';\nimport { test } from 'vitest';\nimport '../../../fixtures/x.ts';",
  'packages/state/package.json': manifest('@switchyard/state', {
    dependencies: { '@switchyard/core': '0', lmdb: '3' },
  }),
  'packages/state/src/index.ts':
    "import fs from 'fs';\nimport { open } from 'lmdb';\nimport '@switchyard/core';",
  'packages/sdk/package.json': manifest('@switchyard/sdk', { dependencies: { '@switchyard/tbpf': '0' } }),
  'packages/sdk/src/index.ts': "import { elf } from '@switchyard/tbpf/format';",
  'packages/cli/package.json': manifest('@switchyard/cli', {
    dependencies: { '@switchyard/core': '0', '@switchyard/tbpf': '0', commander: '14' },
    devDependencies: { '@types/commander': '1' },
  }),
  'packages/cli/src/main.ts':
    "import { Command } from 'commander';\nawait import('@switchyard/core/container');",
  'packages/cli/src/app/built-in-engines.ts': "export const engines = ['@switchyard/tbpf/module'];",
  'adapters/evm/package.json': manifest('@switchyard/evm', {}),
  'adapters/evm/src/index.ts': 'export const evm = 1;',
  'adapters/tbpf/package.json': manifest('@switchyard/tbpf', {
    dependencies: { '@switchyard/core': '0', elfy: '1', inversify: '8' },
    imports: {
      '#reader': {
        source: { node: './src/node-reader.ts', default: './src/reader.ts' },
        default: './dist/reader.js',
      },
    },
  }),
  'adapters/tbpf/src/index.ts': "import '#reader';\nimport '@switchyard/core';",
  'adapters/tbpf/src/module.ts': "import type { ContainerModule } from 'inversify';",
  'adapters/tbpf/src/node-reader.ts': "import elfy from 'elfy';\nimport assert from 'node:assert';",
  'adapters/tbpf/src/reader.ts': 'export const reader = 1;',
};

function manifest(name: string, rest: object): string {
  return JSON.stringify({ name, ...rest });
}

/** Rules broken by the house with these files put in, or (with null) taken out. */
function broken(planted: Readonly<Record<string, string | null>> = {}): readonly string[] {
  const files = new Map(
    Object.entries({ ...soundHouse, ...planted }).filter(
      (pair): pair is [string, string] => pair[1] !== null,
    ),
  );
  return checkWorkspace(readWorkspace(files)).map(({ rule, place }) => `${rule} ${place}`);
}

test('a house that keeps the rules has no violation', () => {
  expect(broken()).toEqual([]);
});

describe('finds a planted', () => {
  const core = 'packages/core/src/planted.ts';
  const adapter = 'adapters/tbpf/src/planted.ts';
  test.each([
    ['Node built-in in core', core, "import 'node:fs';", 'no-node-builtins'],
    ['Node built-in in core, without its prefix', core, "export * from 'path';", 'no-node-builtins'],
    ['Node built-in in core, loaded late', core, "await import('node:fs/promises');", 'no-node-builtins'],
    [
      'Node built-in in core, by require',
      core,
      "declare const require: any;\nrequire('fs');",
      'no-node-builtins',
    ],
    ["Node built-in in core's types", core, "type F = import('node:fs').Stats;", 'no-node-builtins'],
    ['adapter in core', core, "import type { T } from '@switchyard/tbpf';", 'one-way'],
    ['state in core', core, "import '@switchyard/state';", 'one-way'],
    ['database in core', core, "import 'lmdb';", 'known-libraries'],
    ['HTTP server in core', core, "import 'fastify';", 'known-libraries'],
    ['relative way into another package', core, "import '../../state/src/index.ts';", 'stay-inside'],
    ['inversify in core outside its container', core, "import 'inversify';", 'inversify-at-roots'],
    ['other engine in an adapter', adapter, "import '@switchyard/evm';", 'one-way'],
    ['state store in an adapter', adapter, "import '@switchyard/state';", 'one-way'],
    ['Node built-in in an adapter', adapter, "import 'node:assert';", 'no-node-builtins'],
    ['inversify in an engine', adapter, "import type { Container } from 'inversify';", 'inversify-at-roots'],
    ['way round the node condition', adapter, "import './node-reader.ts';", 'node-condition'],
    ['elfy without the node condition', adapter, "import elfy from 'elfy';", 'node-condition'],
    ['whole engine in the sdk', 'packages/sdk/src/p.ts', "import '@switchyard/tbpf';", 'one-way'],
    ['static engine in the cli', 'packages/cli/src/p.ts', "import '@switchyard/tbpf/module';", 'one-way'],
    ['cli in the state package', 'packages/state/src/p.ts', "import '@switchyard/cli';", 'one-way'],
    ['other database in the state package', 'packages/state/src/p.ts', "import 'mysql2';", 'known-libraries'],
    ['package that imports itself by name', core, "import '@switchyard/core';", 'stay-inside'],
  ])('%s', (_, path, text, rule) => {
    const line = text.split('\n').length;
    expect(broken({ [path]: text })).toContain(`${rule} ${path}:${line}`);
  });

  test('test that reaches into another package', () => {
    const path = 'packages/core/src/planted.test.ts';
    expect(broken({ [path]: "import '../../state/src/index.ts';" })).toEqual([`stay-inside ${path}:1`]);
  });

  test('circle of values, over three files', () => {
    const found = broken({
      'packages/core/src/x.ts': "import { y } from './y.ts';",
      'packages/core/src/y.ts': "export { z } from './z.ts';",
      'packages/core/src/z.ts': "import './x.ts';",
    });
    expect(found).toEqual(['no-cycles packages/core/src/x.ts']);
  });

  test('import that package.json does not declare', () => {
    expect(broken({ 'packages/sdk/src/p.ts': "import 'undeclared';" })).toEqual([
      'declared packages/sdk/package.json',
    ]);
    expect(broken({ 'packages/sdk/src/p.test.ts': "import 'undeclared';" })).toEqual([
      'declared packages/sdk/package.json',
    ]);
  });

  test('declared package that nothing imports', () => {
    expect(broken({ 'packages/core/src/index.ts': '' })).toEqual(['no-unused packages/core/package.json']);
    expect(broken({ 'packages/cli/src/app/built-in-engines.ts': '' })).toEqual([
      'no-unused packages/cli/package.json',
    ]);
    expect(broken({ 'packages/core/src/a.test.ts': null })).toEqual(['no-unused package.json']);
  });

  test('command in a package that the rules do not name yet', () => {
    const found = broken({
      'packages/new/package.json': manifest('@switchyard/new', { dependencies: { '@switchyard/cli': '0' } }),
      'packages/new/src/index.ts': "import '@switchyard/cli';",
    });
    expect(found).toEqual(['one-way packages/new/src/index.ts:1']);
  });
});

test('only imports count: no comments, strings or names', () => {
  const source = [
    "// import 'node:fs';",
    "/* import 'node:fs'; */",
    'const text = "import \'node:fs\'";',
    'const template = `import("node:fs")`;',
    'const object = { import: 1, require() {} };',
    "import type { A } from './a.ts';",
    "import { type B, type C } from './b.ts';",
    "import { type D, e } from './d.ts';",
  ].join('\n');
  expect(readImports(source)).toEqual([
    { specifier: './a.ts', kind: 'type', line: 6 },
    { specifier: './b.ts', kind: 'type', line: 7 },
    { specifier: './d.ts', kind: 'value', line: 8 },
  ]);
});

test('a lockfile without another platform is found, also where another version hides it', () => {
  const tool = { version: '2.0.0', optionalDependencies: { 'tool-mac': '2.0.0', 'tool-linux': '2.0.0' } };
  const packages = {
    'node_modules/tool': tool,
    'node_modules/tool-mac': { version: '2.0.0' },
    'node_modules/host/node_modules/tool': tool,
    'node_modules/host/node_modules/tool-linux': { version: '2.0.0' },
    'node_modules/host/node_modules/tool-mac': { version: '1.0.0' },
  };
  expect(checkLockfile({ packages }).map(({ message }) => message)).toEqual([
    'node_modules/tool wants tool-linux 2.0.0, the lockfile has none',
    'node_modules/host/node_modules/tool wants tool-mac 2.0.0, the lockfile has 1.0.0',
  ]);
});
