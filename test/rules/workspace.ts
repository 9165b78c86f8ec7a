import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { type ModuleImport, readImports } from './read-imports.ts';

/** The part of a package.json that the rules read. */
export interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly imports?: Readonly<Record<string, unknown>>;
}

/** A source file. Paths are from the repository's root, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly ModuleImport[];
  /** Tests, benches, fixtures and their helpers: not shipped. */
  readonly isTest: boolean;
}

/** A package: its folder, such as `packages/core`, and its TypeScript files. */
export interface Package {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly files: readonly SourceFile[];
}

/** The repository as the rules see it. */
export interface Workspace {
  readonly packages: readonly Package[];
  /** Files of `test/` and of the root. */
  readonly rootFiles: readonly SourceFile[];
  readonly rootManifest: Manifest & { readonly scripts?: Readonly<Record<string, string>> };
  /** Names of all packages of the workspace. */
  readonly names: ReadonlySet<string>;
}

/** A broken rule, and where. */
export interface Violation {
  readonly rule: string;
  /** `file:line` or a manifest. */
  readonly place: string;
  readonly message: string;
}

const TEST_FILE = /\.(test|bench|fixture)\.ts$|\/test-support\//;

/** Reads a workspace from its files: paths from the root and their texts. */
export function readWorkspace(files: ReadonlyMap<string, string>): Workspace {
  const packages: Package[] = [];
  for (const [path, text] of files) {
    const folder = /^((?:packages|adapters)\/[^/]+)\/package\.json$/.exec(path)?.[1];
    if (folder === undefined) continue;
    packages.push({ folder, manifest: JSON.parse(text), files: sourcesUnder(files, `${folder}/`) });
  }
  return {
    packages: packages.sort((left, right) => (left.folder < right.folder ? -1 : 1)),
    rootFiles: [...sourcesUnder(files, 'test/'), ...sourcesUnder(files, '')],
    rootManifest: JSON.parse(files.get('package.json') ?? '{}'),
    names: new Set(packages.map(({ manifest }) => manifest.name)),
  };
}

/** TypeScript files below a folder; those of the root itself for the empty prefix. */
function sourcesUnder(files: ReadonlyMap<string, string>, prefix: string): readonly SourceFile[] {
  const sources: SourceFile[] = [];
  for (const [path, text] of files) {
    if (!path.startsWith(prefix) || !path.endsWith('.ts')) continue;
    if (prefix === '' && path.includes('/')) continue;
    sources.push({ path, text, imports: readImports(text), isTest: TEST_FILE.test(path) });
  }
  return sources;
}

const builtins = new Set(builtinModules);

/** True for `node:fs`, `fs`, `fs/promises`. */
export function isNodeBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtins.has(specifier);
}

/** The package that a specifier names: `@a/b` of `@a/b/c`; undefined for relative ones, `#…` and Node's own. */
export function packageOf(specifier: string): string | undefined {
  if (/^[.#/]/.test(specifier) || isNodeBuiltin(specifier)) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The file that a relative specifier names, from the root; undefined when it is not relative. */
export function resolveRelative(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined;
}
