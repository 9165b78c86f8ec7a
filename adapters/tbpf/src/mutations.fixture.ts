import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  createContext,
  createEngineServices,
  hexToBytes,
  JournaledState,
  MemoryBackend,
} from '@switchyard/core';
import { defaultTbpfConfig, type TbpfConfig } from './config.ts';
import { TbpfEngine } from './engine.ts';
import { run } from './interpreter/interpreter.ts';
import { predecode } from './interpreter/program.ts';
import { createMachine } from './interpreter/reference-machine.ts';
import { loadElf } from './loader/load.ts';
import { tosSyscallTable } from './syscalls/index.ts';
import { TosHost } from './syscalls/tos-host.ts';
import { TbpfTools } from './tools.ts';
import { verify } from './verifier/verify.ts';

const fixtures = new URL('../../../fixtures/', import.meta.url);

/** All ELF files there are: the built contracts, and the files of the vectors. */
export function elfFixtures(): readonly Uint8Array[] {
  const contracts = new URL('contracts/', fixtures);
  const built = readdirSync(contracts, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.so'))
    .sort()
    .map((name) => new Uint8Array(readFileSync(new URL(name, contracts))));
  const lines = gunzipSync(readFileSync(new URL('vectors/tbpf/elf.jsonl.gz', fixtures)))
    .toString('utf8')
    .trim()
    .split('\n');
  return [...built, ...lines.map((line) => hexToBytes((JSON.parse(line) as { code: string }).code)!)];
}

/** A small seeded generator (mulberry32) of integers below a bound. */
export type Random = (below: number) => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * below) | 0;
  };
}

const words = [
  0n,
  1n,
  7n,
  8n,
  63n,
  64n,
  0x7fff_ffffn,
  0xffff_ffffn,
  1n << 32n,
  2n << 32n,
  (1n << 63n) - 1n,
  1n << 63n,
  (1n << 64n) - 1n,
];
const bytes = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 16, 0x05, 0x07, 0x18, 0x7f, 0x80, 0x85, 0x8d, 0x95, 0xf7, 0xff,
];

/** A copy of a file, changed in one to four places; half of the places lie in the header or in the last quarter, where the tables are. */
export function mutated(file: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let copy: Uint8Array = file.slice();
  // Half of the cases change one place only: they get further.
  const count = random(2) === 0 ? 1 : 2 + random(3);
  for (let index = 0; index < count; index++) copy = mutatedOnce(copy, other, random);
  return copy;
}

function mutatedOnce(file: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  if (file.length === 0) return other.slice();
  const at = position(file.length, random);
  switch (random(9)) {
    case 0:
      file[at] = file[at]! ^ (1 << random(8));
      return file;
    case 1:
      file[at] = random(256);
      return file;
    case 2:
      file[at] = bytes[random(bytes.length)]!;
      return file;
    case 3:
    case 4:
      return writeWord(file, at & ~7, words[random(words.length)]!, 8);
    case 5:
      return writeWord(file, at & ~3, BigInt(random(file.length + 16)), random(2) === 0 ? 4 : 8);
    case 6: {
      const from = random(other.length);
      file.set(other.subarray(from, Math.min(from + 1 + random(64), from + file.length - at)), at);
      return file;
    }
    case 7:
      return file.slice(0, at);
    default: {
      const size = 8 * (1 + random(4));
      const grown = new Uint8Array(file.length + size);
      grown.set(file.subarray(0, at));
      grown.set(file.subarray(at), at + size);
      return grown;
    }
  }
}

function position(length: number, random: Random): number {
  const place = random(4);
  if (place === 0) return random(Math.min(64, length));
  return place === 1 ? length - 1 - random(Math.max(1, length >> 2)) : random(Math.max(1, length));
}

function writeWord(file: Uint8Array, at: number, value: bigint, width: number): Uint8Array {
  for (let index = 0; index < width && at + index < file.length; index++) {
    file[at + index] = Number((value >> BigInt(8 * index)) & 0xffn);
  }
  return file;
}

