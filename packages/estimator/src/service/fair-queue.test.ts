import { describe, expect, test } from 'vitest';
import { FairQueue } from './fair-queue.ts';

/** Bounds that only the last tests meet. */
function queueOf(most = 1000, mostPerOwner = 1000): FairQueue<string> {
  return new FairQueue({ most, mostPerOwner });
}

/** All that is left, in order. */
function drained<T>(queue: FairQueue<T>): readonly T[] {
  const items: T[] = [];
  for (let next = queue.take(); next !== undefined; next = queue.take()) items.push(next);
  return items;
}

describe('a fair queue', () => {
  test('is first in, first out for one flow', () => {
    const queue = queueOf();
    for (const item of ['a', 'b', 'c']) queue.push(item, { owner: 'one', flow: 'flow', guess: 1 });
    expect(queue.size).toBe(3);
    expect(drained(queue)).toEqual(['a', 'b', 'c']);
    expect(queue.take()).toBeUndefined();
  });

  test('takes turns between flows that cost the same, however many items one has', () => {
    const queue = queueOf();
    for (let index = 1; index <= 4; index++)
      queue.push(`many ${index}`, { owner: 'one', flow: 'many', guess: 1 });
    queue.push('few 1', { owner: 'one', flow: 'few', guess: 1 });
    queue.push('few 2', { owner: 'one', flow: 'few', guess: 1 });
    expect(drained(queue)).toEqual(['many 1', 'few 1', 'many 2', 'few 2', 'many 3', 'many 4']);
  });

  test('lets cheap flows pass dear ones by what their items took before', () => {
    const queue = queueOf();
    queue.learn('loop', 50);
    queue.learn('cheap', 0.1);
    for (let index = 1; index <= 200; index++)
      queue.push(`loop ${index}`, { owner: 'one', flow: 'loop', guess: 1 });
    queue.push('cheap', { owner: 'one', flow: 'cheap', guess: 1 });
    expect(queue.take()).toBe('cheap');
  });

  test('believes the guess for flows that nobody knows, so that large code waits for small', () => {
    const queue = queueOf();
    for (let index = 1; index <= 100; index++)
      queue.push('bomb', { owner: 'one', flow: `bomb ${index}`, guess: 40 });
    queue.push('new', { owner: 'one', flow: 'new', guess: 2 });
    expect(queue.take()).toBe('new');
    expect(queue.expected('new', 2)).toBe(2);
    queue.learn('new', 8);
    expect(queue.expected('new', 2)).toBe(8);
  });

  test('starves nobody: a dear item is served while cheap ones keep coming', () => {
    const queue = queueOf();
    queue.learn('dear', 10);
    queue.learn('cheap', 1);
    queue.push('dear', { owner: 'one', flow: 'dear', guess: 1 });
    let served = 0;
    for (;;) {
      queue.push('cheap', { owner: 'one', flow: 'cheap', guess: 1 });
      if (queue.take() === 'dear') break;
      served++;
    }
    expect(served).toBe(9);
  });

  test('gives back first what was put back, in its order', () => {
    const queue = queueOf();
    for (const item of ['a', 'b', 'c']) queue.push(item, { owner: 'one', flow: 'flow', guess: 1 });
    const [a, b] = [queue.take()!, queue.take()!];
    queue.putBack(b, 'one');
    queue.putBack(a, 'one');
    expect(drained(queue)).toEqual(['a', 'b', 'c']);
  });

  test('has no credit for a flow that was silent', () => {
    const queue = queueOf();
    for (let index = 0; index < 10; index++) queue.push('busy', { owner: 'one', flow: 'busy', guess: 1 });
    for (let index = 0; index < 5; index++) queue.take();
    for (let index = 0; index < 5; index++) queue.push('back', { owner: 'one', flow: 'back', guess: 1 });
    expect(drained(queue).slice(0, 4)).toEqual(['busy', 'back', 'busy', 'back']);
  });

  test('that is full lets go what is dearest: who floods it loses his own', () => {
    const queue = queueOf(3);
    queue.learn('loop', 50);
    queue.learn('cheap', 0.1);
    const loop = { owner: 'mallory', flow: 'loop', guess: 1 };
    for (const item of ['loop 1', 'loop 2', 'loop 3']) expect(queue.push(item, loop)).toBeUndefined();
    expect(queue.push('loop 4', loop)).toEqual({ item: 'loop 4', bound: 'most' });
    const cheap = { owner: 'alice', flow: 'cheap', guess: 1 };
    expect(queue.push('cheap', cheap)).toEqual({ item: 'loop 3', bound: 'most' });
    expect(drained(queue)).toEqual(['cheap', 'loop 1', 'loop 2']);
  });

  test('holds so many of one owner, and of these, too, the dearest goes', () => {
    const queue = queueOf(10, 2);
    queue.learn('loop', 50);
    const loop = { owner: 'alice', flow: 'loop', guess: 1 };
    expect(queue.push('loop 1', loop)).toBeUndefined();
    expect(queue.push('other', { owner: 'bob', flow: 'other', guess: 1 })).toBeUndefined();
    expect(queue.push('loop 2', loop)).toBeUndefined();
    const cheap = { owner: 'alice', flow: 'cheap', guess: 1 };
    expect(queue.push('cheap', cheap)).toEqual({ item: 'loop 2', bound: 'mostPerOwner' });
    expect(drained(queue)).toEqual(['other', 'cheap', 'loop 1']);
    expect(queue.push('again', loop)).toBeUndefined();
  });
});
