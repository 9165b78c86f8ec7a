import {
  type Benchmark,
  createContext,
  createEngineServices,
  type EngineTier,
  type ExecutionResult,
  JournaledState,
  MemoryBackend,
  type PreparedBenchmark,
  type VirtualMachine,
} from '@switchyard/core';
import { TbpfEngine } from '../engine.ts';
import type { TbpfTools } from '../tools.ts';
import { CONTRACT_INPUT_BYTES, contractSource, UNIQUE_IMMEDIATE } from './contract-source.ts';

/** A contract that is called through the whole engine: context, journal and result included. */
interface CallProgram {
  readonly name: string;
  readonly source: string;
  /** Instructions of a call. */
  readonly instructions: bigint;
  /** Calls that are timed together. */
  readonly calls: number;
}

const tinySource = `
entrypoint:
  mov64 r0, ${UNIQUE_IMMEDIATE}
  ldxdw r3, [r1+0]
  add64 r3, r2
  stxdw [r10-8], r3
  ldxdw r4, [r10-8]
  xor64 r4, r3
  jne r4, 0, done
  mov64 r0, 0
done:
  add64 r4, 1
  exit
`;

/** A call of ten instructions, one of about 5,000 in a small text, and one of about as many spread over 64 KB. */
export const callPrograms: readonly CallProgram[] = [
  { name: 'tiny', source: tinySource, instructions: 10n, calls: 5000 },
  {
    name: 'contract_5k',
    source: contractSource({ functions: 8, called: 3, rounds: 17 }),
    instructions: 4980n,
    calls: 300,
  },
  {
    name: 'contract_64k',
    source: contractSource({ functions: 177, called: 49, rounds: 1 }),
    instructions: 4781n,
    calls: 300,
  },
];

const INPUT = Uint8Array.from({ length: CONTRACT_INPUT_BYTES }, (_, index) => 37 * index + 11);

/** Microseconds of a warm call, and milliseconds until the result of a first one, on every tier. */
export function callBenchmarks(tools: TbpfTools): readonly Benchmark[] {
  return callPrograms.flatMap((program) =>
    tools.tiers.flatMap((tier) => {
      const common = { program: program.name, tier, meter: 'on' } as const;
      const code = lazily(() => tools.assemble(program.source, { version: 'v0' }));
      return [
        { ...common, metric: 'us-per-call', prepare: () => prepareWarm(program, code(), tier) } as const,
        { ...common, metric: 'ms-cold', prepare: () => prepareCold(program, code(), tier) } as const,
      ];
    }),
  );
}

function prepareWarm(program: CallProgram, code: Uint8Array, tier: EngineTier): PreparedBenchmark {
  const engine = engineOn(tier);
  let result: ExecutionResult;
  const state = new JournaledState(new MemoryBackend());
  return {
    units: program.calls,
    run() {
      for (let call = 0; call < program.calls; call++) {
        result = engine.execute(code, createContext({ input: INPUT }), state);
      }
    },
    check: () => checkResult(program, result),
  };
}

function prepareCold(program: CallProgram, code: Uint8Array, tier: EngineTier): PreparedBenchmark {
  const state = new JournaledState(new MemoryBackend());
  let unique = Math.floor(Math.random() * 0x7fff_ffff);
  let engine: VirtualMachine;
  let fresh: Uint8Array;
  let result: ExecutionResult;
  return {
    units: 1,
    before() {
      // V8 knows modules by their bytes, the process over; so each run has an own program, also in the next process.
      fresh = withImmediate(code, unique++);
      engine = engineOn(tier);
    },
    run() {
      result = engine.execute(fresh, createContext({ input: INPUT }), state);
    },
    check: () => checkResult(program, result),
  };
}

function engineOn(tier: EngineTier): VirtualMachine {
  return new TbpfEngine({ tier }, createEngineServices());
}

function checkResult({ name, instructions }: CallProgram, { status, stats, error }: ExecutionResult): void {
  if (status !== 'success') throw new Error(`${name}: ${error?.message}`);
  if (stats.instructions !== instructions) {
    throw new Error(`${name}: ${stats.instructions} instructions, not ${instructions}.`);
  }
}

/** The code with another value of the immediate that nobody looks at. */
function withImmediate(code: Uint8Array, value: number): Uint8Array {
  const changed = code.slice();
  const view = new DataView(changed.buffer);
  let at = 0;
  while (view.getInt32(at, true) !== UNIQUE_IMMEDIATE) at += 4;
  view.setInt32(at, value, true);
  return changed;
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
