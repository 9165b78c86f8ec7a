import {
  type Benchmark,
  createContext,
  createEngineServices,
  type EngineDefinition,
  type EngineTier,
  ExecutionEnvironment,
  JournaledState,
  MemoryBackend,
  type PreparedBenchmark,
  VmFactory,
} from '@switchyard/core';

/** Calls that are timed together. */
const CALLS = 500;

const owner = new Uint8Array(32).fill(1);
const receiver = new Uint8Array(32).fill(2);
const GAS_LIMIT = 1_000_000n;
const transfer = { entry: { kind: 'entry', id: 0 }, input: transferInput() } as const;

/**
 * A warm transfer of a token (fixtures/contracts/token/token.c): through the engine alone, whose journal grows as within one block, and
 * through the environment, which checks, charges and commits each to the store.
 */
export function tokenBenchmarks(definition: EngineDefinition, code: Uint8Array): readonly Benchmark[] {
  return definition.tools.tiers.flatMap((tier) => {
    const common = { tier, meter: 'on', metric: 'us-per-call' } as const;
    return [
      { ...common, program: 'token_transfer.engine', prepare: () => throughEngine(definition, code, tier) },
      {
        ...common,
        program: 'token_transfer.environment',
        prepare: () => throughEnvironment(definition, code, tier),
      },
    ];
  });
}

/** The recipient (32 bytes) and an amount of 1 (u64). */
function transferInput(): Uint8Array {
  const input = new Uint8Array(40);
  input.set(receiver);
  input[32] = 1;
  return input;
}

function throughEngine(definition: EngineDefinition, code: Uint8Array, tier: EngineTier): PreparedBenchmark {
  const engine = definition.create({ tier }, createEngineServices());
  const state = new JournaledState(new MemoryBackend());
  const contract = new Uint8Array(32).fill(9);
  const common = { contract, caller: owner, gasLimit: GAS_LIMIT };
  const minted = engine.execute(code, createContext({ ...common, entry: { kind: 'hook', id: 0 } }), state);
  let failed = minted.status === 'success' ? 0 : 1;
  return {
    units: CALLS,
    run() {
      for (let call = 0; call < CALLS; call++) {
        const { status } = engine.execute(code, createContext({ ...common, ...transfer }), state);
        if (status !== 'success') failed++;
      }
    },
    check() {
      if (failed > 0) throw new Error(`${failed} transfers failed.`);
      // What a block does at its end.
      state.flush();
    },
  };
}

function throughEnvironment(
  definition: EngineDefinition,
  code: Uint8Array,
  tier: EngineTier,
): PreparedBenchmark {
  const factory = new VmFactory([definition], {
    engines: { [definition.type]: { enabled: true, options: { tier } } },
  });
  const environment = new ExecutionEnvironment({ state: new JournaledState(new MemoryBackend()), factory });
  const { contract } = environment.deploy({ code, sender: owner });
  let failed = 0;
  return {
    units: CALLS,
    run() {
      for (let call = 0; call < CALLS; call++) {
        const request = { contract, sender: owner, gasLimit: GAS_LIMIT, ...transfer };
        if (environment.call(request).status !== 'success') failed++;
      }
    },
    check() {
      if (failed > 0) throw new Error(`${failed} transfers failed.`);
    },
  };
}