const GAS = 2000n;
/** How many of the files are built contracts. */
const BUILT = 4;
const tools = new TbpfTools();
const configs: readonly TbpfConfig[] = [
  defaultTbpfConfig,
  { ...defaultTbpfConfig, rejectBrokenElfs: true },
  { ...defaultTbpfConfig, optimizeRodata: false, enableSymbolAndSectionLabels: true },
  { ...defaultTbpfConfig, alignedMemoryMapping: false, enableStackFrameGaps: false, maxCallDepth: 2 },
];

/** What became of the cases, to show that they reach every stage. */
export interface MutationCounts {
  refused: number;
  unverified: number;
  faulted: number;
  done: number;
}

/**
 * Sends `count` mutated files through loader, verifier and machine, through the engine and through the tools.
 * @throws Error naming seed and case when an exception escapes or a case takes longer than `caseMs`; the file is saved.
 */
export function runMutations(seed: number, count: number, caseMs: number): MutationCounts {
  const files = elfFixtures();
  const engine = new TbpfEngine({}, createEngineServices());
  const counts: MutationCounts = { refused: 0, unverified: 0, faulted: 0, done: 0 };
  for (let index = 0; index < count; index++) {
    const random = seeded(Math.imul(seed, 0x9e3779b1) + index);
    // The built contracts come first; they are the larger files, so they get more than their share.
    const file = files[random(3) === 0 ? random(BUILT) : index % files.length]!;
    const code = mutated(file, files[random(files.length)]!, random);
    const started = performance.now();
    let problem: unknown;
    try {
      runBare(code, configs[random(4)]!, counts);
      runOnEngine(engine, code);
      runTools(code, random(8) === 0);
      const took = performance.now() - started;
      if (took > caseMs) problem = new Error(`took ${Math.round(took)} ms`);
    } catch (thrown) {
      problem = thrown;
    }
    if (problem !== undefined) {
      const saved = join(tmpdir(), `switchyard-mutation-${seed}-${index}.so`);
      writeFileSync(saved, code);
      throw new Error(`seed ${seed}, case ${index}, saved as ${saved}: ${String(problem)}`, {
        cause: problem,
      });
    }
  }
  return counts;
}

function runBare(code: Uint8Array, config: TbpfConfig, counts: MutationCounts): void {
  const loaded = loadElf(code, tosSyscallTable, config);
  if (!loaded.ok) {
    counts.refused++;
    return;
  }
  const { executable } = loaded;
  if (verify(executable.text, executable.version, tosSyscallTable) !== undefined) {
    counts.unverified++;
    return;
  }
  const machine = createMachine({
    program: predecode(executable, tosSyscallTable),
    entryPc: executable.entryPc,
    gasLimit: GAS,
    input: new Uint8Array(64),
    heapSize: 1024,
    host: new TosHost(createContext(), new JournaledState(new MemoryBackend())),
  });
  if (!('memory' in machine)) {
    counts.refused++;
    return;
  }
  machine.setRegister(1, 0x4_0000_0000n);
  run(machine);
  if (machine.meter.used > GAS) throw new Error(`used ${machine.meter.used} of ${GAS} gas`);
  if (machine.fault === undefined) counts.done++;
  else counts.faulted++;
}

function runOnEngine(engine: TbpfEngine, code: Uint8Array): void {
  const report = engine.validateCode(code);
  const result = engine.execute(
    code,
    createContext({ gasLimit: GAS, input: new Uint8Array(40) }),
    new JournaledState(new MemoryBackend()),
  );
  if (result.error?.code === 'INTERNAL') throw result.error;
  if (!report.valid && result.error?.code !== report.error?.code) {
    throw new Error(`validateCode says ${report.error?.code}, execute ${result.error?.code}`);
  }
}

function runTools(code: Uint8Array, disassembles: boolean): void {
  const report = tools.inspect(code);
  if (report.instructions > 0 && disassembles) tools.disassemble(code, 'elf');
}
