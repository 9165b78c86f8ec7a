import { expect, test } from 'vitest';
import { bothEngines, contractFile } from '../contracts.fixture.ts';
import { describeBytes, describeEvent, describeOutcome, eventId } from './describe-outcome.ts';

test('at most twenty logs are shown, and the rest is counted', () => {
  const outcome = bothEngines().deploy(contractFile('hello_world/hello_world.so')).call('entrypoint');
  const logs = Array.from({ length: 23 }, (_, index) => ({
    contract: outcome.contract,
    message: `${index}`,
  }));
  const lines = describeOutcome({ ...outcome, result: { ...outcome.result, logs } }).split('\n');
  expect(lines.filter((line) => line.startsWith('  log')).slice(-2)).toEqual([
    '  log         19',
    '  log         … and 3 more',
  ]);
});

test('bytes are shown with the number or the text that they make', () => {
  expect(describeBytes(new Uint8Array(0))).toBe('no bytes');
  expect(describeBytes(Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 1))).toBe(
    '0700000000000001 (u64 72057594037927943)',
  );
  expect(describeBytes(Uint8Array.of(72, 105))).toBe('4869 ("Hi")');
  expect(describeBytes(Uint8Array.of(255, 0))).toBe('ff00');
});

test('an event is shown by its number, or by its topics when they are none', () => {
  const contract = new Uint8Array(32);
  const topic = new Uint8Array(32).fill(1);
  const numbered = new Uint8Array(32);
  numbered[30] = 1;
  expect([eventId(numbered), eventId(topic), eventId(new Uint8Array(8))]).toEqual([
    256n,
    undefined,
    undefined,
  ]);
  const event = (topics: readonly Uint8Array[], data: Uint8Array) =>
    describeEvent({ kind: 'event', contract, topics, data });
  expect(event([numbered], Uint8Array.of(72, 105))).toBe('256: 4869 ("Hi")');
  expect(event([topic, numbered], new Uint8Array(0))).toBe(`0x${'01'.repeat(32)}, 256: no data`);
  expect(event([], new Uint8Array(0))).toBe('no topic: no data');
});
