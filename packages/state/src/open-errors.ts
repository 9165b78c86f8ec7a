import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { VmError } from '@switchyard/core';

/** The number behind the page header of an LMDB data file, little-endian; lmdb-js's page header has 24 bytes. */
const LMDB_MAGIC = 0xbeefc0de;
const MAGIC_OFFSET = 24;

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
  checkMagic(path, data);
}

/** LMDB maps the file before it looks at it, so a foreign or cut file is refused here. */
function checkMagic(path: string, data: string): void {
  const head = new Uint8Array(MAGIC_OFFSET + 4);
  const file = openSync(data, 'r');
  let read: number;
  try {
    read = readSync(file, head);
  } finally {
    closeSync(file);
  }
  // A process killed while LMDB made the file leaves it empty; LMDB then starts afresh.
  if (read === 0) return;
  if (read < head.length || new DataView(head.buffer).getUint32(MAGIC_OFFSET, true) !== LMDB_MAGIC) {
    throw new VmError('STATE_CORRUPT', `${path}: data.mdb is not an LMDB file.`, {
      hint: 'Choose another path, or restore a snapshot into a new one.',
    });
  }
}

/** STATE_UNAVAILABLE with path, reason and what to do. */
export function unavailable(path: string, reason: string, hint?: string, cause?: unknown): VmError {
  return new VmError('STATE_UNAVAILABLE', `the state store at ${path} cannot be opened: ${reason}.`, {
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  });
}
