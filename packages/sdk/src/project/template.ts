import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of a new project. */
export interface ProjectFile {
  /** From the project's folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

// src/project/ and dist/project/ are equally deep.
const folder = fileURLToPath(new URL('../../templates/contract', import.meta.url));

/**
 * The files of templates/contract, sorted by path: `NAME` in a path and `{{name}}` in a text become the name, `{{version}}` the version.
 * A file `gitignore` is `.gitignore`, which npm would not pack.
 */
export function fillTemplate(name: string, version: string): readonly ProjectFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({
      path: file
        .slice(folder.length + 1)
        .replaceAll(sep, '/')
        .replace('NAME', name)
        .replace(/^gitignore$/, '.gitignore'),
      text: readFileSync(file, 'utf8').replaceAll('{{name}}', name).replaceAll('{{version}}', version),
    }))
    .sort((left, right) => (left.path < right.path ? -1 : 1));
}
