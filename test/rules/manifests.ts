import { readStrings } from './read-imports.ts';
import { type Manifest, type Package, packageOf, type Violation, type Workspace } from './workspace.ts';

/** Root development packages that nothing names, and who loads them. */
const LOADED_BY_TOOLS: Readonly<Record<string, string>> = {
  '@types/autocannon': 'tsc, for the benchmark of the service',
  '@types/node': 'tsc, for the files that use Node',
  '@vitest/coverage-v8': 'vitest --coverage',
};

/** Commands that a package brings under another name than its own. */
const COMMANDS: Readonly<Record<string, string>> = {
  '@arethetypeswrong/cli': 'attw',
  '@biomejs/biome': 'biome',
  typescript: 'tsc',
};

/** Each package.json declares what its sources import, and nothing else. */
export function checkManifests(workspace: Workspace, enginesList: string): readonly Violation[] {
  return [
    ...workspace.packages.flatMap((one) => checkPackage(one, workspace, enginesList)),
    ...checkRoot(workspace),
  ];
}

function checkPackage(one: Package, workspace: Workspace, enginesList: string): readonly Violation[] {
  const { manifest, folder } = one;
  const place = `${folder}/package.json`;
  const shipped = new Set<string>();
  const tested = new Set<string>();
  for (const file of one.files) {
    for (const { specifier } of file.imports) {
      const name = packageOf(specifier);
      if (name !== undefined) (file.isTest ? tested : shipped).add(name);
    }
    // Engines are named, not imported: the command loads them as it loads plugins.
    if (file.path === enginesList) for (const name of namedEngines(file.text, workspace)) shipped.add(name);
  }
  const declared = declaredBy(manifest, 'dependencies', 'peerDependencies', 'optionalDependencies');
  const development = declaredBy(manifest, 'devDependencies');
  const atRoot = declaredBy(workspace.rootManifest, 'devDependencies');
  const violations: Violation[] = [];
  for (const name of shipped) {
    if (!declared.has(name)) {
      violations.push({ rule: 'declared', place, message: `imports ${name}, which "dependencies" lacks` });
    }
  }
  for (const name of declared) {
    if (!shipped.has(name)) {
      violations.push({ rule: 'no-unused', place, message: `declares ${name}, which no source imports` });
    }
  }
  for (const name of tested) {
    const isKnown = declared.has(name) || development.has(name) || atRoot.has(name);
    if (!isKnown && !workspace.names.has(name)) {
      violations.push({ rule: 'declared', place, message: `a test imports ${name}, which nothing declares` });
    }
  }
  for (const name of development) {
    const typed = name.startsWith('@types/') ? name.slice('@types/'.length) : name;
    if (!tested.has(name) && !shipped.has(typed)) {
      violations.push({ rule: 'no-unused', place, message: `declares ${name}, which nothing uses` });
    }
  }
  return violations;
}

function namedEngines(text: string, workspace: Workspace): readonly string[] {
  return readStrings(text)
    .filter((string) => string.endsWith('/module'))
    .map((string) => packageOf(string))
    .filter((name) => name !== undefined && workspace.names.has(name)) as string[];
}

/** The root's development packages are imported by test/ or a configuration, or run by a script. */
function checkRoot({ rootManifest, rootFiles, packages }: Workspace): readonly Violation[] {
  const tests = [...rootFiles, ...packages.flatMap(({ files }) => files.filter(({ isTest }) => isTest))];
  const used = new Set(
    tests.flatMap(({ imports }) => imports.map(({ specifier }) => packageOf(specifier) ?? '')),
  );
  const scripts = Object.values(rootManifest.scripts ?? {}).join(' ');
  const texts = rootFiles.map(({ text }) => text).join('\n');
  return [...declaredBy(rootManifest, 'devDependencies')].flatMap((name) => {
    const command = COMMANDS[name] ?? name;
    const isRun = new RegExp(`(?:^|[ /])${command}(?: |$)`).test(scripts) || texts.includes(`'${command}'`);
    if (used.has(name) || isRun || name in LOADED_BY_TOOLS) return [];
    return [{ rule: 'no-unused', place: 'package.json', message: `declares ${name}, which nothing uses` }];
  });
}

function declaredBy(
  manifest: Manifest,
  ...fields: readonly (keyof Manifest & `${string}ependencies`)[]
): ReadonlySet<string> {
  return new Set(fields.flatMap((field) => Object.keys(manifest[field] ?? {})));
}
