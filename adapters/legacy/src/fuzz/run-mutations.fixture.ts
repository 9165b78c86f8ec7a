import { createContext, createEngineServices, JournaledState, MemoryBackend } from '@switchyard/core';
import { LegacyEngine } from '../engine.ts';
import { enterChunk } from '../interpreter/frames.ts';
import { Machine } from '../interpreter/machine.ts';
import { defaultMachineConfig } from '../interpreter/machine-config.ts';
import { guarded, runFast, runReference } from '../interpreter/run.ts';
import { decodeProgram } from '../module/program.ts';
import { validateModule } from '../module/validator.ts';
import { standardNatives } from '../natives/standard.ts';
import { NODE_HOOKS, nodeNatives } from '../natives/table.ts';
import { describeCell } from '../values/display.ts';
import { decodeModule, moduleWire } from '../wire/module-wire.ts';
import { createRandom, mutate } from './mutate.fixture.ts';

/** What came of the mutations. */
export interface MutationCounts {
  readonly mutations: number;
  readonly decoded: number;
  readonly valid: number;
  readonly runs: number;
  /** Runs by how they ended: `value`, or a trap's name. */
  readonly outcomes: ReadonlyMap<string, number>;
}

/**
 * Mutates wire bytes and puts each through decode, validation and both tiers of the machine, also where the validator refused, and
 * through the engine with its chain natives. @throws Error when the tiers differ; whatever else comes out is a bug.
 */
export function runMutations(
  inputs: readonly Uint8Array[],
  count: number,
  seed: number,
  gasLimit = 20_000n,
): MutationCounts {
  const random = createRandom(seed);
  const engine = new LegacyEngine({}, createEngineServices());
  const outcomes = new Map<string, number>();
  let decodedCount = 0;
  let valid = 0;
  let runs = 0;
  for (let i = 0; i < count; i++) {
    const code = mutant(inputs[random(inputs.length)]!, inputs[random(inputs.length)]!, random);
    const report = engine.validateCode(code);
    const decoded = decodeModule(code);
    if (!decoded.ok) continue;
    decodedCount++;
    moduleWire(decoded.module);
    const refused = validateModule(decoded.module, {
      hookCount: NODE_HOOKS,
      nativeCount: nodeNatives.length,
    });
    if (refused === undefined) valid++;
    const program = decodeProgram(decoded.module);
    for (const entry of [...decoded.module.entries].slice(0, 2)) {
      const plain = run(program, entry, gasLimit, runReference);
      const fast = run(program, entry, gasLimit, runFast);
      if (plain !== fast) throw new Error(`mutation ${i} of seed ${seed}: ${plain} and ${fast} differ`);
      const outcome = plain.split('|', 1)[0]!;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      runs++;
      if (!report.valid) continue;
      const state = new JournaledState(new MemoryBackend());
      engine.execute(code, createContext({ gasLimit, entry: { kind: 'entry', id: entry } }), state);
    }
  }
  return { mutations: count, decoded: decodedCount, valid, runs, outcomes };
}

/** Bytes anywhere, one time in four; else the bytecode of one chunk, so that most of them decode. */
function mutant(input: Uint8Array, other: Uint8Array, random: (below: number) => number): Uint8Array {
  const decoded = decodeModule(input);
  if (!decoded.ok || decoded.module.chunks.length === 0 || random(4) === 0)
    return mutate(input, other, random);
  const { module } = decoded;
  const changed = random(module.chunks.length);
  const chunks = module.chunks.map((chunk, id) => (id === changed ? mutate(chunk, other, random) : chunk));
  return moduleWire({ ...module, chunks });
}

const machine = new Machine();

function run(
  program: ReturnType<typeof decodeProgram>,
  entry: number,
  gasLimit: bigint,
  tier: typeof runFast,
): string {
  machine.reset({
    program,
    natives: standardNatives,
    config: defaultMachineConfig,
    gasLimit,
    host: undefined,
  });
  guarded(machine, () => enterChunk(machine, entry));
  const value = machine.report === undefined ? tier(machine) : undefined;
  const end =
    value === undefined
      ? `${machine.report!.name}|${machine.report!.detail}`
      : `value|${describeCell(value)}`;
  return `${end}|${machine.gas.used}|${machine.memory}|${machine.steps}|${machine.undefinedUses.join()}`;
}
