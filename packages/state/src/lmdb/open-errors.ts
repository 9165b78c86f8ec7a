import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { VmError } from '@switchyard/core';
import { checkDataFile } from './check-data-file.ts';

/**
 * Makes sure that an LMDB store can be opened at `path`, and makes the folder if only its last part is missing.
 * @throws VmError STATE_UNAVAILABLE saying what is in the way, STATE_CORRUPT for a data file that is not LMDB's.
 */
export function prepareFolder(path: string, readOnly: boolean): void {
  try {
    checkFolder(path, readOnly);
  } catch (thrown) {
    if (thrown instanceof VmError) throw thrown;
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      throw unavailable(path, 'this user may not open it', 'Give the user rights to the folder.', thrown);
    }
    throw unavailable(path, message, undefined, thrown);
  }
}

function checkFolder(path: string, readOnly: boolean): void {
  if (!existsSync(path)) {
    const parent = dirname(path);
    if (readOnly) {
      throw unavailable(path, 'there is no store', 'Deploy a contract to it first, or correct the path.');
    }
    if (!existsSync(parent)) {
      throw unavailable(path, `the folder ${parent} does not exist`, `Make it: mkdir -p ${parent}.`);
    }
    if (!statSync(parent).isDirectory()) {
      throw unavailable(path, `${parent} is a file`, 'Choose a path inside a folder.');
    }
    mkdirSync(path);
    return;
  }
  if (!statSync(path).isDirectory()) {
    throw unavailable(
      path,
      'a file is in the way',
      'A store is a folder: move the file, or choose another path.',
    );
  }
  accessSync(path, readOnly ? constants.R_OK : constants.R_OK | constants.W_OK);
  const data = join(path, 'data.mdb');
  if (!existsSync(data)) {
    if (readOnly) {
      throw unavailable(
        path,
        'the folder holds no store',
        'Deploy a contract to it first, or correct the path.',
      );
    }
    return;
  }
  accessSync(data, readOnly ? constants.R_OK : constants.R_OK | constants.W_OK);
  checkDataFile(path, data);
}

/** STATE_UNAVAILABLE with path, reason and what to do. */
export function unavailable(path: string, reason: string, hint?: string, cause?: unknown): VmError {
  return new VmError('STATE_UNAVAILABLE', `the state store at ${path} cannot be opened: ${reason}.`, {
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  });
}
