import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StateChange } from '@switchyard/core';
import { openState, openVersionReader, type StateOptions, type StateStore } from '@switchyard/state';
import { hasPostgres, startPostgres } from '../support/postgres.ts';

/** What one store takes, in microseconds each; the median of the rounds. */
export interface StoreTimes {
  readonly store: string;
  /** Opening, in milliseconds: once. */
  readonly openMs: number;
  /** A storage slot of the present state. */
  readonly read: number;
  /** A storage slot that a pinned view has not read before, and one that it has. */
  readonly pinnedRead: number;
  readonly readAgain: number;
  /** `pin` and `unpin`. */
  readonly pin: number;
  /** `read` of a version reader. */
  readonly version: number;
  /** Ten changes, durable. */
  readonly commit: number;
}

const SLOTS = 1000;
const CONTRACT = new Uint8Array(32).fill(7);

/** Measures memory, LMDB and, where it is installed, PostgreSQL on this machine, over a loopback port. */
export async function benchState(
  rounds: number,
  onTimes: (times: StoreTimes) => void,
): Promise<readonly StoreTimes[]> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-state-'));
  // As servers are by default: a commit is on disk.
  const server = hasPostgres() ? await startPostgres({ tcp: true, settings: ['fsync=on'] }) : undefined;
  try {
    const stores: readonly StateOptions[] = [
      { kind: 'memory' },
      { kind: 'lmdb', path: join(folder, 'lmdb') },
      ...(server === undefined ? [] : [{ kind: 'postgres', url: server.url } as const]),
    ];
    const all: StoreTimes[] = [];
    for (const options of stores) {
      const times = await benchStore(options, rounds);
      onTimes(times);
      all.push(times);
    }
    return all;
  } finally {
    server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One line of the table; `undefined` gives its heading. */
export function formatStoreTimes(times: StoreTimes | undefined): string {
  const cells =
    times === undefined
      ? ['store', 'open ms', 'read µs', 'pinned µs', 'again µs', 'pin µs', 'version µs', 'commit µs']
      : [
          times.store,
          times.openMs.toFixed(0),
          ...[times.read, times.pinnedRead, times.readAgain, times.pin, times.version].map((time) =>
            time.toFixed(1),
          ),
          times.commit.toFixed(0),
        ];
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(10) : cell.padStart(12))).join('');
}

async function benchStore(options: StateOptions, rounds: number): Promise<StoreTimes> {
  const began = performance.now();
  const store = openState(options);
  const openMs = performance.now() - began;
  const versions = openVersionReader(options);
  try {
    store.commit(Array.from({ length: SLOTS }, (_, i) => slot(i, 1)));
    expectSlots(store, 1);
    const results: Record<string, number[]> = {};
    const measure = async (name: string, times: number, work: (i: number) => unknown): Promise<void> => {
      const start = performance.now();
      for (let i = 0; i < times; i++) {
        const made = work(i);
        if (made instanceof Promise) await made;
      }
      results[name] ??= [];
      results[name].push(((performance.now() - start) * 1000) / times);
      // Room for what the event loop has to do.
      await new Promise((resolve) => setTimeout(resolve, 1));
    };
    for (let round = 0; round < rounds; round++) {
      await measure('read', SLOTS, (i) => store.getStorage(CONTRACT, keyOf(i)));
      await measure('pin', SLOTS, () => {
        store.pin();
        store.unpin();
      });
      // Changed, so that nothing is known from the round before.
      await measure('commit', 50, (i) =>
        store.commit(Array.from({ length: 10 }, (_, j) => slot(i * 10 + j, 2))),
      );
      store.pin();
      await measure('pinned', SLOTS, (i) => store.getStorage(CONTRACT, keyOf(i)));
      await measure('again', SLOTS, (i) => store.getStorage(CONTRACT, keyOf(i)));
      store.unpin();
      await measure('version', SLOTS, () => versions.read());
    }
    const of = (name: string): number => median(results[name] ?? []);
    return {
      store: options.kind,
      openMs,
      read: of('read'),
      pinnedRead: of('pinned'),
      readAgain: of('again'),
      pin: of('pin'),
      version: of('version'),
      commit: of('commit'),
    };
  } finally {
    await versions.close();
    await store.close();
  }
}

function slot(i: number, value: number): StateChange {
  const after = new Uint8Array(32).fill(value);
  return { kind: 'storage', contract: CONTRACT, key: keyOf(i), before: undefined, after };
}

function keyOf(i: number): Uint8Array {
  return Uint8Array.of(i >> 8, i & 255);
}

/** A time of wrong results is none. */
function expectSlots(store: StateStore, value: number): void {
  for (let i = 0; i < SLOTS; i++) {
    if (store.getStorage(CONTRACT, keyOf(i))?.[31] !== value) throw new Error(`slot ${i} is not ${value}`);
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
