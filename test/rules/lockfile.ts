import type { Violation } from './workspace.ts';

/** The part of package-lock.json that is read here. */
export interface Lockfile {
  readonly packages: Readonly<
    Record<
      string,
      { readonly version?: string; readonly optionalDependencies?: Readonly<Record<string, string>> }
    >
  >;
}

/**
 * The lockfile has every platform's packages, those that do not fit this machine too: `npm install` leaves out what its registry does
 * not serve, and then `npm ci` refuses the lockfile everywhere.
 */
export function checkLockfile({ packages }: Lockfile): readonly Violation[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies).flatMap(([name, wanted]) => {
      const found = resolveFrom(path, name, packages);
      // Platform packages are asked for by exact version; a range is npm's to judge.
      if (found !== undefined && (found === wanted || !/^\d/.test(wanted))) return [];
      const message = `${path || 'the root'} wants ${name} ${wanted}, the lockfile has ${found ?? 'none'}`;
      return [{ rule: 'lockfile', place: 'package-lock.json', message }];
    }),
  );
}

/** The version that Node would find from a package's folder. */
function resolveFrom(path: string, name: string, packages: Lockfile['packages']): string | undefined {
  for (let folder = path; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const version = packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`]?.version;
    if (version !== undefined || folder === '') return version;
  }
}
