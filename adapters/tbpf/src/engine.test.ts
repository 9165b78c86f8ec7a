import { readFileSync } from 'node:fs';
import {
  createContext,
  createEngineServices,
  type EntryPoint,
  JournaledState,
  MemoryBackend,
  type PartialContext,
} from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { TbpfEngine } from './engine.ts';

const contracts = new URL('../../../fixtures/contracts/', import.meta.url);
const load = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`${name}/${name}.so`, contracts)));
const entry = (id: number): EntryPoint => ({ kind: 'entry', id });
const u64 = (value: bigint): Uint8Array => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
};

function setUp(name: string) {
  const engine = new TbpfEngine({}, createEngineServices());
  const state = new JournaledState(new MemoryBackend());
  const code = load(name);
  const contract = new Uint8Array(32).fill(7);
  const run = (context: PartialContext) =>
    engine.execute(code, createContext({ contract, ...context }), state);
  return { engine, state, code, contract, run };
}

describe('TbpfEngine with real contracts', () => {
  test('runs hello_world and keeps its log', () => {
    const { run } = setUp('hello_world');
    const result = run({});
    expect(result).toMatchObject({ status: 'success', exitCode: 0n, error: null });
    expect(result.logs.map((entry) => entry.message)).toEqual(['Hello, world!', "The block's height is 0."]);
  });

  test('keeps a counter in storage over three calls', () => {
    const { run } = setUp('counter');
    expect(run({ entry: { kind: 'hook', id: 0 }, input: u64(40n) }).status).toBe('success');
    expect(run({ entry: entry(0) }).returnData).toEqual(u64(41n));
    expect(run({ entry: entry(0), input: u64(2n) }).returnData).toEqual(u64(43n));
    const read = run({ entry: entry(1) });
    expect(read.returnData).toEqual(u64(43n));
    expect(read.stateChanges).toEqual([]);
  });

  test('reports an exit code other than 0 as reverted', () => {
    const { run } = setUp('counter');
    const result = run({ entry: entry(1), input: u64(1n) });
    expect(result).toMatchObject({ status: 'reverted', exitCode: 1n });
    expect(result.error?.code).toBe('REVERTED');
  });

  test('lists the entries when one is missing', () => {
    const { run } = setUp('counter');
    const result = run({ entry: entry(9) });
    expect(result.error?.code).toBe('ENTRY_NOT_FOUND');
    expect(result.error?.message).toBe(
      'the contract has no entry_9; it has entrypoint, entry_0, entry_1, hook_0.',
    );
  });

  test('estimates the exact minimum: it succeeds there and is out of gas with one less', () => {
    const { engine, code, contract, state, run } = setUp('counter');
    const context = createContext({ contract, entry: entry(0), gasLimit: 1_000_000n });
    const estimate = engine.estimateGas(code, context, state);
    expect(estimate).toMatchObject({ method: 'exact', margin: 0n, runs: 2 });
    expect(run({ entry: entry(0), gasLimit: estimate.gasLimit }).status).toBe('success');
    const short = setUp('counter').run({ entry: entry(0), gasLimit: estimate.gasLimit - 1n });
    expect(short.error?.code).toBe('OUT_OF_GAS');
  });
});
