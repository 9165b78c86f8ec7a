import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, createEngineServices, hexToBytes, type JsonValue, VmError } from '@switchyard/core';
import { expect, test } from 'vitest';
import { assembleBench, decodeBench, meterConfig } from '../bench/bare-runner.ts';
import { contractSource } from '../bench/contract-source.ts';
import { loadContract } from '../contract.ts';
import type { Program } from '../interpreter/program.ts';
import { machineConfigOf, parseTbpfOptions } from '../options.ts';
import { syscallTableOf } from '../syscalls/index.ts';
import { prepareVector } from '../vectors/run-vector.ts';
import { compileProgram, TRANSLATOR_VERSION } from './compile.ts';
import { compilerInputOf } from './input.ts';

const fixtures = new URL('../../../../fixtures/', import.meta.url);
const HEAP_BYTES = 32_768;

function contract(name: string): Program {
  const code = new Uint8Array(readFileSync(new URL(`contracts/${name}/${name}.so`, fixtures)));
  const config = machineConfigOf(parseTbpfOptions());
  const loaded = loadContract(code, config, syscallTableOf(createEngineServices()), HEAP_BYTES);
  if (loaded instanceof VmError) throw loaded;
  return loaded.program;
}

/** The first random programs of the reference's vectors: all versions, all instructions. */
function* vectors(count: number): IterableIterator<Program> {
  const file = readFileSync(new URL('vectors/tbpf/random.jsonl.gz', fixtures));
  for (const line of gunzipSync(file).toString('utf8').split('\n').slice(0, count)) {
    const fields = JSON.parse(line) as Record<string, JsonValue>;
    const prepared = prepareVector({
      id: fields['id'] as string,
      engine: 'tbpf',
      code: hexToBytes(fields['code'] as string)!,
      codeKind: fields['codeKind'] as string,
      gasLimit: 0n,
      fields,
      expect: {},
    });
    if (!('stage' in prepared)) yield prepared.program;
  }
}

function* samples(): IterableIterator<Program> {
  yield contract('counter');
  yield contract('token');
  for (const meter of ['on', 'off'] as const) {
    const text = assembleBench(contractSource({ functions: 12, called: 4, rounds: 1 }), 0);
    yield decodeBench(text, meterConfig(meter));
  }
  yield* vectors(400);
}

test('emitted code changes together with TRANSLATOR_VERSION: caches on disk hold what older releases emitted', () => {
  const hash = sha256.create();
  for (const program of samples()) {
    const compiled = compileProgram(compilerInputOf(program, HEAP_BYTES, [program.executable.entryPc]));
    if (compiled !== undefined) hash.update(compiled.bytes);
  }
  // Where this differs, raise TRANSLATOR_VERSION, and write both down here.
  expect([TRANSLATOR_VERSION, bytesToHex(hash.digest())]).toEqual([
    2,
    'e1f5a21fe6f9332849d0fced45886ccc4d5d70cfc6842ff30a3b49433d9dac2e',
  ]);
}, 60_000);
