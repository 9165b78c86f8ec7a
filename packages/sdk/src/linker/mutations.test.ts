import { VmError } from '@switchyard/core';
import { expect, test } from 'vitest';
import { contractObject } from '../contract-files.fixture.ts';
import { buildArchive } from './archive-builder.fixture.ts';
import { link } from './link.ts';

const rounds = 2_000;

/** A reproducible sequence of unsigned 32-bit numbers. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state ^ (state >>> 15)) >>> 0;
  };
}

const interesting = [0, 1, 2, 7, 8, 9, 0x7f, 0x80, 0xfe, 0xff];

/** Changes some bytes, preferably of the headers and tables at the ends of the file; sometimes cuts it. */
function mutate(original: Uint8Array, next: () => number): Uint8Array {
  let bytes = original.slice();
  const changes = 1 + (next() % 4);
  for (let change = 0; change < changes; change++) {
    const span = next() % 2 === 0 ? bytes.length : Math.min(bytes.length, 64);
    const at = next() % 3 === 0 ? bytes.length - 1 - (next() % Math.min(bytes.length, 1200)) : next() % span;
    bytes[at] = next() % 2 === 0 ? next() & 255 : interesting[next() % interesting.length]!;
  }
  if (next() % 16 === 0) bytes = bytes.subarray(0, next() % bytes.length);
  return bytes;
}

const contracts = ['hello_world', 'counter', 'token', 'faulty'];

test.each(contracts)('a damaged object of %s links or fails with a typed error', (name) => {
  const original = contractObject(name).bytes;
  const seed = 0x5eed + name.length;
  const next = numbers(seed);
  const outcomes = { linked: 0, refused: 0 };
  for (let round = 0; round < rounds; round++) {
    const bytes = mutate(original, next);
    try {
      link([{ name: 'damaged.o', bytes }], { version: round % 2 === 0 ? 0 : 3 });
      outcomes.linked++;
    } catch (error) {
      if (!(error instanceof VmError)) throw new Error(`seed ${seed}, round ${round}`, { cause: error });
      expect(['LINK_FAILED', 'CODE_TOO_LARGE']).toContain(error.code);
      outcomes.refused++;
    }
  }
  expect(outcomes.refused).toBeGreaterThan(rounds / 20);
  expect(outcomes.linked).toBeGreaterThan(rounds / 20);
});

test.each([0, 3] as const)('a damaged archive links as V%i or fails with a typed error', (version) => {
  const original = buildArchive([
    { name: 'counter.o', bytes: contractObject('counter').bytes },
    { name: 'a_member_with_a_long_name.o', bytes: contractObject('hello_world').bytes },
  ]);
  const seed = 0xa5c11 + version;
  const next = numbers(seed);
  const outcomes = { linked: 0, refused: 0 };
  for (let round = 0; round < rounds; round++) {
    const bytes = mutate(original, next);
    try {
      link([{ name: 'damaged.a', bytes }], { version });
      outcomes.linked++;
    } catch (error) {
      if (!(error instanceof VmError)) throw new Error(`seed ${seed}, round ${round}`, { cause: error });
      expect(['LINK_FAILED', 'CODE_TOO_LARGE']).toContain(error.code);
      outcomes.refused++;
    }
  }
  expect(outcomes.refused).toBeGreaterThan(rounds / 20);
  expect(outcomes.linked).toBeGreaterThan(rounds / 20);
});

test('a hostile object of 60,000 sections ends quickly', () => {
  const count = 60_000;
  const bytes = new Uint8Array(64 + count * 64);
  const { bytes: good } = contractObject('counter');
  bytes.set(good.subarray(0, 64));
  const view = new DataView(bytes.buffer);
  view.setUint32(40, 64, true);
  view.setUint16(60, count, true);
  view.setUint16(62, 1, true);
  for (let index = 1; index < count; index++) {
    const at = 64 + index * 64;
    view.setUint32(at + 4, index % 2 === 0 ? 9 : 1, true);
    view.setUint32(at + 8, 2, true);
    view.setUint32(at + 32, 64, true);
  }
  const start = performance.now();
  expect(() => link([{ name: 'many.o', bytes }])).toThrow(VmError);
  expect(performance.now() - start).toBeLessThan(5_000);
});
