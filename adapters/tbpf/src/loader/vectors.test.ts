import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { assemble } from '../assembler/assemble.ts';
import { defaultTbpfConfig, tbpfConfigFromNative } from '../config.ts';
import { disassemble } from '../disassembler/disassemble.ts';
import type { TbpfVersion } from '../isa/version.ts';
import { verify } from '../verifier/verify.ts';
import { containerReader as elfyReader } from './elf/elfy-reader.ts';
import { containerReader as portableReader } from './elf/portable-reader.ts';
import { loadElf } from './load.ts';
import { loadRawText } from './raw-text.ts';
import { syscallKeysOf } from './syscall-keys.ts';

interface Vector {
  id: string;
  version: string | null;
  codeKind: 'elf' | 'text';
  code: string;
  functions?: [number, number][];
  syscalls?: string[];
  config?: Record<string, unknown>;
  expect: { status: string; stage?: string; error?: string; errorDetail?: string };
}

const directory = new URL('../../../../fixtures/vectors/tbpf/', import.meta.url);
const files = readdirSync(directory).filter((name) => name.endsWith('.jsonl.gz'));

function readVectors(file: string): Vector[] {
  const lines = gunzipSync(readFileSync(new URL(file, directory)))
    .toString('utf8')
    .split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Vector);
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

/** Loads and verifies; the outcome in the terms of a vector's `expect`. */
function outcomeOf(vector: Vector, reader = portableReader) {
  const syscalls = syscallKeysOf(vector.syscalls ?? []);
  const config = tbpfConfigFromNative(vector.config ?? {});
  const code = bytesOf(vector.code);
  const loaded =
    vector.codeKind === 'elf'
      ? loadElf(code, syscalls, config, reader)
      : loadRawText(
          code,
          Number(vector.version?.slice(1)) as TbpfVersion,
          syscalls,
          config,
          vector.functions,
        );
  const error = loaded.ok
    ? verify(loaded.executable.text, loaded.executable.version, syscalls)
    : loaded.error;
  return error && { stage: error.stage, error: error.name, errorDetail: error.detail };
}

test('all vectors are here', () => {
  const vectors = files.flatMap(readVectors);
  expect(vectors).toHaveLength(7047);
  expect(vectors.filter((vector) => vector.expect.status === 'reject')).toHaveLength(1260);
});

test.each(files)('%s: rejects load or verify with the native error, the rest are accepted', (file) => {
  for (const vector of readVectors(file)) {
    const { status, stage, error, errorDetail = error } = vector.expect;
    const expected = status === 'reject' ? { stage, error, errorDetail } : undefined;
    expect(outcomeOf(vector), vector.id).toEqual(expected);
    if (vector.codeKind === 'elf') expect(outcomeOf(vector, elfyReader), vector.id).toEqual(expected);
  }
});

test.each(files)('%s: every program survives disassembling and assembling', (file) => {
  for (const vector of readVectors(file)) {
    const syscalls = syscallKeysOf(vector.syscalls ?? []);
    const config = tbpfConfigFromNative(vector.config ?? {});
    const code = bytesOf(vector.code);
    const version = Number(vector.version?.slice(1)) as TbpfVersion;
    const loaded =
      vector.codeKind === 'elf'
        ? loadElf(code, syscalls, config)
        : loadRawText(code, version, syscalls, config, vector.functions);
    if (!loaded.ok || loaded.executable.text.length % 8 !== 0) continue;
    const { executable } = loaded;
    const source = disassemble(executable, { roundTrip: true, syscalls });
    const again = assemble(source, {
      config: { ...defaultTbpfConfig, enabledVersions: [0, executable.version] },
    });
    if (!again.ok) throw new Error(`${vector.id}: ${again.message}`);
    expect(Buffer.compare(again.text, executable.text), vector.id).toBe(0);
    expect(again.entryPc, vector.id).toBe(executable.entryPc);
  }
});

const elfVectors = files.flatMap(readVectors).filter((vector) => vector.codeKind === 'elf');

/** A small generator of repeatable numbers (xorshift32). */
function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

const interestingBytes = [0x00, 0x01, 0x03, 0x07, 0x08, 0x10, 0x40, 0x7f, 0x80, 0xff];

/** Changes a file in a few places, mostly in its headers, and sometimes its length. */
function mutate(original: Uint8Array, random: (limit: number) => number): Uint8Array {
  let bytes = original.slice();
  const view = new DataView(bytes.buffer);
  const sectionTable = Number(view.getBigUint64(40, true) % BigInt(bytes.length));
  for (let change = random(4); change >= 0; change--) {
    const area = random(4);
    const at =
      area === 0
        ? random(64)
        : area === 1
          ? 64 + random(300)
          : area === 2
            ? sectionTable + random(700)
            : random(bytes.length);
    if (at >= bytes.length) continue;
    bytes[at] = random(2) === 0 ? random(256) : interestingBytes[random(interestingBytes.length)]!;
  }
  if (random(12) === 0) bytes = bytes.slice(0, random(bytes.length + 1));
  return bytes;
}

test('mutated files never throw, load the same with both readers, and read the same', () => {
  const seed = 0x5eed1234;
  const random = createRandom(seed);
  const syscalls = syscallKeysOf(['burn', 'fail', 'log', 'fill', 'gather_bytes']);
  const originals = elfVectors.map((vector) => bytesOf(vector.code)).filter((bytes) => bytes.length >= 64);
  const configs = [
    tbpfConfigFromNative({}),
    tbpfConfigFromNative({ reject_broken_elfs: true, enable_symbol_and_section_labels: true }),
    tbpfConfigFromNative({ optimize_rodata: false }),
  ];
  const outcomes = new Map<string, number>();
  for (let round = 0; round < 2_500; round++) {
    const bytes = mutate(originals[random(originals.length)]!, random);
    const before = bytes.slice();
    const config = configs[random(configs.length)]!;
    const portable = loadElf(bytes, syscalls, config, portableReader);
    const viaElfy = loadElf(bytes, syscalls, config, elfyReader);
    const hint = `seed ${seed}, round ${round}`;
    expect(viaElfy.ok, hint).toBe(portable.ok);
    expect(elfyReader.read(bytes), hint).toEqual(portableReader.read(bytes));
    if (portable.ok && viaElfy.ok) {
      expect(viaElfy.executable.text, hint).toEqual(portable.executable.text);
      expect(viaElfy.executable.readOnly, hint).toEqual(portable.executable.readOnly);
      expect(portable.executable.readOnly.bytes.length, hint).toBeLessThanOrEqual(bytes.length);
      verify(portable.executable.text, portable.executable.version, syscalls);
    } else if (!portable.ok && !viaElfy.ok) {
      expect(viaElfy.error, hint).toEqual(portable.error);
      outcomes.set(portable.error.name, (outcomes.get(portable.error.name) ?? 0) + 1);
    }
    expect(Buffer.compare(bytes, before), hint).toBe(0);
  }
  // The mutations reach deep: not only the header checks answer.
  expect(outcomes.size).toBeGreaterThan(10);
});

test('both readers agree on every ELF vector', () => {
  for (const vector of elfVectors) {
    const bytes = bytesOf(vector.code);
    expect(elfyReader.read(bytes), vector.id).toEqual(portableReader.read(bytes));
  }
});
