import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { VmError } from '@switchyard/core';

/** Longest line in bytes: a 1 MiB contract in hexadecimal takes 2 MiB, and its expectations may be as long again. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** A line of a vector file. */
export interface VectorLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

const NEWLINE = 10;

/**
 * The non-empty lines of a `.jsonl` or `.jsonl.gz` file, or of standard input for `-`, as they come: memory stays at one chunk and one
 * line however long the file is.
 * @throws VmError FILE_UNREADABLE; VECTOR_INVALID for a line above 16 MiB or a broken gzip stream.
 */
export async function* readLines(path: string, stdin: Readable = process.stdin): AsyncGenerator<VectorLine> {
  let number = 0;
  let parts: Buffer[] = [];
  let length = 0;
  const take = (end: Buffer): string => {
    const line = parts.length === 0 ? end : Buffer.concat([...parts, end]);
    parts = [];
    length = 0;
    number++;
    return line.toString('utf8').trim();
  };
  for await (const chunk of chunksOf(path, stdin)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const text = take(chunk.subarray(start, end));
      start = end + 1;
      if (text !== '') yield { text, number };
    }
    const rest = chunk.subarray(start);
    length += rest.length;
    if (length > MAX_LINE_BYTES) {
      throw new VmError(
        'VECTOR_INVALID',
        `${path}:${number + 1}: the line is longer than ${MAX_LINE_BYTES} bytes.`,
      );
    }
    if (rest.length > 0) parts.push(rest);
  }
  if (parts.length > 0) {
    const text = take(Buffer.alloc(0));
    if (text !== '') yield { text, number };
  }
}

async function* chunksOf(path: string, stdin: Readable): AsyncGenerator<Buffer> {
  const file: Readable = path === '-' ? stdin : createReadStream(path);
  const gunzip = path.endsWith('.gz') ? createGunzip() : undefined;
  if (gunzip !== undefined) {
    file.on('error', (error: Error) => gunzip.destroy(error));
    file.pipe(gunzip);
  }
  const stream: Readable = gunzip ?? file;
  try {
    for await (const chunk of stream)
      yield typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (code.startsWith('Z_'))
      throw new VmError('VECTOR_INVALID', `${path}: the gzip stream is broken.`, { cause });
    throw new VmError('FILE_UNREADABLE', `${path}: ${(cause as Error).message}.`, { cause });
  } finally {
    if (file !== stdin) file.destroy();
  }
}
