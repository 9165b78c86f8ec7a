import { readFileSync } from 'node:fs';
import {
  createContext,
  createEngineServices,
  type RunObserver,
  type TraceFilter,
  type TraceStep,
  VmEventBus,
} from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { TbpfEngine } from '../engine.ts';
import { emptyState, runAssembly } from '../run-assembly.fixture.ts';

const loop = `
  mov64 r0, 3
  again:
  sub64 r0, 1
  jne r0, 0, again
  mov64 r2, 0
  syscall tos_log
  call function_f
  exit
  function_f:
  lddw r3, 0x1122334455667788
  exit`;

function traced(source: string, filter?: TraceFilter, gasLimit = 1000n) {
  const steps: TraceStep[] = [];
  const trace = { onStep: (step: TraceStep) => void steps.push(step), ...(filter && { filter }) };
  const result = runAssembly(source, { gasLimit, context: { trace } });
  return { steps, result, lines: steps.map(({ pc, instruction }) => `${pc}: ${instruction}`) };
}

describe('a trace', () => {
  test('has every instruction, as it was before it ran', () => {
    const { steps, lines } = traced(loop);
    expect(lines).toEqual([
      '0: mov64 r0, 3',
      '1: sub64 r0, 1',
      '2: jne r0, 0, 1',
      '1: sub64 r0, 1',
      '2: jne r0, 0, 1',
      '1: sub64 r0, 1',
      '2: jne r0, 0, 1',
      '3: mov64 r2, 0',
      '4: syscall tos_log',
      '5: call 7',
      '7: lddw r3, 0x1122334455667788',
      '9: exit',
      '6: exit',
    ]);
    expect(steps[1]).toEqual({
      index: 1,
      pc: 1,
      instruction: 'sub64 r0, 1',
      gasLeft: 999n,
      frame: 0,
      registers: [3n, 0x4_0000_0000n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0x2_0000_1000n],
      callDepth: 0,
    });
    // The log costs 100, and r10 is moved by a call of V0.
    expect(steps[11]).toMatchObject({ index: 11, gasLeft: 889n, frame: 1 });
    expect(steps[11]!.registers[10]).toBe(0x2_0000_3000n);
  });

  test.each<[string, TraceFilter, number[]]>([
    ['a range of slots, inclusive', { pcRange: [3, 5] }, [7, 8, 9]],
    ['mnemonics', { mnemonics: ['call', 'syscall'] }, [8, 9]],
    ['both', { pcRange: [0, 4], mnemonics: ['call', 'syscall'] }, [8]],
    ['some skipped', { mnemonics: ['sub64'], skip: 2 }, [5]],
    ['a limit', { mnemonics: ['sub64'], limit: 2 }, [1, 3]],
    ['skip and limit', { skip: 3, limit: 2 }, [3, 4]],
    ['nothing', { limit: 0 }, []],
  ])('can be filtered by %s', (_name, filter, indexes) => {
    expect(traced(loop, filter).steps.map(({ index }) => index)).toEqual(indexes);
  });

  test('ends with the instruction that faults', () => {
    expect(traced('mov64 r1, 0\nldxb r0, [r1+0]\nexit').lines).toEqual([
      '0: mov64 r1, 0',
      '1: ldxb r0, [r1+0x0]',
    ]);
  });

  test('has no instruction that cannot be paid, and none past the end', () => {
    const { lines, result } = traced('mov64 r0, 0\nmov64 r0, 0\nexit', {}, 2n);
    expect(result.error?.code).toBe('OUT_OF_GAS');
    expect(lines).toEqual(['0: mov64 r0, 0', '1: mov64 r0, 0']);
    expect(traced('mov64 r0, 0').lines).toEqual(['0: mov64 r0, 0']);
  });

  test('is streamed: a step is told before the next instruction runs', () => {
    const seen: string[] = [];
    runAssembly('mov64 r2, 0\nsyscall tos_log\nexit', {
      context: {
        trace: { onStep: ({ instruction }) => void seen.push(instruction) },
        events: new VmEventBus().on('log', () => void seen.push('LOG')),
      },
    });
    expect(seen).toEqual(['mov64 r2, 0', 'syscall tos_log', 'LOG', 'exit']);
  });

  test('reaches listeners of the event bus, beside the request', () => {
    const heard: number[] = [];
    const events = new VmEventBus();
    events.on('trace', ({ pc }) => void heard.push(pc));
    const asked: number[] = [];
    const trace = { filter: { limit: 1 }, onStep: ({ pc }: TraceStep) => void asked.push(pc) };
    runAssembly('mov64 r0, 0\nexit', { context: { events } });
    expect(heard).toEqual([0, 1]);
    runAssembly('mov64 r0, 0\nexit', { context: { events, trace } });
    expect([heard, asked]).toEqual([[0, 1, 0], [0]]);
  });

  test('shows a syscall that does not exist by its key', () => {
    expect(traced('syscall nope\nexit').lines).toEqual(['0: syscall 0xa9944ea0']);
  });
});

