import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VectorObservation } from '@switchyard/core';
import { TbpfTools } from '@switchyard/tbpf';
import { afterAll, expect, test } from 'vitest';
import { parseVector } from '../../packages/cli/src/vectors/parse-vector.ts';
import { runFuzz } from './run-fuzz.ts';
import { bareSuite } from './tbpf/bare-suite.ts';
import type { FuzzTier } from './tbpf/tier.ts';

const tools = new TbpfTools();
const folder = mkdtempSync(join(tmpdir(), 'switchyard-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true }));

const reference: FuzzTier = {
  name: 'reference',
  open: () => (vector) => tools.runVector(vector, 'reference'),
};

type Corrupt = (
  honest: VectorObservation,
  text: Uint8Array,
  nth: number,
) => Readonly<Record<string, unknown>>;

/** The reference with a mistake: fields that it observes wrongly. */
function mistaken(corrupt: Corrupt): FuzzTier {
  return {
    name: 'mistaken',
    open() {
      let nth = 0;
      return (vector) => {
        const honest = tools.runVector(vector, 'reference');
        const native = { ...honest.native, ...corrupt(honest, vector.code, nth++) };
        return { ...honest, native } as VectorObservation;
      };
    },
  };
}

/** Runs until the mistake shows. @returns what the fuzzer says, and the vectors that it saves. */
function find(corrupt: Corrupt) {
  const said: string[] = [];
  const files: string[] = [];
  const totals = runFuzz(bareSuite(tools, undefined, [reference, mistaken(corrupt)]), {
    runs: 3000,
    seed: 20260,
    mostFailures: 1,
    save: folder,
    onFailure(saved, text) {
      files.push(...saved);
      said.push(text);
    },
  });
  const vectors = files.filter((file) => file.endsWith('.jsonl')).flatMap(linesOf);
  return { failures: totals.failures, text: said.join('\n'), vectors };
}

function linesOf(file: string) {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line, index) => parseVector(line, file, index + 1));
}

const opcodesOf = (text: Uint8Array): number[] => Array.from(text.filter((_, at) => at % 8 === 0));

test('an instruction that is counted twice when it divides by zero is found, and shrunk to little more than that', () => {
  const { failures, text, vectors } = find(({ native }) =>
    native['error'] === 'DivideByZero' ? { instructions: `${Number(native['instructions']) + 1}` } : {},
  );
  expect(failures).toBe(1);
  expect(text).toContain('instructions: reference "');
  expect(vectors).toHaveLength(1);
  expect(vectors[0]!.code.length / 8).toBeLessThanOrEqual(4);
  expect(tools.runVector(vectors[0]!, 'reference').native['error']).toBe('DivideByZero');
  expect(vectors[0]!.expect['error']).toBe('DivideByZero');
});

test('a wrong result of one instruction is found, and the instruction is kept', () => {
  const arsh64 = 0xcf;
  const { failures, vectors } = find(({ native }, text) =>
    native['status'] === 'ok' && opcodesOf(text).includes(arsh64) ? { r0: '1' } : {},
  );
  expect(failures).toBe(1);
  expect(opcodesOf(vectors[0]!.code)).toContain(arsh64);
  expect(vectors[0]!.code.length / 8).toBeLessThanOrEqual(4);
});

test('memory that an earlier run has left is found, with the runs that it takes', () => {
  const { failures, vectors } = find(({ native }, _, nth) =>
    nth > 0 && native['heapAfter'] === 'zero' ? { heapAfter: '01' } : {},
  );
  expect(failures).toBe(1);
  expect(vectors).toHaveLength(2);
});

test('a fault reported at the wrong place is found by its pc alone', () => {
  const { failures, text } = find(({ native }) =>
    native['error'] === 'AccessViolation' ? { pc: Number(native['pc']) + 1 } : {},
  );
  expect(failures).toBe(1);
  expect(text).toContain('pc: reference ');
});

test('a tier that throws is a failure like any other', () => {
  const { failures, text, vectors } = find(({ native }) => {
    if (native['error'] === 'CallDepthExceeded') throw new RangeError('Maximum call stack size exceeded');
    return {};
  });
  expect(failures).toBe(1);
  expect(text).toContain('thrown: reference nothing, mistaken RangeError: Maximum call stack');
  expect(vectors).toHaveLength(1);
});

test('the same seed makes the same programs and outcomes, whatever the number of jobs', () => {
  const suite = bareSuite(tools, undefined, [reference]);
  const twice = [0, 1].map(() => runFuzz(suite, { runs: 500, seed: 7 }));
  expect(twice[0]).toEqual(twice[1]);
  expect(suite.make(7, 12)).toEqual(suite.make(7, 12));
  expect(suite.make(7, 12)).not.toEqual(suite.make(8, 12));
});

test('a thousand runs on all tiers agree with the reference, and reach the ends that a program can have', () => {
  const { outcomes, failures } = runFuzz(bareSuite(tools), { runs: 1000, seed: 4, mostFailures: 1 });
  expect(failures).toBe(0);
  expect(Object.keys(outcomes)).toEqual(
    expect.arrayContaining([
      'ok',
      'AccessViolation',
      'CallDepthExceeded',
      'DivideByZero',
      'ExceededMaxInstructions',
      'SyscallError',
    ]),
  );
});
