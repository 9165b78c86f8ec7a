import { VmError } from '@switchyard/core';
import { type EngineModules, openSide } from '../app/open-side.ts';
import { CallGenerator } from '../generate/call-generator.ts';
import type { Suite, SuiteCall } from '../suite/suite.ts';
import { CAPTURE_FORMAT, capturedCall, captureLine } from './capture-line.ts';

/** What to record of a suite. */
export interface RecordSuiteOptions {
  readonly modules: EngineModules;
  /** Calls in all: the suite's own, then generated ones. By default the suite's own. */
  readonly calls?: number;
  readonly seed?: number;
  /** Takes a line, without its end. */
  readonly write: (line: string) => void;
}

/** Runs a suite's calls on its old side and writes a capture of them, as a chain with that contract would. @returns the number of calls. */
export function recordSuite(suite: Suite, { modules, calls, seed = 1, write }: RecordSuiteOptions): number {
  const side = openSide(suite, 'old', { modules });
  side.begin();
  write(JSON.stringify({ switchyard: CAPTURE_FORMAT }));
  const generator = new CallGenerator(suite, seed);
  const count = calls ?? suite.calls.length;
  let previous: SuiteCall | undefined;
  for (let i = 0; i < count; i++) {
    previous = suite.calls[i] ?? generator.next(previous, suite.start.block);
    generator.note(previous);
    const request = side.request(previous);
    const result = side.execute(previous);
    // No chain has taken such a call.
    if (result instanceof VmError) throw result;
    write(captureLine(capturedCall(request, request.block ?? {}), result));
  }
  return count;
}
