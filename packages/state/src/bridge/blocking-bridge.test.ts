import { equalBytes } from '@switchyard/core';
import { afterEach, expect, test } from 'vitest';
import type { TestRequests } from '../../test-support/bridge-worker.ts';
import { errorOf } from '../../test-support/store-contract.ts';
import { BlockingBridge } from './blocking-bridge.ts';

const file = new URL('../../test-support/bridge-worker.ts', import.meta.url);
let bridge: BlockingBridge<TestRequests>;

function open(): BlockingBridge<TestRequests> {
  bridge = new BlockingBridge({ file, setup: { of: 'the test' }, timeoutMs: 20_000, name: 'the far side' });
  return bridge;
}

afterEach(() => bridge.close());

test('answers of any size and kind come back while the caller blocks', () => {
  open();
  expect(bridge.call('echo', 'setup')).toEqual({ of: 'the test' });
  const big = new Uint8Array(8_000_000).fill(7);
  expect(equalBytes(bridge.call('echo', big) as Uint8Array, big)).toBe(true);
  expect(bridge.call('echo', [1n, undefined, Uint8Array.of(1)])).toEqual([1n, undefined, Uint8Array.of(1)]);
  expect(bridge.call('later', { ms: 20, value: 'slow' })).toBe('slow');
});

test('what the worker throws is thrown to the caller, and the worker goes on', () => {
  open();
  const error = errorOf(() => bridge.call('fail', 'typed'));
  expect([error.code, error.message, error.hint, error.details]).toEqual([
    'STATE_CORRUPT',
    'it is broken.',
    'Mend it.',
    { retryable: 'false' },
  ]);
  expect(errorOf(() => bridge.call('fail', 'bug')).code).toBe('INTERNAL');
  expect(bridge.call('echo', 1)).toBe(1);
});

test('a request without an answer in time fails, and its late answer is never taken for a later one', async () => {
  open();
  bridge.call('echo', 0);
  const error = errorOf(() => bridge.call('later', { ms: 60_000, value: 'late' }, 50));
  expect([error.code, error.message, error.details]).toEqual([
    'STATE_UNAVAILABLE',
    'the far side cannot be reached: no answer came within 50 ms.',
    { retryable: 'true' },
  ]);
  expect(bridge.call('echo', 'next')).toBe('next');
  bridge.post('later', { ms: 30, value: 'of a request that nobody waits for' });
  expect(bridge.call('echo', 'after the post')).toBe('after the post');
});

test.each(['exit', 'throw'] as const)(
  'a worker that ends by itself (%s) fails the call at once, and the next call has another worker',
  (how) => {
    open();
    bridge.call('echo', 0);
    const error = errorOf(() => bridge.call('crash', how));
    expect([error.code, error.message, error.details]).toEqual([
      'STATE_UNAVAILABLE',
      'the far side cannot be reached: its worker thread ended by itself.',
      { retryable: 'true' },
    ]);
    expect(bridge.call('echo', 'next')).toBe('next');
  },
);

test('closing ends the worker in the middle of its work; afterwards there are no calls', async () => {
  open();
  bridge.call('echo', 0);
  bridge.post('later', { ms: 60_000, value: 'never' });
  await bridge.close();
  expect(errorOf(() => bridge.call('echo', 1)).message).toBe('the far side is closed.');
});
