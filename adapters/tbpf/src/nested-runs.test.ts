import {
  createContext,
  createEngineServices,
  ExecutionEnvironment,
  JournaledState,
  MemoryBackend,
  VmEventBus,
  VmFactory,
} from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { tbpfEngine } from './definition.ts';
import { TbpfEngine } from './engine.ts';
import { SlotPool } from './linear/slot-pool.ts';
import { webAssembly } from './linear/web-assembly.ts';
import { assembled, bytesOf, contextOf, emptyState } from './run-assembly.fixture.ts';

const tiers = ['reference', 'interpreter', 'compiled'] as const;
const [SENDER, SELF] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];

/**
 * Finds heap and stack empty, writes the number in the input to both, calls itself with one less until it is 0, and finds its own number
 * again. Exit codes: 0, or 1 when it finds anything else.
 */
const countdown = `
  entrypoint:
  exit
  entry_0:
  ldxdw r6, [r1+0]
  lddw r7, 0x300000000
  ldxdw r0, [r7+0]
  jne r0, 0, bad
  ldxdw r0, [r10-8]
  jne r0, 0, bad
  stxdw [r7+0], r6
  stxdw [r10-8], r6
  jeq r6, 0, good
  mov64 r3, r6
  sub64 r3, 1
  stxdw [r7+16], r3
  mov64 r4, r7
  add64 r4, 16
  stxdw [r7+80], r4
  stdw [r7+88], 8
  mov64 r1, r7
  add64 r1, 128
  syscall tos_get_contract_hash
  mov64 r1, r7
  add64 r1, 128
  mov64 r2, r7
  add64 r2, 64
  syscall tos_invoke_contract
  jne r0, 0, leave
  ldxdw r0, [r7+0]
  jne r0, r6, bad
  ldxdw r0, [r10-8]
  jne r0, r6, bad
  good:
  mov64 r0, 0
  leave:
  exit
  bad:
  mov64 r0, 1
  exit`;

function callCountdown(tier: (typeof tiers)[number], from: number, maxCallDepth = 64) {
  const state = new JournaledState(new MemoryBackend());
  state.setCode(SELF, assembled(countdown));
  state.flush();
  const environment = new ExecutionEnvironment({
    state,
    factory: new VmFactory([tbpfEngine], { engines: { tbpf: { enabled: true, options: { tier } } } }),
    config: { limits: { maxCallDepth }, contracts: { reentrancy: { default: 'allow' } } },
  });
  return environment.call({
    contract: SELF,
    sender: SENDER,
    entry: { kind: 'entry', id: 0 },
    input: bytesOf(from),
    gasLimit: 1_400_000n,
  });
}

describe('a contract that calls itself', () => {
  test.each(tiers)('%s tier: has memory of its own in each call, with the same gas', (tier) => {
    for (let round = 0; round < 3; round++) {
      const { result, gas } = callCountdown(tier, 20);
      expect([result.status, result.error, gas.charged]).toEqual(['success', null, 21_631n]);
    }
  });

  test.each(tiers)('%s tier: nests as deep as any configuration allows', (tier) => {
    const { result } = callCountdown(tier, 256, 256);
    expect([result.status, result.error]).toEqual(['success', null]);
    expect(callCountdown(tier, 257, 256).result).toMatchObject({
      status: 'reverted',
      error: { code: 'REVERTED' },
    });
  });
});

describe('a host that throws in a syscall', () => {
  test.each(tiers)('%s tier: is heard, and the next run finds everything clean', (tier) => {
    const pool = new SlotPool(webAssembly());
    const engine = new TbpfEngine({ tier }, createEngineServices(), pool);
    const source = `
      lddw r7, 0x300000000
      ldxdw r0, [r7+0]
      ldxdw r3, [r10-16]
      or64 r0, r3
      jne r0, 0, leave
      stxdw [r7+0], r1
      stxdw [r10-16], r1
      mov64 r1, r7
      mov64 r2, 8
      mov64 r3, r7
      mov64 r4, 8
      syscall tos_storage_read
      mov64 r0, 0
      leave:
      exit`;
    const code = assembled(source);
    const broken = emptyState();
    broken.getStorage = () => {
      throw new Error('the disk is gone');
    };
    for (let round = 0; round < 3; round++) {
      expect(() => engine.execute(code, contextOf({}), broken)).toThrow('the disk is gone');
      expect(engine.execute(code, contextOf({}), emptyState())).toMatchObject({
        status: 'success',
        gasUsed: 214n,
      });
    }
    expect(pool.idle).toBe(tier === 'reference' ? 0 : 1);
  });
});

test('without WebAssembly every tier is the reference tier', () => {
  for (const tier of ['auto', ...tiers]) {
    const engine = new TbpfEngine({ tier }, createEngineServices(), new SlotPool(undefined));
    const result = engine.execute(assembled('mov64 r0, 0\nexit'), createContext(), emptyState());
    expect([result.status, result.stats.tier]).toEqual(['success', 'reference']);
  }
});

test.each(tiers)('%s tier: who listens to syscalls hears of memory calls, too', (tier) => {
  const heard: string[] = [];
  const events = new VmEventBus();
  events.on('syscall', (_contract, name, left) => void heard.push(`${name} ${left}`));
  const engine = new TbpfEngine({ tier }, createEngineServices());
  const source = 'mov64 r1, r10\nsub64 r1, 64\nmov64 r2, 7\nmov64 r3, 64\nsyscall tos_memset\nexit';
  const run = (context: Parameters<typeof contextOf>[0]) =>
    engine.execute(assembled(source), contextOf({ ...context, gasLimit: 100n }), emptyState());
  expect(run({ context: { events } })).toMatchObject({ status: 'success', gasUsed: 16n });
  expect(run({})).toMatchObject({ status: 'success', gasUsed: 16n });
  expect(heard).toEqual(['tos_memset 95']);
});
