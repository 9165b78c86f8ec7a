import { expect, test } from 'vitest';
import { WordList } from './word-list.ts';

const account = `0x${'0b'.repeat(32)}`;

const observation = (outcome: string) => ({
  text: JSON.stringify({
    outcome,
    returned: null,
    storage: [['balance', [account], '70']],
    flows: [],
    balances: [[account, '0x00', '9']],
    events: [['named', [{ text: 'casa' }, ['5', true, null]]]],
  }),
  gas: 1,
  notes: '',
});

test('values are kept by kind, also those inside of others, each once', () => {
  const words = new WordList();
  words.add(['7', { text: '7' }, [account, [{ text: 'casa' }, '7', true, null]]]);
  expect(words.integers).toEqual([7n]);
  expect(words.texts).toEqual(['7', 'casa']);
  expect(words.bytes).toEqual([account]);
});

test('what a successful call wrote, told and left in balances is kept; what failed changed nothing', () => {
  const words = new WordList();
  words.addObservation(observation('exit 3'));
  expect([words.integers, words.texts, words.bytes]).toEqual([[], [], []]);
  words.addObservation(observation('success'));
  expect([words.integers, words.texts, words.bytes]).toEqual([[70n, 9n, 5n], ['casa'], [account, '0x00']]);
});

test('the oldest value is forgotten first, and one that is said again is new', () => {
  const words = new WordList(2);
  words.add(['1', '2', '1', '3']);
  expect(words.integers).toEqual([1n, 3n]);
  words.clear();
  expect(words.integers).toEqual([]);
});
