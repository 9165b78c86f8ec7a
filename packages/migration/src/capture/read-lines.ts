import { VmError } from '@switchyard/core';
import { LONGEST_LINE } from './capture-line.ts';

/** A line of a capture, and where the next one begins. */
export interface CaptureText {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** Bytes before the next line. */
  readonly end: number;
}

const NEWLINE = 0x0a;

/** Bytes of one line that are kept; a longer one is cut, which makes it no call, and skipped to its end. */
const KEPT = LONGEST_LINE + 1;

/**
 * The lines of a file as they come, empty ones left out. Memory is bounded by one line and one chunk, whatever the file holds.
 * @param chunks the bytes, from the byte `from.end` on. @throws what reading the bytes throws.
 */
export async function* readCaptureLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  from: { readonly line: number; readonly end: number } = { line: 0, end: 0 },
): AsyncGenerator<CaptureText> {
  let { line, end } = from;
  const rest: Uint8Array[] = [];
  let restLength = 0;
  let skipped = 0;
  const keep = (piece: Uint8Array): void => {
    const room = KEPT - restLength;
    if (room > 0) rest.push(piece.slice(0, room));
    restLength += Math.min(room, piece.length);
    skipped += Math.max(0, piece.length - Math.max(0, room));
  };
  const flush = (ended: number): CaptureText | undefined => {
    line++;
    end += restLength + skipped + ended;
    const text = Buffer.concat(rest).toString('utf8').trim();
    rest.length = 0;
    restLength = 0;
    skipped = 0;
    return text === '' ? undefined : { line, text, end };
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, start)) {
      keep(chunk.subarray(start, at));
      start = at + 1;
      const found = flush(1);
      if (found !== undefined) yield found;
    }
    if (start < chunk.length) keep(chunk.subarray(start));
  }
  const last = restLength > 0 ? flush(0) : undefined;
  if (last !== undefined) yield last;
}

/** Whether a line is the format's own. @throws VmError CAPTURE_INVALID for a format that this version does not read. */
export function isHeader(text: string, format: string): boolean {
  if (!text.startsWith('{"switchyard":')) return false;
  const found = /^\{"switchyard":"([^"]*)"\}$/.exec(text)?.[1];
  if (found === format) return true;
  throw new VmError('CAPTURE_INVALID', `the capture is of the format "${found ?? text.slice(0, 80)}".`, {
    hint: `This version reads ${format}.`,
  });
}
