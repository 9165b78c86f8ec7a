import { closeSync, existsSync, openSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
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

/** Refuses an output that is one of the files that the command reads, by whatever path. @throws VmError USAGE_INVALID. */
export function refuseInput(output: string | undefined, inputs: readonly string[]): void {
  if (output === undefined || !existsSync(output)) return;
  const real = realpathSync(output);
  const input = inputs.find((path) => existsSync(path) && realpathSync(path) === real);
  if (input === undefined) return;
  throw new VmError('USAGE_INVALID', `the output ${output} is the input ${input}.`, {
    hint: 'Name another file with --output.',
  });
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
