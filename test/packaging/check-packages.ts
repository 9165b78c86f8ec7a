import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Packs every package as it would be published and looks at the tarballs: publint, are-the-types-wrong, what they hold, and whether
 * plain Node can import every export of an installed copy. Needs no network. `npm run packaging`.
 */

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
}

interface Packed {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly tarball: string;
  readonly files: readonly string[];
}

/** What no tarball may hold; a template's own tests are for whoever uses it. */
const UNWANTED =
  /^(?!templates\/).*\.(test|bench|fixture)\.|(^|\/)(test-support|fixtures|node_modules)\/|\.tsbuildinfo$|\.tmp\./;

const root = fileURLToPath(new URL('../../', import.meta.url));
const problems: string[] = [];
const work = mkdtempSync(join(tmpdir(), 'switchyard-packaging-'));
try {
  const packages = findPackages().map(pack);
  for (const one of packages) {
    checkContents(one);
    checkByTool(one, 'publint', ['run', '--strict', one.tarball]);
    checkByTool(one, 'attw', [
      one.tarball,
      '--profile',
      'esm-only',
      '--no-definitely-typed',
      '--format',
      'ascii',
    ]);
  }
  const installed = install(packages);
  for (const one of packages) checkImports(one, installed);
  checkProject(installed);
  for (const problem of problems) console.error(problem);
  const files = packages.reduce((sum, one) => sum + one.files.length, 0);
  console.log(`packaging: ${packages.length} packages, ${files} files, ${problems.length} problems`);
} finally {
  rmSync(work, { recursive: true });
}
process.exitCode = problems.length === 0 ? 0 : 1;

function findPackages(): readonly string[] {
  return ['packages', 'adapters']
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
    .filter((folder) => existsSync(join(root, folder, 'package.json')));
}

function pack(folder: string): Packed {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', work];
  const printed = execFileSync('npm', args, {
    cwd: join(root, folder),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [entry] = JSON.parse(printed) as { filename: string; files: { path: string }[] }[];
  return {
    folder,
    manifest: JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')),
    tarball: join(work, entry!.filename),
    files: entry!.files.map(({ path }) => path),
  };
}

/** The sources of every export ship, a README does, and nothing that only tests use. */
function checkContents({ folder, manifest, files }: Packed): void {
  const held = new Set(files);
  for (const [name, target] of Object.entries(manifest.exports)) {
    const paths = typeof target === 'string' ? [target] : Object.values(target);
    for (const path of paths) {
      if (!held.has(path.replace('./', '')))
        problems.push(`${folder}: export ${name}: ${path} is not packed`);
    }
    if (name !== './package.json' && (typeof target === 'string' || target['source'] === undefined)) {
      problems.push(`${folder}: export ${name} has no "source"`);
    }
  }
  for (const path of files) {
    if (UNWANTED.test(path)) problems.push(`${folder}: ${path} should not be packed`);
    const source = /^dist\/(.*)\.js$/.exec(path)?.[1];
    if (source !== undefined && !held.has(`src/${source}.ts`)) {
      problems.push(`${folder}: ${path} has no source; "npm run clean" removes what an old build left`);
    }
  }
  if (!held.has('README.md')) problems.push(`${folder}: there is no README.md`);
}

function checkByTool({ folder }: Packed, tool: string, args: readonly string[]): void {
  const run = spawnSync(join(root, 'node_modules/.bin', tool), args, { encoding: 'utf8' });
  if (run.status !== 0) problems.push(`${folder}: ${tool}:\n${run.stdout}${run.stderr}`);
}

/**
 * A folder with the unpacked tarballs in node_modules, each with only what it declares: other packages of the workspace as unpacked,
 * everything else as npm ci installed it here.
 */
function install(packages: readonly Packed[]): string {
  const place = join(work, 'installed');
  const homes = new Map(
    packages.map(({ manifest }) => [manifest.name, join(place, 'node_modules', manifest.name)]),
  );
  for (const { folder, manifest, tarball } of packages) {
    const home = homes.get(manifest.name)!;
    mkdirSync(home, { recursive: true });
    execFileSync('tar', ['-xzf', tarball, '-C', home, '--strip-components=1']);
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
      // Packages of the workspace are found one level up, as after a real installation.
      if (homes.has(name)) continue;
      const own = join(root, folder, 'node_modules', name);
      const link = join(home, 'node_modules', name);
      mkdirSync(join(link, '..'), { recursive: true });
      symlinkSync(existsSync(own) ? own : join(root, 'node_modules', name), link, 'dir');
    }
  }
  return place;
}

/** Every export loads in plain Node, and every command says its version. */
function checkImports({ manifest }: Packed, place: string): void {
  for (const name of Object.keys(manifest.exports)) {
    const specifier = `${manifest.name}${name.slice(1)}`;
    const load = specifier.endsWith('.json')
      ? `import x from '${specifier}' with { type: 'json' }`
      : `import '${specifier}'`;
    runNode(place, specifier, ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', load]);
  }
  for (const [name, file] of Object.entries(manifest.bin ?? {})) {
    runNode(place, name, [join('node_modules', manifest.name, file), '--version']);
  }
}

/** A new project of the installed command has all files of the template, and packages of the registry. */
function checkProject(place: string): void {
  runNode(place, 'switchyard init', ['node_modules/@switchyard/cli/bin/switchyard.js', 'init', 'tally']);
  const template = join(root, 'packages/sdk/templates/contract');
  const count = (folder: string): number =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
  const project = join(place, 'tally');
  if (!existsSync(project) || count(project) !== count(template)) {
    problems.push('switchyard init: the project lacks files of packages/sdk/templates/contract');
  } else if (readFileSync(join(project, 'package.json'), 'utf8').includes('file:')) {
    problems.push('switchyard init: the project of an installed command names a folder of this machine');
  }
}

function runNode(cwd: string, what: string, args: readonly string[]): void {
  const run = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  if (run.status !== 0) problems.push(`${what} does not load in plain Node:\n${run.stderr}`);
}
