import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { VmError } from '@switchyard/core';

const WRITABLE_BY_OTHERS = 0o022;

/** Whether nobody but this user and the system's administrator may change it. On Windows, which tells neither, always. */
export function isTrusted({ uid, mode }: Pick<Stats, 'uid' | 'mode'>): boolean {
  return isOurs(uid) && (process.geteuid === undefined || (mode & WRITABLE_BY_OTHERS) === 0);
}

function isOurs(uid: number): boolean {
  return process.geteuid === undefined || uid === 0 || uid === process.geteuid();
}

/**
 * Makes sure that the cache may be in this directory, or that it can be made there later. Changes nothing.
 * @throws VmError CACHE_UNAVAILABLE saying what is in the way and what to do.
 */
export function checkDirectory(path: string): void {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) checkPlace(path);
    else checkExisting(path, stats);
  } catch (thrown) {
    if (thrown instanceof VmError) throw thrown;
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') throw fileInTheWay(path, thrown);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      throw unavailable(path, 'this user may not open it', 'Give the user rights to the directory.', thrown);
    }
    throw unavailable(path, message, 'Choose another directory.', thrown);
  }
}

function checkExisting(path: string, stats: Stats): void {
  if (!stats.isDirectory()) throw fileInTheWay(path);
  if (!isOurs(stats.uid)) {
    throw unavailable(
      path,
      'it belongs to another user, who could change what contracts do',
      'Choose a directory of this user.',
    );
  }
  if (!isTrusted(stats)) {
    throw unavailable(
      path,
      'other users may write to it, and so change what contracts do',
      `Take the right from them: chmod go-w ${path}.`,
    );
  }
  accessSync(path, constants.R_OK | constants.X_OK);
}

/** It is made at the first `put`, which tells nobody when it fails; so whether it can be made is looked at now. */
function checkPlace(path: string): void {
  const parent = dirname(path);
  const stats = statSync(parent, { throwIfNoEntry: false });
  if (stats === undefined) checkPlace(parent);
  else if (!stats.isDirectory()) throw fileInTheWay(parent);
  else accessSync(parent, constants.W_OK | constants.X_OK);
}

function fileInTheWay(path: string, cause?: unknown): VmError {
  return unavailable(path, 'a file is in the way', 'The cache is a directory: choose another path.', cause);
}

function unavailable(path: string, reason: string, hint: string, cause?: unknown): VmError {
  return new VmError(
    'CACHE_UNAVAILABLE',
    `the cache of compiled code cannot be used: ${path}: ${reason}.`,
    cause === undefined ? { hint } : { hint, cause },
  );
}
