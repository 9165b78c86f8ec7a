import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { VmError } from '@switchyard/core';

/** Writes a file. @throws VmError FILE_UNREADABLE. */
export function writeOutput(path: string, content: string | Uint8Array): void {
  refusable(path, () => writeFileSync(path, content));
}

/**
 * Makes sure that a file can be written, before the work whose result it is to hold. What the file holds stays; one that was not there
 * is not there afterwards. @throws VmError FILE_UNREADABLE.
 */
export function checkWritable(path: string): void {
  const isNew = !existsSync(path);
  refusable(path, () => closeSync(openSync(path, 'a')));
  if (isNew) rmSync(path);
}

/** Does what may fail to write a file. @throws VmError FILE_UNREADABLE. */
export function refusable(path: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    const message = `${path} cannot be written: ${(cause as Error).message}.`;
    throw new VmError('FILE_UNREADABLE', message, { cause });
  }
}
