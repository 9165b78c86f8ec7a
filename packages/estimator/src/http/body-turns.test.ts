import { expect, test } from 'vitest';
import { BodyTurns } from './body-turns.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test('large bodies are read one a turn, in order, and small ones pass them', async () => {
  const turns = new BodyTurns();
  const read: string[] = [];
  for (const name of ['large 1', 'large 2', 'large 3']) turns.take(65_537, () => read.push(name));
  turns.take(65_536, () => read.push('small'));
  expect(read).toEqual(['small']);
  await nextTurn();
  expect(read).toEqual(['small', 'large 1']);
  await nextTurn();
  expect(read).toEqual(['small', 'large 1', 'large 2']);
  turns.take(100_000, () => read.push('large 4'));
  await nextTurn();
  await nextTurn();
  expect(read).toEqual(['small', 'large 1', 'large 2', 'large 3', 'large 4']);
});
