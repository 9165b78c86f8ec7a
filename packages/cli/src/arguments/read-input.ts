import { readFileSync } from 'node:fs';
import { VmError } from '@switchyard/core';

/** Largest file that a command reads whole: engines refuse far smaller ones by themselves. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** The bytes of a file, or of standard input for `-`. @throws VmError FILE_UNREADABLE. */
export function readInputFile(path: string): Uint8Array {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path === '-' ? 0 : path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder'
          : (cause as Error).message;
    throw new VmError('FILE_UNREADABLE', `${path}: ${reason}.`, { cause });
  }
  if (bytes.length > MAX_FILE_BYTES) {
    throw new VmError(
      'FILE_UNREADABLE',
      `${path}: ${bytes.length} bytes are more than the ${MAX_FILE_BYTES} that a command reads.`,
    );
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
