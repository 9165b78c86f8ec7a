import {
  type EngineTier,
  type EngineTools,
  jsonText,
  type VectorObservation,
  VmError,
} from '@switchyard/core';
import { toJson } from '../output/to-json.ts';
import { compareVector } from './compare.ts';
import { parseVector } from './parse-vector.ts';
import type { VectorLine } from './read-lines.ts';

/** Lines of one file, to be run together. */
export interface VectorBatch {
  readonly path: string;
  readonly lines: readonly VectorLine[];
  readonly tier: EngineTier;
}

/** A batch's answers: JSON text lines in the order of its vectors, and how many passed. */
export interface BatchResult {
  readonly lines: readonly string[];
  readonly passed: number;
  readonly failed: number;
  readonly notCompared: number;
  readonly failedIds: readonly string[];
}

/** Runs the vectors of a batch on the engines that they name. @throws VmError VECTOR_INVALID, ENGINE_UNKNOWN, UNSUPPORTED. */
export function runBatch(batch: VectorBatch, tools: (type: string) => EngineTools): BatchResult {
  const lines: string[] = [];
  const failedIds: string[] = [];
  let passed = 0;
  let notCompared = 0;
  for (const { text, number } of batch.lines) {
    const vector = parseVector(text, batch.path, number);
    const observation = at(`${batch.path}:${number}`, () =>
      tools(vector.engine).runVector(vector, batch.tier),
    );
    const { pass, diff } = compareVector(vector.expect, observation);
    if (pass === true) passed++;
    else if (pass === null) notCompared++;
    else failedIds.push(vector.id);
    lines.push(jsonText(resultLine(vector.id, pass, observation, diff)));
  }
  return { lines, passed, failed: failedIds.length, notCompared, failedIds };
}

function resultLine(
  id: string,
  pass: boolean | null,
  observation: VectorObservation,
  diff: readonly string[],
): unknown {
  const { tier, status, exitCode, gasUsed, native, error, logs, events, stateChanges } = observation;
  return toJson({
    id,
    pass,
    tier,
    status,
    exitCode,
    gasUsed,
    native,
    error,
    logs,
    events,
    stateChanges,
    diff,
  });
}

/** Says in which line an engine refused to run. */
function at<T>(where: string, run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    if (!(thrown instanceof VmError) || thrown.message.startsWith(where)) throw thrown;
    throw new VmError(thrown.code, `${where}: ${thrown.message}`, { hint: thrown.hint, cause: thrown });
  }
}
