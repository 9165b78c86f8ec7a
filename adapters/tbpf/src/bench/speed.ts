import type { Benchmark, EngineTier, PreparedBenchmark } from '@switchyard/core';
import type { Program } from '../interpreter/program.ts';
import { heapSlot, inputSlot } from '../memory/address-space.ts';
import {
  assembleBench,
  type BareRunner,
  type BenchText,
  decodeBench,
  meterConfig,
  referenceRunner,
  slotRunner,
} from './bare-runner.ts';
import {
  BENCH_HEAP_BYTES,
  type BenchProgram,
  type BenchVersion,
  benchInput,
  benchPrograms,
  benchVersions,
} from './programs.ts';
import { createTwin } from './twins.ts';

/** The programs of fixtures/bench/tbpf on all tiers, with and without a meter, each beside its twin. Warm runs; loading is not timed. */
export function speedBenchmarks(tiers: readonly EngineTier[]): readonly Benchmark[] {
  return benchPrograms.flatMap((program) =>
    benchVersions.flatMap((version) => {
      const name = `${program.name}.v${version}`;
      const common = { program: name, metric: 'mips' } as const;
      const onTiers = tiers.flatMap((tier) =>
        (['on', 'off'] as const).map((meter) => ({
          ...common,
          tier,
          meter,
          prepare: () => prepareTier(program, version, tier, meter),
        })),
      );
      const twin = {
        ...common,
        tier: 'twin',
        meter: 'off',
        prepare: () => prepareTwin(program, version),
      } as const;
      return [...onTiers, twin];
    }),
  );
}

/** How long a program that was never seen before takes to its result, on each tier: decoding and, where it is compiled, compiling. */
export function coldBenchmarks(tiers: readonly EngineTier[]): readonly Benchmark[] {
  return benchPrograms.flatMap((program) =>
    tiers.map((tier) => ({
      program: `${program.name}.v0`,
      tier,
      meter: 'on' as const,
      metric: 'ms-cold' as const,
      prepare: () => prepareCold(program, tier),
    })),
  );
}

function runnerOn(tier: EngineTier, program: Program, input: Uint8Array, profiled: boolean): BareRunner {
  return tier === 'reference' ? referenceRunner(program) : slotRunner(program, tier, input, profiled);
}

function prepareCold(bench: BenchProgram, tier: EngineTier): PreparedBenchmark {
  const input = benchInput(bench);
  let unique = Math.floor(Math.random() * 0x7fff_ffff);
  let fresh: BenchText;
  let runner: BareRunner | undefined;
  return {
    units: 1,
    before() {
      fresh = assembleBench(withConstant(bench.source(0), unique++), 0);
    },
    run() {
      runner = runnerOn(tier, decodeBench(fresh, meterConfig('on')), input, false);
      runner.start(input.slice());
      runner.run();
    },
    check() {
      const r0 = runner!.machine.register(0);
      runner!.release();
      if (r0 !== bench.r0) throw wrong(bench, tier, `r0 is ${r0}`);
    },
  };
}

/** Sets r0 first, which every program then sets itself: V8 knows modules by their bytes, so each run has a program of its own. */
function withConstant(source: string, value: number): string {
  return source.replace('entrypoint:\n', `entrypoint:\n    mov64 r0, ${value}\n`);
}

function prepareTier(
  bench: BenchProgram,
  version: BenchVersion,
  tier: EngineTier,
  meter: 'on' | 'off',
): PreparedBenchmark {
  const program = decodeBench(assembleBench(bench.source(version), version), meterConfig(meter));
  const input = benchInput(bench);
  const runner = runnerOn(tier, program, input, true);
  const expected = expectedMemory(bench, input);
  return {
    units: bench.instructions[version],
    before: () => runner.start(input.slice()),
    run: runner.run,
    check() {
      const { machine } = runner;
      if (machine.fault !== undefined) throw wrong(bench, tier, machine.fault.detail);
      if (machine.register(0) !== bench.r0) throw wrong(bench, tier, `r0 is ${machine.register(0)}`);
      const { used } = machine.meter;
      if (meter === 'on' && used !== BigInt(bench.instructions[version])) {
        throw wrong(bench, tier, `${used} instructions are counted`);
      }
      checkMemory(bench, tier, runner, expected);
    },
  };
}

/** What the run must leave in memory: what the twin does. */
function expectedMemory(bench: BenchProgram, input: Uint8Array): { input: Uint8Array; heap: Uint8Array } {
  const heap = new Uint8Array(BENCH_HEAP_BYTES);
  if (bench.memory !== 'input' && bench.memory !== 'heap') return { input, heap };
  const twin = createTwin(bench.name);
  twin.memory.set(input);
  twin.run();
  const bytes = twin.memory.slice(0, BENCH_HEAP_BYTES);
  return bench.memory === 'input' ? { input: bytes, heap } : { input, heap: bytes };
}

function checkMemory(
  bench: BenchProgram,
  tier: EngineTier,
  { machine }: BareRunner,
  { input, heap }: { readonly input: Uint8Array; readonly heap: Uint8Array },
): void {
  if (!isSame(machine.regionBytes(inputSlot), input)) throw wrong(bench, tier, 'the input afterwards');
  if (!isSame(machine.regionBytes(heapSlot), heap)) throw wrong(bench, tier, 'the heap afterwards');
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

function prepareTwin(bench: BenchProgram, version: BenchVersion): PreparedBenchmark {
  const twin = createTwin(bench.name);
  const input = benchInput(bench);
  let r0 = 0n;
  return {
    units: bench.instructions[version],
    before: () => twin.memory.set(input),
    run() {
      r0 = twin.run();
    },
    check() {
      if (r0 !== bench.r0) throw wrong(bench, 'twin', `r0 is ${r0}`);
    },
  };
}

function wrong({ name }: BenchProgram, tier: string, what: string): Error {
  return new Error(`${name} on ${tier}: ${what}, which is not what the file says.`);
}
