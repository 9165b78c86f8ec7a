import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where this package is, and whether that is in a clone of the repository. */
export interface PackageSource {
  /** The version of this package. */
  readonly version: string;
  /** The root folder of the clone; undefined for an installed package. */
  readonly clone: string | undefined;
}

/** Finds out where this package runs from: a clone is known by the package.json of its root. */
export function findPackageSource(): PackageSource {
  // src/project/ and dist/project/ are equally deep.
  const own = fileURLToPath(new URL('../../', import.meta.url));
  const { version } = readManifest(own);
  const root = dirname(dirname(own));
  const isClone =
    existsSync(join(root, 'package.json')) &&
    readManifest(root).name === 'switchyard' &&
    existsSync(join(root, 'node_modules'));
  return { version, clone: isClone ? root : undefined };
}

/**
 * A package.json whose dependencies are the folders of a clone: its own packages, and of the others what `npm ci` installed there. npm links
 * them, so that nothing is downloaded, and the tests and the test kit share one vitest.
 */
export function linkToClone(manifest: string, clone: string): string {
  const fields = JSON.parse(manifest) as { devDependencies: Readonly<Record<string, string>> };
  const linked = Object.entries(fields.devDependencies).map(([name, range]) => {
    const installed = join(clone, 'node_modules', name);
    return [name, existsSync(installed) ? fileSpecifier(realpathSync(installed)) : range];
  });
  return `${JSON.stringify({ ...fields, devDependencies: Object.fromEntries(linked) }, null, 2)}\n`;
}

/** A folder as npm takes it for a version. */
function fileSpecifier(folder: string): string {
  return `file:${folder.replaceAll(sep, '/')}`;
}

function readManifest(folder: string): { readonly name: string; readonly version: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
