import { readFileSync } from 'node:fs';
import {
  createContext,
  createEngineServices,
  type EntryPoint,
  JournaledState,
  MemoryBackend,
  NATIVE_ASSET,
} from '@switchyard/core';
import { TbpfEngine, TbpfTools } from '@switchyard/tbpf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const engine = new TbpfEngine({}, createEngineServices());
const tools = new TbpfTools();
const contract = new Uint8Array(32).fill(7);

function newState(): JournaledState {
  const state = new JournaledState(new MemoryBackend());
  state.adjustBalance(contract, NATIVE_ASSET, 1000n);
  return state;
}

/** Estimates, then runs at the estimate and at one less. */
function estimated(
  code: Uint8Array,
  entry: EntryPoint,
  input: Uint8Array,
  prepare: (state: JournaledState) => void,
) {
  const context = createContext({ contract, entry, input, gasLimit: 1_000_000n });
  const stateNow = () => {
    const state = newState();
    prepare(state);
    return state;
  };
  const state = stateNow();
  const before = state.checkpoint();
  const estimate = engine.estimateGas(code, context, state);
  expect(state.touchedSince(before)).toBe(false);
  const at = (gasLimit: bigint) => engine.execute(code, { ...context, gasLimit }, stateNow());
  return { estimate, enough: at(estimate.gasLimit), short: at(estimate.gasLimit - 1n) };
}

function expectExact(...args: Parameters<typeof estimated>): void {
  const { estimate, enough, short } = estimated(...args);
  expect(estimate).toMatchObject({ method: 'exact', margin: 0n, refund: 0n });
  expect(enough).toMatchObject({ status: 'success', gasUsed: estimate.gasUsed });
  expect(short).toMatchObject({ status: 'failed', error: { code: 'OUT_OF_GAS' } });
}

/** Pieces of a program that end by themselves and leave r1 = input, r6 and r7 free; `@` is a number of the piece's own. */
const pieces = [
  'mov64 r6, 5',
  'lddw r7, 0x1234567890',
  'add64 r6, r7',
  'mov64 r8, 9\nloop@:\nadd64 r8, -1\njne r8, 0, loop@',
  'jeq r6, 5, skip@\nadd64 r6, 1\nadd64 r6, 1\nskip@:',
  'jset r7, 1, skip@\nmul64 r7, 3\nskip@:',
  'call function_helper',
  'lddw r1, 0x400000000\nmov64 r2, 8\nsyscall tos_log',
  'lddw r1, 0x400000000\nmov64 r2, 4\nmov64 r3, r1\nmov64 r4, 16\nsyscall tos_storage_write',
  'lddw r1, 0x400000000\nmov64 r2, 4\nlddw r3, 0x300000000\nmov64 r4, 100\nsyscall tos_storage_read\nmov64 r6, r0',
  'lddw r1, 0x400000000\nmov64 r2, 4\nsyscall tos_storage_delete\nmov64 r6, r0',
  'lddw r1, 0x400000000\nmov64 r2, 1\nsyscall tos_transfer',
  'mov64 r1, 3\nmov64 r2, 0\nmov64 r3, 0\nsyscall tos_fire_event',
  'lddw r1, 0x300000000\nmov64 r2, 32\nsyscall tos_random\nldxb r6, [r1+0]',
  'lddw r1, 0x300000000\nmov64 r2, 7\nmov64 r3, 3000\nsyscall tos_memset',
  'lddw r1, 0x400000000\nmov64 r2, 0\nlddw r3, 0x300000100\nsyscall tos_sha256',
  'syscall tos_get_block_height\nadd64 r6, r0',
];

const program = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 12 });

describe('estimateGas', () => {
  test.each(['v0', 'v2', 'v3'])(
    'is the exact minimum for any program that does not look at its gas (%s)',
    (version) => {
      fc.assert(
        fc.property(program, fc.uint8Array({ minLength: 64, maxLength: 64 }), (parts, input) => {
          const usable = version === 'v2' ? parts.filter((part) => !/lddw|mul64/.test(part)) : parts;
          const body = usable.map((part, index) => part.replaceAll('@', `${index}`)).join('\n');
          const source = `entrypoint: add64 r10, 0\n${body}\nmov64 r0, 0\nexit\nfunction_helper: add64 r10, 0\nadd64 r6, 1\nexit`;
          input.set([0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68]);
          expectExact(tools.assemble(source, { version }), { kind: 'default' }, input, () => undefined);
        }),
        { numRuns: 150 },
      );
    },
  );

  const built = (name: string) =>
    new Uint8Array(readFileSync(new URL(`../../fixtures/contracts/${name}/${name}.so`, import.meta.url)));
  const u64 = (value: bigint) => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, true);
    return bytes;
  };
  const entry = (id: number): EntryPoint => ({ kind: 'entry', id });
  const deploy = (name: string) => (state: JournaledState) => {
    const context = createContext({ contract, entry: { kind: 'hook', id: 0 } });
    expect(engine.execute(built(name), context, state).status).toBe('success');
  };

  test.each<[string, EntryPoint, Uint8Array]>([
    ['hello_world', { kind: 'default' }, new Uint8Array(0)],
    ['counter', { kind: 'hook', id: 0 }, u64(7n)],
    ['counter', entry(0), u64(3n)],
    ['counter', entry(1), new Uint8Array(0)],
    ['token', { kind: 'hook', id: 0 }, new Uint8Array(0)],
    ['faulty', entry(2), u64(20n)],
    ['faulty', entry(4), u64(3n)],
  ])('is the exact minimum for %s, entry %o', (name, entryPoint, input) => {
    expectExact(built(name), entryPoint, input, () => undefined);
  });

  test.each<[number, Uint8Array]>([
    [0, Uint8Array.of(...new Uint8Array(32).fill(5), ...u64(10n))],
    [1, new Uint8Array(32)],
    [2, Uint8Array.of(...new Uint8Array(32).fill(5), ...u64(10n))],
    [3, new Uint8Array(0)],
    [4, new Uint8Array(0)],
  ])('is the exact minimum for the deployed token, entry_%i', (id, input) => {
    expectExact(built('token'), entry(id), input, deploy('token'));
  });

  test('of a contract that looks at its gas is a search, and works', () => {
    // Refuses to go on with less than 1,000 gas left: succeeds from 1,016 on.
    const source =
      'entrypoint: add64 r10, 0\nsyscall tos_get_gas_left\njlt r0, 1000, low\nmov64 r0, 0\nexit\nlow: mov64 r0, 1\nexit';
    const { estimate, enough, short } = estimated(
      tools.assemble(source),
      { kind: 'default' },
      new Uint8Array(0),
      () => undefined,
    );
    expect(estimate).toMatchObject({ method: 'search', gasLimit: 1012n, gasUsed: 15n });
    expect(enough.status).toBe('success');
    expect(short).toMatchObject({ status: 'reverted', exitCode: 1n });
  });

  test('of a call that fails at any gas says why', () => {
    const context = createContext({ contract, entry: entry(4) });
    expect(() => engine.estimateGas(built('faulty'), context, newState())).toThrow('division by zero');
    const endless = createContext({ contract, entry: entry(1), gasLimit: 5000n });
    expect(() => engine.estimateGas(built('faulty'), endless, newState())).toThrow(
      'needs more than 5000 gas',
    );
  });
});
