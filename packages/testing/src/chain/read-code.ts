import { readFileSync } from 'node:fs';
import { VmError } from '@switchyard/core';

/** A contract's code: its bytes, or the file that holds them (a path from the working directory, or a URL). */
export type ContractCode = Uint8Array | string | URL;

/** The bytes. @throws VmError FILE_UNREADABLE naming the file. */
export function readCode(code: ContractCode): Uint8Array {
  if (code instanceof Uint8Array) return code;
  try {
    const file = readFileSync(code);
    return new Uint8Array(file.buffer, file.byteOffset, file.length);
  } catch (cause) {
    const { code: reason, message } = cause as NodeJS.ErrnoException;
    const why = reason === 'ENOENT' ? `there is no such file in ${process.cwd()}` : message;
    throw new VmError('FILE_UNREADABLE', `${code}: ${why}.`, {
      hint: 'Build the contract first, or give a URL relative to the test: new URL("…", import.meta.url).',
      cause,
    });
  }
}
