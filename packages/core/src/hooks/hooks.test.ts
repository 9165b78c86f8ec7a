import { expect, test } from 'vitest';
import { VmError } from '../errors/vm-error.ts';
import { JournaledState } from '../state/journaled-state.ts';
import { MemoryBackend } from '../state/memory-backend.ts';
import { createContext } from '../vm/execution-context.ts';
import type { ExecutionResult } from '../vm/execution-result.ts';
import { failedResult } from '../vm/failed-result.ts';
import { type ExecutionHook, runWithHooks } from './hooks.ts';

const context = createContext();
const state = new JournaledState(new MemoryBackend());
const failed = failedResult(new VmError('DIVISION_BY_ZERO', 'x.'), 5n);
const good: ExecutionResult = { ...failed, status: 'success', exitCode: 0n, error: null };

function recorder(breaking: Partial<Record<string, boolean>> = {}) {
  const calls: string[] = [];
  const hook = (name: string): ExecutionHook => ({
    name,
    before() {
      calls.push(`+${name}`);
      if (breaking[`+${name}`]) throw new Error('no');
    },
    after(_context, result) {
      calls.push(`-${name} ${result.error?.code ?? result.status}`);
      if (breaking[`-${name}`]) throw new Error('no');
    },
  });
  return { calls, hooks: [hook('a'), hook('b'), hook('c')] };
}

test('hooks run around the call, afterwards in reverse order', () => {
  const { calls, hooks } = recorder();
  expect(runWithHooks(hooks, context, state, () => good)).toBe(good);
  expect(calls).toEqual(['+a', '+b', '+c', '-c success', '-b success', '-a success']);
});

test('after-hooks run when the call fails, and keep its error', () => {
  const { calls, hooks } = recorder({ '-b': true });
  expect(runWithHooks(hooks, context, state, () => failed)).toBe(failed);
  expect(calls.slice(3)).toEqual(['-c DIVISION_BY_ZERO', '-b DIVISION_BY_ZERO', '-a DIVISION_BY_ZERO']);
});

test('a before-hook that throws stops the call; only the hooks before it are closed', () => {
  const { calls, hooks } = recorder({ '+b': true });
  const result = runWithHooks(hooks, context, state, () => good);
  expect(result.error?.code).toBe('HOOK_FAILED');
  expect(result.error?.cause).toMatchObject({ message: 'no' });
  expect(calls).toEqual(['+a', '+b', '-a HOOK_FAILED']);
});

test('an after-hook that throws fails the call, with its gas kept, and the others still run', () => {
  const { calls, hooks } = recorder({ '-c': true });
  const result = runWithHooks(hooks, context, state, () => good);
  expect([result.status, result.error?.code, result.gasUsed]).toEqual(['failed', 'HOOK_FAILED', 5n]);
  expect(calls.slice(3)).toEqual(['-c success', '-b HOOK_FAILED', '-a HOOK_FAILED']);
});

test('hooks are closed when the host breaks, and the break is passed on', () => {
  const { calls, hooks } = recorder();
  const bug = new TypeError('a bug');
  expect(() =>
    runWithHooks(hooks, context, state, () => {
      throw bug;
    }),
  ).toThrow(bug);
  expect(calls.slice(3)).toEqual(['-c INTERNAL', '-b INTERNAL', '-a INTERNAL']);
});
