import { appendFileSync, closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { type TransactionObserver, VmError } from '@switchyard/core';
import { CAPTURE_FORMAT, recordCalls } from '@switchyard/migration';
import { checkWritable } from './write-output.ts';

/** A capture that a command appends its call to. */
export interface CaptureFile {
  /** Gathers the lines of calls, for the environment. */
  readonly observer: TransactionObserver;
  /** Appends what was gathered. @throws VmError FILE_UNREADABLE. */
  save(): void;
}

const HEADER = JSON.stringify({ switchyard: CAPTURE_FORMAT });

/**
 * Opens a capture to append to, new or of earlier calls, before the call is made. A last line that was cut off, by a full disk for one, is
 * ended first, so that it spoils no other. @throws VmError FILE_UNREADABLE, CAPTURE_INVALID when the file holds something else.
 */
export function openCaptureFile(path: string): CaptureFile {
  checkWritable(path);
  const { isEmpty, isCut } = lookInto(path);
  const lines: string[] = [];
  return {
    observer: recordCalls({ isContinued: !isEmpty, write: (line) => lines.push(line) }),
    save: () => {
      try {
        appendFileSync(path, `${isCut ? '\n' : ''}${lines.map((line) => `${line}\n`).join('')}`);
      } catch (cause) {
        throw new VmError('FILE_UNREADABLE', `${path} cannot be written: ${(cause as Error).message}.`, {
          hint: 'The call was made, and the state has what it changed; it is not in the capture.',
          cause,
        });
      }
    },
  };
}

function lookInto(path: string): { readonly isEmpty: boolean; readonly isCut: boolean } {
  if (!existsSync(path)) return { isEmpty: true, isCut: false };
  const handle = openSync(path, 'r');
  try {
    const { size } = fstatSync(handle);
    if (size === 0) return { isEmpty: true, isCut: false };
    const read = (length: number, position: number): string => {
      const bytes = Buffer.alloc(length);
      return bytes.toString('utf8', 0, readSync(handle, bytes, 0, length, position));
    };
    const head = read(HEADER.length + 1, 0);
    if (head !== `${HEADER}\n` && head !== HEADER) {
      throw new VmError(
        'CAPTURE_INVALID',
        `${path} does not begin with ${HEADER}, so nothing is appended to it.`,
        {
          hint: 'Name another file, or one that is not there yet.',
        },
      );
    }
    return { isEmpty: false, isCut: read(1, size - 1) !== '\n' };
  } finally {
    closeSync(handle);
  }
}
