import {
  COMPILED_CODE_CACHE,
  type CompiledCodeCache,
  createEngineServices,
  type ExecutionResult,
  encodeUtf8,
  HostPorts,
  VmError,
} from '@switchyard/core';
import { I32, ModuleBuilder } from '@switchyard/wasm-builder';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { compileProgram } from '../compiler/compile.ts';
import { loadContract } from '../contract.ts';
import { TbpfEngine } from '../engine.ts';
import { SlotPool } from '../linear/slot-pool.ts';
import { webAssembly } from '../linear/web-assembly.ts';
import { machineConfigOf, parseTbpfOptions } from '../options.ts';
import { assembled, contextOf, emptyState } from '../run-assembly.fixture.ts';
import { syscallTableOf } from '../syscalls/index.ts';

// The real compiler, counted.
vi.mock('../compiler/compile.ts', async (importActual) => {
  const actual = await importActual<typeof import('../compiler/compile.ts')>();
  return { ...actual, compileProgram: vi.fn(actual.compileProgram) };
});

class MemoryCache implements CompiledCodeCache {
  readonly entries = new Map<string, Uint8Array>();
  gets = 0;

  get(key: string): Uint8Array | undefined {
    this.gets++;
    return this.entries.get(key)?.slice();
  }

  put(key: string, bytes: Uint8Array): void {
    this.entries.set(key, bytes.slice());
  }
}

/** Adds the numbers from 5000 down to 1, each by way of the stack. */
const source = `
  entrypoint:
  mov64 r6, 5000
  mov64 r0, 0
  loop:
  stxdw [r10-8], r6
  ldxdw r3, [r10-8]
  add64 r0, r3
  sub64 r6, 1
  jne r6, 0, loop
  exit`;
const code = assembled(source);
/** The engine's default. */
const HEAP_BYTES = 32_768;
const INSTRUCTIONS = 2 + 5000 * 5 + 1;

/** A host of its own, as a new process would be, with this cache. */
function engineWith(cache: CompiledCodeCache | undefined, options: object = {}): () => ExecutionResult {
  const ports = new HostPorts();
  if (cache !== undefined) ports.set(COMPILED_CODE_CACHE, cache);
  const engine = new TbpfEngine({ tier: 'compiled', ...options }, createEngineServices({ ports }));
  return () => engine.execute(code, contextOf({ gasLimit: 1_000_000n }), emptyState());
}

/** All but the tier. */
function outcomeOf({ stats, ...rest }: ExecutionResult) {
  return { ...rest, instructions: stats.instructions };
}

const wanted = outcomeOf(engineWith(undefined, { tier: 'reference' })());
let cache: MemoryCache;

beforeEach(() => {
  cache = new MemoryCache();
  vi.mocked(compileProgram).mockClear();
});

describe('compiled code that a host keeps', () => {
  test('is emitted once for all its processes, and gives the same results', () => {
    const first = engineWith(cache)();
    const second = engineWith(cache)();
    expect(vi.mocked(compileProgram)).toHaveBeenCalledTimes(1);
    expect(cache.entries.size).toBe(1);
    expect([first, second].map(({ stats }) => stats.tier)).toEqual(['compiled', 'compiled']);
    expect(outcomeOf(first)).toEqual(wanted);
    expect(outcomeOf(second)).toEqual(wanted);
  });

  test('is asked for once by a contract that runs again, and not at all without a cache', () => {
    const run = engineWith(cache);
    for (let i = 0; i < 3; i++) run();
    expect(cache.gets).toBe(1);
    expect(engineWith(undefined)().stats.tier).toBe('compiled');
  });

  test('is used by `auto` after 50,000 instructions in tier 0, long before compiling would pay', () => {
    engineWith(cache)();
    const run = engineWith(cache, { tier: 'auto' });
    const results = [1, 2, 3, 4].map(() => run());
    expect(wanted.gasUsed).toBe(BigInt(INSTRUCTIONS));
    expect(results.map(({ stats }) => stats.tier)).toEqual([
      'interpreter',
      'interpreter',
      'compiled',
      'compiled',
    ]);
    for (const result of results) expect(outcomeOf(result)).toEqual(wanted);
    expect(vi.mocked(compileProgram)).toHaveBeenCalledTimes(1);
  });

  test('is looked for by `auto` once when there is none', () => {
    const run = engineWith(cache, { tier: 'auto' });
    for (let i = 0; i < 5; i++) expect(run().stats.tier).toBe('interpreter');
    expect(cache.gets).toBe(1);
  });

  test('is not that of other options: they are in the key as far as they shape the code', () => {
    for (const options of [{}, { heapBytes: 4096 }, { maxFrames: 8 }, { maxCodeBytes: 100_000 }]) {
      expect(outcomeOf(engineWith(cache, options)())).toEqual(wanted);
    }
    expect(cache.entries.size).toBe(3);
    expect([...cache.entries.keys()][0]).toMatch(/^tbpf \d+ [0-9a-f]{64} [0-9a-f]{64}$/);
  });
});

describe('a program whose module was given up for room', () => {
  test('takes its kept code again', () => {
    engineWith(cache)();
    const config = machineConfigOf(parseTbpfOptions());
    const syscalls = syscallTableOf(createEngineServices());
    const contract = loadContract(code, config, syscalls, HEAP_BYTES, cache);
    if (contract instanceof VmError) throw contract;
    const { tiered, program } = contract;
    const slot = new SlotPool(webAssembly()).take(program, HEAP_BYTES, 0)!;
    for (let i = 0; i < 2; i++) {
      expect([tiered.state, tiered.mayBeKept]).toEqual(['cold', true]);
      tiered.takeKept(slot);
      expect([tiered.state, tiered.mayBeKept]).toEqual(['compiled', false]);
      tiered.drop();
    }
    expect(vi.mocked(compileProgram)).toHaveBeenCalledTimes(1);
  });
});

describe('kept bytes that are not what was put', () => {
  const withForeignImport = (() => {
    const module = new ModuleBuilder({ checked: true });
    module.importFunction('elsewhere', 'no such', module.addType([I32], []));
    return module.finish();
  })();
  const withoutEntry = new ModuleBuilder({ checked: true }).finish();

  test.each([
    ['bytes that are no module', encodeUtf8('no module')],
    ['nothing', new Uint8Array(0)],
    ['a module with an import that a slot lacks', withForeignImport],
  ])('are replaced: %s', (_, bytes) => {
    engineWith(cache)();
    const [[key, good]] = [...cache.entries] as [[string, Uint8Array]];
    cache.entries.set(key, bytes);
    const result = engineWith(cache)();
    expect(result.stats.tier).toBe('compiled');
    expect(outcomeOf(result)).toEqual(wanted);
    expect(vi.mocked(compileProgram)).toHaveBeenCalledTimes(2);
    expect(cache.entries.get(key)).toEqual(good);
  });

  test('run in tier 0 where a module lacks the entry', () => {
    engineWith(cache)();
    for (const key of cache.entries.keys()) cache.entries.set(key, withoutEntry);
    const result = engineWith(cache)();
    expect(result.stats.tier).toBe('interpreter');
    expect(outcomeOf(result)).toEqual(wanted);
  });
});
