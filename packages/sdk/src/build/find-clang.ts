import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { VmError } from '@switchyard/core';

/** How to get a clang. */
export const installHint =
  'Install it with `apt-get install clang` (Debian, Ubuntu), or set CLANG to the path of a clang with the BPF target.';

/** Path of clang: the given one, else the CLANG variable, else the first on PATH. TOOL_MISSING when there is none. */
export function findClang(
  clangPath: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const asked = clangPath ?? environment['CLANG'];
  if (asked !== undefined && asked !== '') {
    if (asked.includes('/') ? isExecutable(asked) : onPath(asked, environment) !== undefined) {
      return asked.includes('/') ? asked : onPath(asked, environment)!;
    }
    throw new VmError('TOOL_MISSING', `There is no program ${asked} to compile C with.`, {
      hint: installHint,
    });
  }
  const found = onPath('clang', environment);
  if (found === undefined) {
    throw new VmError('TOOL_MISSING', 'clang is needed to compile C, and is not on PATH.', {
      hint: installHint,
    });
  }
  return found;
}

function onPath(name: string, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
