import type { VectorCase, VectorObservation } from '@switchyard/core';
import { type TbpfVersion, tbpfVersions } from '../../../adapters/tbpf/src/isa/version.ts';
import { Random } from '../random.ts';
import { type BareCase, type BareRun, vectorOf } from './bare-case.ts';
import { type BareKind, kindWeights, profiles } from './profile.ts';
import { SAMPLE_SYSCALLS, writeSampleSyscall } from './sample-calls.ts';
import type { Scope, Surroundings } from './scope.ts';
import { writeRecursive, writeStructured } from './structured.ts';
import { type BuiltText, TextBuilder } from './text-builder.ts';
import { writeSoup, writeUnstructured } from './unstructured.ts';

const HUGE: readonly bigint[] = [
  (1n << 53n) - 1n,
  1n << 53n,
  (1n << 53n) + 1n,
  (1n << 63n) + 5n,
  (1n << 64n) - 1n,
];

/** How a vector ends on the reference: limits are chosen by the count. */
export type ReferenceRun = (vector: VectorCase) => VectorObservation;

/**
 * The bare case of an index: a program of some kind (any, if `only` is undefined) with runs at limits around what it takes, at small
 * ones and at huge ones, over two inputs.
 */
export function makeBareCase(
  seed: number,
  index: number,
  only: BareKind | undefined,
  runReference: ReferenceRun,
): BareCase {
  const random = new Random(seed, index);
  const kind = only ?? random.weighted(kindWeights);
  const version = random.pick(tbpfVersions);
  const config = someConfig(random);
  const heap = random.pick([0, 0, 8, 64, 64, 100, 256, 1024, 4096, random.chance(5) ? 32_768 : 64]);
  const inputLength = random.chance(10)
    ? 0
    : random.chance(85)
      ? random.between(1, 96)
      : random.between(97, 1100);
  const { text, functions } = writeBareText(random, kind, version, {
    inputLength,
    heapLength: heap,
    frameSize: config['stack_frame_size'] === undefined ? 4096 : Number(config['stack_frame_size']),
    frames: config['max_call_depth'] === undefined ? 64 : Number(config['max_call_depth']),
    gapped: version === 0 && config['enable_stack_frame_gaps'] !== false,
  });
  const program: BareCase = {
    id: `fuzz-${seed}-${index}`,
    kind,
    version,
    text,
    functions,
    syscalls: kind === 'syscalls' || random.chance(10) ? SAMPLE_SYSCALLS : [],
    heap,
    config,
    runs: [],
    repeats: random.chance(2) ? 60 : 0,
  };
  const inputs = [
    random.bytes(inputLength),
    random.bytes(random.chance(80) ? inputLength : random.below(64)),
  ];
  return plan(program, inputs, random, runReference);
}

/** A program's text for its surroundings. */
export function writeBareText(
  random: Random,
  kind: BareKind,
  version: TbpfVersion,
  surroundings: Surroundings,
): BuiltText {
  const builder = new TextBuilder(version);
  const profile = profiles[kind];
  const count =
    profile.shape === 'soup' ? random.between(1, 2) : random.between(kind === 'arithmetic' ? 1 : 2, 4);
  const scope: Scope = {
    random,
    builder,
    profile,
    surroundings,
    functions: Array.from({ length: count }, () => builder.label()),
    end: builder.label(),
    kept: new Set(),
    writeSyscall: writeSampleSyscall,
  };
  const write = {
    structured: writeStructured,
    unstructured: writeUnstructured,
    recursive: writeRecursive,
    soup: writeSoup,
  };
  write[profile.shape](scope);
  builder.place(scope.end);
  return builder.finish();
}

function someConfig(random: Random): BareCase['config'] {
  const config: Record<string, boolean | number> = {};
  if (random.chance(15)) config['stack_frame_size'] = random.pick([64, 256, 512, 1024, 8192]);
  if (random.chance(15)) config['max_call_depth'] = random.pick([1, 2, 3, 5, 20, 100]);
  if (random.chance(15)) config['enable_stack_frame_gaps'] = false;
  if (random.chance(5)) config['aligned_memory_mapping'] = false;
  return config;
}

/** Chooses the limits; a program that ends by itself is now and then run without a meter instead. */
function plan(
  program: BareCase,
  inputs: readonly Uint8Array[],
  random: Random,
  runReference: ReferenceRun,
): BareCase {
  const runs: BareRun[] = [];
  let mayRunFree = true;
  for (const input of inputs) {
    const first = { gasLimit: BigInt(random.pick([300, 2000, 2000, 6000])), input };
    const { native } = runReference(vectorOf(program, first));
    const count = BigInt(String(native['instructions']));
    const hasEnded = native['error'] !== 'ExceededMaxInstructions';
    mayRunFree &&= hasEnded;
    runs.push(first);
    if (native['status'] === 'reject') return { ...program, runs };
    const around = [count, count > 0n ? count - 1n : 0n, count + 1n];
    const limits = hasEnded ? around : [];
    if (random.chance(30)) limits.push(0n);
    limits.push(BigInt(random.between(1, 6)), BigInt(random.below(Number(count) + 1)));
    if (hasEnded && random.chance(40)) limits.push(random.pick(HUGE));
    runs.push(...limits.map((gasLimit) => ({ gasLimit, input })));
  }
  if (mayRunFree && random.chance(6)) {
    const config = { ...program.config, enable_instruction_meter: false };
    return { ...program, config, runs: inputs.map((input) => ({ gasLimit: 0n, input })) };
  }
  // Once more as at first, after all the others have left their traces.
  return { ...program, runs: [...runs, runs[0]!] };
}
