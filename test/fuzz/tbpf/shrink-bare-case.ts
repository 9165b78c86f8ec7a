import type { Difference } from '../suite.ts';
import type { BareCase } from './bare-case.ts';
import { simplerTexts } from './shrink-text.ts';

/** Cases with fewer runs, less text, plainer surroundings, smaller numbers: in this order. */
export function* simplerBareCases(program: BareCase, { run }: Difference): Generator<BareCase> {
  const { runs, repeats } = program;
  if (runs.length > 1) {
    yield { ...program, runs: [runs[run]!], repeats: 0 };
    if (run < runs.length - 1) yield { ...program, runs: runs.slice(0, run + 1), repeats: 0 };
    for (const index of runs.keys()) yield { ...program, runs: runs.filter((_, other) => other !== index) };
  }
  if (repeats > 0) yield { ...program, repeats: repeats > 3 ? repeats >> 1 : 0 };
  yield* simplerTexts(program);
  yield* simplerSurroundings(program);
}

function* simplerSurroundings(program: BareCase): Generator<BareCase> {
  const { config, heap, syscalls, functions, runs } = program;
  for (const key of Object.keys(config)) {
    const { [key]: _, ...rest } = config;
    yield { ...program, config: rest };
  }
  if (syscalls.length > 0) yield { ...program, syscalls: [] };
  for (const index of functions.keys())
    yield { ...program, functions: functions.filter((_, other) => other !== index) };
  for (const smaller of [0, 8, heap >> 1]) if (smaller < heap) yield { ...program, heap: smaller };
  for (const [index, { gasLimit, input }] of runs.entries()) {
    const replaced = (gas: bigint, bytes: Uint8Array): BareCase => ({
      ...program,
      runs: runs.map((one, other) => (other === index ? { gasLimit: gas, input: bytes } : one)),
    });
    for (const smaller of [gasLimit >> 32n, gasLimit >> 1n, gasLimit - 1n]) {
      if (smaller >= 0n && smaller < gasLimit) yield replaced(smaller, input);
    }
    if (input.length > 0) {
      yield replaced(gasLimit, new Uint8Array(0));
      yield replaced(gasLimit, input.slice(0, input.length >> 1));
      yield replaced(gasLimit, input.slice(0, -1));
    }
    if (input.some((byte) => byte !== 0)) yield replaced(gasLimit, new Uint8Array(input.length));
  }
}