test.each(['hello_world', 'counter', 'token', 'faulty'])(
  '%s: every entry ends as it does without a trace',
  (name) => {
    const url = new URL(`../../../../fixtures/contracts/${name}/${name}.so`, import.meta.url);
    const code = new Uint8Array(readFileSync(url));
    const engine = new TbpfEngine({}, createEngineServices());
    for (let id = -1; id < 8; id++) {
      const outcome = (isTraced: boolean) => {
        let steps = 0;
        const trace = isTraced ? { onStep: () => void steps++ } : undefined;
        const entry = id < 0 ? ({ kind: 'default' } as const) : ({ kind: 'entry', id } as const);
        const result = engine.execute(code, createContext({ entry, trace, gasLimit: 3000n }), emptyState());
        if (isTraced) expect(BigInt(steps)).toBe(result.stats.instructions);
        // A traced run is on the reference tier, which only the statistics tell.
        const { tier: _, ...stats } = result.stats;
        return { ...result, stats, error: `${result.error?.native?.detail} at ${result.error?.pc}` };
      };
      expect(outcome(true)).toEqual(outcome(false));
    }
  },
);

describe('an observer that asks for no steps', () => {
  const calls = `
    mov64 r6, 3
    again:
    mov64 r1, r10
    sub64 r1, 16
    mov64 r2, 7
    mov64 r3, 9
    syscall tos_memset
    mov64 r1, r10
    sub64 r1, 16
    mov64 r2, 9
    syscall tos_log
    sub64 r6, 1
    jne r6, 0, again
    mov64 r1, 0
    mov64 r2, 1
    syscall tos_log
    exit`;

  function watched(tier: string, gasLimit: bigint) {
    const told: unknown[] = [];
    const options = { gasLimit, options: { tier }, context: { observer: observerInto(told) } };
    const { status, gasUsed, stats } = runAssembly(calls, options);
    return { told, end: { status, gasUsed }, tier: stats.tier };
  }

  test.each(['interpreter', 'compiled'])('is told on the %s tier what the reference tells', (tier) => {
    for (const gasLimit of [1000n, 330n, 112n, 111n, 110n, 109n, 3n]) {
      const fast = watched(tier, gasLimit);
      const reference = watched('reference', gasLimit);
      expect(fast.tier).toBe(tier);
      expect(reference.tier).toBe('reference');
      expect({ ...fast, tier: '' }).toEqual({ ...reference, tier: '' });
    }
    const { told, end } = watched(tier, 1000n);
    expect(end).toEqual({ status: 'failed', gasUsed: 495n });
    expect(told.slice(0, 4)).toEqual([
      { name: 'tos_memset', gasUsed: 6 },
      ['dst 8589938672', 'byte 7', 'len 9'],
      { name: 'tos_memset', gasUsed: 16, result: 0n, error: undefined },
      { name: 'tos_log', gasUsed: 20 },
    ]);
    expect(told.at(-1)).toMatchObject({ name: 'tos_log', error: expect.stringContaining('AccessViolation') });
  });

  test('of steps is served by the reference tier', () => {
    const context = { observer: { onStep() {} } };
    expect(runAssembly(calls, { gasLimit: 1000n, options: { tier: 'compiled' }, context }).stats.tier).toBe(
      'reference',
    );
  });
});

function observerInto(told: unknown[]): RunObserver {
  return {
    onSyscall({ name, gasUsed, arguments: read }) {
      told.push(
        { name, gasUsed },
        read().map((argument) => `${argument.name} ${argument.value}`),
      );
    },
    onSyscallEnd: (end) => void told.push({ ...end }),
  };
}
