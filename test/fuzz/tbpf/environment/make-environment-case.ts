import { tbpfVersions } from '../../../../adapters/tbpf/src/isa/version.ts';
import { Random } from '../../random.ts';
import { type Profile, profiles } from '../profile.ts';
import type { Scope } from '../scope.ts';
import type { TextProgram } from '../shrink-text.ts';
import { writeStructured } from '../structured.ts';
import { TextBuilder } from '../text-builder.ts';
import { writeUnstructured } from '../unstructured.ts';
import type { EnvironmentCase, EnvironmentKind, FuzzCall } from './environment-case.ts';
import { contractAddress, Scene } from './scene.ts';
import { CALL_BLOCK_BYTES, RECORD_AT, tosCallWriter } from './tos-calls.ts';

const INPUT_BASE = 0x4_0000_0000n;

/** Where the text of a V0–V2 file lies, behind the file's header. */
const TEXT_OFFSET = 64;

/** The environment case of an index: random contracts, and transactions at limits around what the one before has taken. */
export function makeEnvironmentCase(
  seed: number,
  index: number,
  only: EnvironmentKind | undefined,
): EnvironmentCase {
  const random = new Random(seed, index);
  const kind = only ?? random.pick(['environment', 'nested'] as const);
  const count = kind === 'environment' ? 1 : random.between(1, 3);
  const options = {
    heapBytes: random.pick([0, 64, 1024, 32_768, 32_768]),
    maxFrames: random.pick([1, 5, 64, 64, 64, 200]),
  };
  const blocks = kind === 'environment' ? random.below(2) : random.between(1, 3);
  const inputLength = blocks * CALL_BLOCK_BYTES + random.pick([0, 8, 64]);
  const contracts = Array.from({ length: count }, () => writeContract(random, kind, inputLength, options));
  const inputs = [0, 1].map(() => callInput(random, inputLength, blocks, count));
  const base = { id: `fuzz-${seed}-${index}`, kind, contracts, options };
  return { ...base, calls: planCalls(random, base, inputs) };
}

function writeContract(
  random: Random,
  kind: EnvironmentKind,
  inputLength: number,
  { heapBytes, maxFrames }: EnvironmentCase['options'],
): TextProgram {
  const version = random.pick(tbpfVersions);
  const isStructured = random.chance(80);
  const { pieces } = isStructured ? profiles.syscalls : profiles.unstructured;
  const profile: Profile = {
    shape: 'structured',
    pieces: { ...pieces, syscall: 18, callx: random.chance(20) ? 3 : 0 },
    badPointers: 1.5,
    badCallx: 10,
  };
  const builder = new TextBuilder(version, TEXT_OFFSET);
  const scope: Scope = {
    random,
    builder,
    profile,
    surroundings: {
      inputLength,
      heapLength: heapBytes,
      frameSize: 4096,
      frames: maxFrames,
      gapped: version === 0,
    },
    functions: Array.from({ length: random.between(1, 3) }, () => builder.label()),
    end: builder.label(),
    kept: new Set(),
    writeSyscall: tosCallWriter(kind === 'nested' ? 18 : 1),
    // Early, since many a program does not get far.
    writeFirst: kind === 'nested' && random.chance(60) ? tosCallWriter(100) : undefined,
  };
  if (isStructured) writeStructured(scope);
  else writeUnstructured(scope);
  builder.place(scope.end);
  return { version, ...builder.finish() };
}

/** Blocks that name contracts and how to call them, mostly with this same input; then random bytes. */
function callInput(random: Random, length: number, blocks: number, contracts: number): Uint8Array {
  const input = random.bytes(length);
  const view = new DataView(input.buffer);
  for (let block = 0; block < blocks; block++) {
    const at = block * CALL_BLOCK_BYTES;
    input.set(contractAddress(random.chance(97) ? random.below(contracts) : 50), at);
    const record = at + RECORD_AT;
    const offset = random.chance(70) ? 0 : random.below(length);
    view.setUint16(record, random.chance(97) ? 0 : 1, true);
    view.setUint16(record + 2, random.chance(90) ? 0 : random.below(3), true);
    view.setBigUint64(record + 8, BigInt(random.pick([0, 0, 0, 500, 5000, 30_000, 400_000])), true);
    view.setBigUint64(record + 16, INPUT_BASE + BigInt(offset), true);
    view.setBigUint64(record + 24, BigInt(random.chance(95) ? length - offset : length + 1), true);
    view.setBigUint64(record + 32, BigInt(random.chance(85) ? 0 : random.below(600)), true);
  }
  return input;
}

/** Each second transaction repeats the one before it at a limit near what that has used. */
function planCalls(
  random: Random,
  base: Omit<EnvironmentCase, 'calls'>,
  inputs: readonly Uint8Array[],
): readonly FuzzCall[] {
  const scene = new Scene(base, 'reference');
  const calls: FuzzCall[] = [];
  let used = 0n;
  for (let left = random.between(4, 9); left > 0; left--) {
    const last = calls.at(-1);
    const call: FuzzCall =
      last !== undefined && random.chance(50)
        ? {
            ...last,
            gasLimit: random.chance(70)
              ? atLeastOne(used + BigInt(random.between(-1, 1)))
              : someBelow(random, used),
          }
        : {
            contract: random.below(base.contracts.length),
            input: random.pick(inputs),
            gasLimit: BigInt(random.pick([3000, 8000, 20_000, 60_000])),
            isStatic: random.chance(6),
            value: random.chance(10) ? BigInt(random.below(100)) : 0n,
          };
    calls.push(call);
    const { gas } = scene.call(call);
    used = (gas as { readonly charged: bigint } | undefined)?.charged ?? 0n;
  }
  return calls;
}

function someBelow(random: Random, used: bigint): bigint {
  return BigInt(random.below(Number(used) + 1));
}

function atLeastOne(units: bigint): bigint {
  return units < 1n ? 1n : units;
}
