import {
  bytesToHex,
  codeHash,
  createContext,
  createEngineServices,
  type ExecutionResult,
  VmEventBus,
} from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { TbpfEngine } from '../engine.ts';
import { assembled, emptyState } from '../run-assembly.fixture.ts';

/** Runs 4 · n + 2 instructions and gives 0. */
function loopOf(rounds: number): Uint8Array {
  return assembled(
    `mov64 r2, ${rounds}\nagain:\nadd64 r0, r2\nxor64 r0, r2\nadd64 r2, -1\njne r2, 0, again\nmov64 r0, 0\nexit`,
  );
}

function runnerOf(
  tier: string,
): (code: Uint8Array, gasLimit?: bigint, callDepth?: number) => ExecutionResult {
  const engine = new TbpfEngine({ tier }, createEngineServices());
  const state = emptyState();
  return (code, gasLimit = 1_000_000n, callDepth = 0) =>
    engine.execute(code, createContext({ gasLimit, callDepth }), state);
}

describe('auto', () => {
  test('interprets a contract until it has executed two million instructions, then compiles it here without workers', () => {
    const run = runnerOf('auto');
    const code = loopOf(50_000);
    const results = Array.from({ length: 12 }, () => run(code));
    expect(results.map(({ stats }) => stats.tier)).toEqual([
      ...new Array<string>(10).fill('interpreter'),
      'compiled',
      'compiled',
    ]);
    expect(new Set(results.map(({ gasUsed }) => gasUsed))).toEqual(new Set([200_003n]));
  });

  test('tells what the call that compiled has waited, once', () => {
    const run = runnerOf('auto');
    const code = loopOf(60_000);
    const waited = Array.from({ length: 12 }, () => run(code).stats.compileMs);
    expect(waited.filter((ms) => ms > 0)).toHaveLength(1);
  });

  test('tells who listens once that there is compiled code', () => {
    const engine = new TbpfEngine({ tier: 'auto' }, createEngineServices());
    const events = new VmEventBus();
    const told: string[] = [];
    events.on('compile', (name, hash) => told.push(`${name} ${hash}`));
    const code = loopOf(70_000);
    const state = emptyState();
    for (let call = 0; call < 12; call++) {
      engine.execute(code, createContext({ gasLimit: 1_000_000n, events }), state);
    }
    expect(told).toEqual([`tbpf ${bytesToHex(codeHash(code))}`]);
  });

  test('never compiles what is called seldom', () => {
    const run = runnerOf('auto');
    const code = loopOf(10);
    const tiers = new Set(Array.from({ length: 50 }, () => run(code).stats.tier));
    expect(tiers).toEqual(new Set(['interpreter']));
  });
});

describe('compiled', () => {
  test('compiles before the first call', () => {
    expect(runnerOf('compiled')(loopOf(3)).stats.tier).toBe('compiled');
  });

  test('runs contract calls nested deeper than seven in tier 0, whose frames do not take the stack of the host', () => {
    const run = runnerOf('compiled');
    const code = loopOf(3);
    const tiers = [0, 7, 8, 63].map((depth) => run(code, 1000n, depth).stats.tier);
    expect(tiers).toEqual(['compiled', 'compiled', 'interpreter', 'interpreter']);
  });

  test('ends at the end of the budget as the other tiers do', () => {
    const code = loopOf(1000);
    for (const limit of [0n, 1n, 2n, 17n, 4001n, 4002n, 4003n, 4004n]) {
      const [first, ...others] = ['reference', 'interpreter', 'compiled'].map((tier) => {
        const { stats, error, ...rest } = runnerOf(tier)(code, limit);
        return { ...rest, error: error?.toString(), instructions: stats.instructions };
      });
      for (const other of others) expect(other, `limit ${limit}`).toEqual(first);
    }
  });
});
