import { findCycles } from './cycles.ts';
import { checkManifests } from './manifests.ts';
import type { ModuleImport } from './read-imports.ts';
import {
  isNodeBuiltin,
  type Package,
  packageOf,
  resolveRelative,
  type SourceFile,
  type Violation,
  type Workspace,
} from './workspace.ts';

/** Who may know whom. The first row that fits a package's folder holds; the last two fit whatever comes. */
interface Room {
  readonly folder: RegExp;
  /** Packages of this workspace, or one of their sub-paths, that it may import. */
  readonly workspace: readonly string[];
  readonly nodeBuiltins: boolean;
  /** Packages from outside; absent: any that its package.json declares. */
  readonly external?: readonly string[];
}

const ENGINES_LIST = 'packages/cli/src/app/built-in-engines.ts';

const rooms: readonly Room[] = [
  {
    folder: /^packages\/core$/,
    workspace: [],
    nodeBuiltins: false,
    external: ['@noble/hashes', 'eventemitter3', 'inversify', 'reflect-metadata', 'zod'],
  },
  { folder: /^packages\/wasm-builder$/, workspace: [], nodeBuiltins: false, external: [] },
  { folder: /^packages\/tos-vm$/, workspace: ['@switchyard/core'], nodeBuiltins: false, external: [] },
  { folder: /^packages\/profiler$/, workspace: ['@switchyard/core'], nodeBuiltins: false, external: [] },
  {
    folder: /^packages\/state$/,
    workspace: ['@switchyard/core'],
    nodeBuiltins: true,
    external: ['lmdb', 'lru-cache', 'pg'],
  },
  {
    folder: /^packages\/sdk$/,
    workspace: ['@switchyard/core', '@switchyard/tbpf/format'],
    nodeBuiltins: true,
  },
  {
    folder: /^packages\/testing$/,
    workspace: ['@switchyard/core'],
    nodeBuiltins: true,
    external: ['fast-check', 'vitest'],
  },
  {
    folder: /^packages\/cli$/,
    workspace: ['core', 'state', 'sdk', 'tos-vm', 'migration', 'estimator', 'testing', 'profiler'].map(
      (name) => `@switchyard/${name}`,
    ),
    nodeBuiltins: true,
  },
  {
    folder: /^packages\/estimator$/,
    workspace: ['client', 'core', 'profiler', 'state'].map((name) => `@switchyard/${name}`),
    nodeBuiltins: true,
  },
  // Runs in a browser; what it knows of the service is generated.
  { folder: /^packages\/client$/, workspace: [], nodeBuiltins: false, external: [] },
  { folder: /^packages\//, workspace: ['@switchyard/core', '@switchyard/state'], nodeBuiltins: true },
  {
    folder: /^adapters\//,
    workspace: ['@switchyard/core', '@switchyard/wasm-builder'],
    nodeBuiltins: false,
  },
];

/** Where inversify may be imported: the container itself, each adapter's module, the composition roots. */
const CONTAINER_PLACES =
  /^packages\/core\/src\/container\/|^adapters\/[^/]+\/src\/module\.ts$|^packages\/(?:cli|estimator|migration)\/src\/app\//;

/** Every broken rule of the workspace, in order of packages and files. */
export function checkWorkspace(workspace: Workspace): readonly Violation[] {
  return [
    ...workspace.packages.flatMap((one) => [
      ...one.files.flatMap((file) => [
        ...checkRelative(one, file),
        ...(file.isTest ? [] : checkShipped(one, file, workspace)),
      ]),
      ...findCycles(one).map((cycle) => ({
        rule: 'no-cycles',
        place: cycle[0]!,
        message: `imports itself by ${[...cycle, cycle[0]].join(' → ')}`,
      })),
    ]),
    ...checkManifests(workspace, ENGINES_LIST),
  ];
}

/** A relative import stays in its package; a test may also read fixtures/ and test/. */
function checkRelative(one: Package, file: SourceFile): readonly Violation[] {
  return file.imports.flatMap((found) => {
    const target = resolveRelative(file.path, found.specifier);
    if (target === undefined || target.startsWith(`${one.folder}/`)) return [];
    if (file.isTest && /^(?:fixtures|test)\//.test(target)) return [];
    return [violation('stay-inside', file, found, `leaves ${one.folder}: ${found.specifier}`)];
  });
}

function checkShipped(one: Package, file: SourceFile, workspace: Workspace): readonly Violation[] {
  const room = rooms.find(({ folder }) => folder.test(one.folder))!;
  const nodeOnly = nodeConditionFiles(one);
  return file.imports.flatMap((found) => {
    const { specifier } = found;
    const name = packageOf(specifier);
    const report = (rule: string, message: string) => [violation(rule, file, found, message)];
    const target = resolveRelative(file.path, specifier);
    if (target !== undefined) {
      return nodeOnly.has(target) && !nodeOnly.has(file.path)
        ? report('node-condition', `${specifier} is for Node only: import it by its # name`)
        : [];
    }
    if (isNodeBuiltin(specifier)) {
      if (room.nodeBuiltins || nodeOnly.has(file.path)) return [];
      return report('no-node-builtins', `${one.folder} runs in a browser, ${specifier} does not`);
    }
    if (name === undefined) return [];
    if (name === 'inversify' && !CONTAINER_PLACES.test(file.path)) {
      return report('inversify-at-roots', 'inversify belongs to the container and the composition roots');
    }
    if (name === one.manifest.name) return report('stay-inside', 'imports its own package by name');
    if (workspace.names.has(name)) {
      const isAllowed = room.workspace.some(
        (allowed) =>
          allowed === specifier || (packageOf(allowed) === allowed && specifier.startsWith(`${allowed}/`)),
      );
      return isAllowed ? [] : report('one-way', `${one.folder} may not know ${specifier}`);
    }
    if (name === 'elfy' && !nodeOnly.has(file.path)) {
      return report('node-condition', 'elfy needs Node: only a file behind a "node" condition may use it');
    }
    if (room.external !== undefined && !room.external.includes(name)) {
      return report('known-libraries', `${one.folder} may not use ${name}`);
    }
    return [];
  });
}

/** Sources of a package that its `imports` give to Node alone. */
function nodeConditionFiles(one: Package): ReadonlySet<string> {
  const files = new Set<string>();
  const collect = (value: unknown, isNode: boolean): void => {
    if (typeof value === 'string') {
      if (isNode) files.add(`${one.folder}/${value.replace(/^\.\//, '')}`);
    } else if (value !== null && typeof value === 'object') {
      for (const [condition, inner] of Object.entries(value)) collect(inner, isNode || condition === 'node');
    }
  };
  collect(one.manifest.imports, false);
  return files;
}

function violation(rule: string, file: SourceFile, found: ModuleImport, message: string): Violation {
  return { rule, place: `${file.path}:${found.line}`, message };
}
