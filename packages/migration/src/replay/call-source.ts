import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { VmError } from '@switchyard/core';
import { CAPTURE_FORMAT } from '../capture/capture-line.ts';
import { isHeader, readCaptureLines } from '../capture/read-lines.ts';
import type { Suite, SuiteCall } from '../suite/suite.ts';

/** Where in its input a source goes on. Plain data. */
export interface SourcePosition {
  readonly line: number;
  readonly end: number;
}

/** A call as it comes from a source, with where the next one begins. */
export interface SourceCall {
  /** A capture's line, or a suite's call. */
  readonly call: string | SuiteCall;
  /** Line of the input, from 1; for a suite the call's position. */
  readonly line: number;
  readonly next: SourcePosition;
}

/** A sequence of calls that can be read from any position that it gave. */
export interface CallSource {
  /** What reports call it. */
  readonly name: string;
  /** Tells this input from others; empty when the source cannot be read twice. */
  readonly identity: string;
  read(from: SourcePosition): AsyncIterable<SourceCall>;
}

const START: SourcePosition = { line: 0, end: 0 };

/** The suite's own calls. */
export function suiteCalls(suite: Suite): CallSource {
  return {
    name: 'the suite',
    identity: 'suite',
    async *read({ line }) {
      for (let i = line; i < suite.calls.length; i++) {
        yield { call: suite.calls[i]!, line: i + 1, next: { line: i + 1, end: 0 } };
      }
    },
  };
}

/** How many bytes of a capture's beginning tell it from others; a capture may grow while it is replayed. */
const IDENTIFYING_BYTES = 65_536;

/** A capture in a file. @throws VmError FILE_UNREADABLE. */
export function captureFile(path: string): CallSource {
  return {
    name: path,
    identity: identityOf(path),
    read: (from) => linesOf(createReadStream(path, { start: from.end, highWaterMark: 1 << 18 }), from, path),
  };
}

/** A capture from a stream, such as standard input; it can be read once. */
export function captureStream(name: string, stream: AsyncIterable<Uint8Array>): CallSource {
  return { name, identity: '', read: () => linesOf(stream, START, name) };
}

async function* linesOf(
  stream: AsyncIterable<Uint8Array>,
  from: SourcePosition,
  name: string,
): AsyncGenerator<SourceCall> {
  try {
    for await (const { line, text, end } of readCaptureLines(stream, from)) {
      if (line === 1 && isHeader(text, CAPTURE_FORMAT)) continue;
      yield { call: text, line, next: { line, end } };
    }
  } catch (thrown) {
    if (thrown instanceof VmError) throw thrown;
    throw unreadable(name, thrown);
  }
}

function identityOf(path: string): string {
  try {
    const handle = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(IDENTIFYING_BYTES);
      const length = readSync(handle, bytes, 0, IDENTIFYING_BYTES, 0);
      return createHash('sha256').update(bytes.subarray(0, length)).digest('hex');
    } finally {
      closeSync(handle);
    }
  } catch (thrown) {
    throw unreadable(path, thrown);
  }
}

function unreadable(name: string, thrown: unknown): VmError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new VmError('FILE_UNREADABLE', `${name}: ${reason}.`, { cause: thrown });
}
