import { describe, expect, test } from 'vitest';
import { FairQueue } from './fair-queue.ts';

/** All that is left, in order. */
function drained<T>(queue: FairQueue<T>): readonly T[] {
  const items: T[] = [];
  for (let next = queue.take(); next !== undefined; next = queue.take()) items.push(next);
  return items;
}

describe('a fair queue', () => {
  test('is first in, first out for one flow', () => {
    const queue = new FairQueue<string>();
    for (const item of ['a', 'b', 'c']) queue.push('flow', item, 1);
    expect(queue.size).toBe(3);
    expect(drained(queue)).toEqual(['a', 'b', 'c']);
    expect(queue.take()).toBeUndefined();
  });

  test('takes turns between flows that cost the same, however many items one has', () => {
    const queue = new FairQueue<string>();
    for (let index = 1; index <= 4; index++) queue.push('many', `many ${index}`, 1);
    queue.push('few', 'few 1', 1);
    queue.push('few', 'few 2', 1);
    expect(drained(queue)).toEqual(['many 1', 'few 1', 'many 2', 'few 2', 'many 3', 'many 4']);
  });

  test('lets cheap flows pass dear ones by what their items took before', () => {
    const queue = new FairQueue<string>();
    queue.learn('loop', 50);
    queue.learn('cheap', 0.1);
    for (let index = 1; index <= 200; index++) queue.push('loop', `loop ${index}`, 1);
    queue.push('cheap', 'cheap', 1);
    expect(queue.take()).toBe('cheap');
  });

  test('believes the guess for flows that nobody knows, so that large code waits for small', () => {
    const queue = new FairQueue<string>();
    for (let index = 1; index <= 100; index++) queue.push(`bomb ${index}`, 'bomb', 40);
    queue.push('new', 'new', 2);
    expect(queue.take()).toBe('new');
    expect(queue.expected('new', 2)).toBe(2);
    queue.learn('new', 8);
    expect(queue.expected('new', 2)).toBe(8);
  });

  test('starves nobody: a dear item is served while cheap ones keep coming', () => {
    const queue = new FairQueue<string>();
    queue.learn('dear', 10);
    queue.learn('cheap', 1);
    queue.push('dear', 'dear', 1);
    let served = 0;
    for (;;) {
      queue.push('cheap', 'cheap', 1);
      if (queue.take() === 'dear') break;
      served++;
    }
    expect(served).toBe(9);
  });

  test('gives back first what was put back, in its order', () => {
    const queue = new FairQueue<string>();
    for (const item of ['a', 'b', 'c']) queue.push('flow', item, 1);
    const [a, b] = [queue.take()!, queue.take()!];
    queue.putBack(b);
    queue.putBack(a);
    expect(drained(queue)).toEqual(['a', 'b', 'c']);
  });

  test('has no credit for a flow that was silent', () => {
    const queue = new FairQueue<string>();
    for (let index = 0; index < 10; index++) queue.push('busy', 'busy', 1);
    for (let index = 0; index < 5; index++) queue.take();
    for (let index = 0; index < 5; index++) queue.push('back', 'back', 1);
    expect(drained(queue).slice(0, 4)).toEqual(['busy', 'back', 'busy', 'back']);
  });
});
