import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkLockfile } from './lockfile.ts';
import { checkWorkspace } from './rules.ts';
import { readWorkspace } from './workspace.ts';

/* Checks who imports whom (docs: CONTRIBUTING.md, "Who may know whom"): `npm run rules`. Exit code 1 when a rule is broken. */

/** What is installed or made, and what new projects of others begin with. */
const NOT_OURS = ['node_modules', 'dist', 'coverage', 'templates'];

const root = fileURLToPath(new URL('../../', import.meta.url));

const workspace = readWorkspace(readFiles());
const lockfile = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8'));
const violations = [...checkWorkspace(workspace), ...checkLockfile(lockfile)];
for (const { rule, place, message } of violations) console.error(`${place}: ${message} [${rule}]`);
const files = workspace.packages.reduce((sum, one) => sum + one.files.length, 0);
const summary = `rules: ${workspace.packages.length} packages, ${files} files, ${violations.length} violations`;
if (violations.length === 0) console.log(summary);
else console.error(summary);
process.exitCode = violations.length === 0 ? 0 : 1;

function readFiles(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const add = (path: string): void => void found.set(path, readFileSync(`${root}${path}`, 'utf8'));
  for (const entry of readdirSync(root)) if (/^package\.json$|\.ts$/.test(entry)) add(entry);
  for (const folder of ['packages', 'adapters', 'test']) walk(folder, add);
  return found;
}

function walk(folder: string, add: (path: string) => void): void {
  for (const entry of readdirSync(`${root}${folder}`, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!NOT_OURS.includes(entry.name)) walk(path, add);
    } else if (entry.name === 'package.json' || entry.name.endsWith('.ts')) add(path);
  }
}
