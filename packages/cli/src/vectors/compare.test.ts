import type { VectorObservation } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { compareVector, sameJson } from './compare.ts';

const observed = (native: VectorObservation['native'], notCompared: string[] = []): VectorObservation => ({
  tier: 'reference',
  status: 'success',
  exitCode: 0n,
  gasUsed: 1n,
  native,
  error: null,
  logs: [],
  events: [],
  stateChanges: [],
  notCompared,
});

describe('comparing a vector', () => {
  test('every given field must be equal, and those that differ are named', () => {
    const native = { status: 'ok', r0: '7', instructions: '3' };
    expect(compareVector({ status: 'ok', r0: '7' }, observed(native))).toEqual({ pass: true, diff: [] });
    expect(compareVector({ r0: '8', instructions: '4' }, observed(native))).toEqual({
      pass: false,
      diff: ['r0', 'instructions'],
    });
  });

  test('a null field, a detail and what the tier cannot see are not compared', () => {
    expect(compareVector({ r0: null, errorDetail: 'x', detail: 'y' }, observed({ r0: '1' }))).toEqual({
      pass: null,
      diff: [],
    });
    expect(compareVector({ heapAfter: '00', r0: '1' }, observed({ r0: '1' }, ['heapAfter']))).toEqual({
      pass: true,
      diff: [],
    });
  });

  test('a field that the engine did not observe differs', () => {
    expect(compareVector({ log: ['00'] }, observed({})).diff).toEqual(['log']);
  });

  test('integers are compared by value, exactly', () => {
    expect(sameJson(9007199254740993n, 9007199254740993n)).toBe(true);
    expect(sameJson(9007199254740993n, 9007199254740992)).toBe(false);
    expect(sameJson(5n, 5)).toBe(true);
    expect(sameJson(5n, 5.5)).toBe(false);
    expect(sameJson(5n, '5')).toBe(false);
  });

  test('structures are compared deeply, key order does not matter', () => {
    expect(sameJson({ a: [1, { b: null }], c: 'x' }, { c: 'x', a: [1, { b: null }] })).toBe(true);
    expect(sameJson([1, 2], [1, 2, 3])).toBe(false);
    expect(sameJson([1], { 0: 1 })).toBe(false);
    expect(sameJson({ a: 1 }, { b: 1 })).toBe(false);
  });
});
