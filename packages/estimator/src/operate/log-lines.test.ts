import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LogLines } from './log-lines.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A stream that takes a chunk when `release` is called. */
function slowStream() {
  const taken: string[] = [];
  let pending: ((error?: Error) => void) | undefined;
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      taken.push(chunk);
      pending = done;
    },
  });
  const release = (error?: Error): void => {
    const done = pending;
    pending = undefined;
    done?.(error);
  };
  return { stream, taken, release };
}

test('lines are written together, a fifth of a second later', async () => {
  const { stream, taken } = slowStream();
  const lines = new LogLines(stream);
  lines.write('a\n');
  lines.write('b\n');
  expect(taken).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(taken).toEqual(['a\nb\n']);
});

test('many lines are written at once', () => {
  const { stream, taken } = slowStream();
  const lines = new LogLines(stream);
  for (let line = 0; line < 33; line++) lines.write(`${'x'.repeat(999)}\n`);
  expect(taken.map(({ length }) => length)).toEqual([33_000]);
});

test('close() writes what waits', async () => {
  const { stream, taken, release } = slowStream();
  const lines = new LogLines(stream);
  lines.write('a\n');
  const closed = lines.close();
  release();
  await Promise.resolve();
  release();
  await vi.advanceTimersByTimeAsync(0);
  release();
  await closed;
  expect(taken.join('')).toBe('a\n');
});

test('a stream that takes nothing loses lines, not memory, and the log says how many', async () => {
  const { stream, taken, release } = slowStream();
  const lines = new LogLines(stream);
  const line = `${'x'.repeat(1_048_575)}\n`;
  for (let count = 0; count < 40; count++) lines.write(line);
  expect(stream.writableLength).toBeLessThan(20_000_000);
  for (let chunk = 0; chunk < 40; chunk++) {
    release();
    await vi.advanceTimersByTimeAsync(200);
  }
  expect(
    taken
      .join('')
      .split('\n')
      .filter((one) => one.startsWith('x')).length,
  ).toBe(17);
  expect(taken.join('')).toContain('"msg":"23 lines were not written: the log is too slow"');
});

test('a stream that breaks ends the log, not the service', async () => {
  const { stream, taken, release } = slowStream();
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const lines = new LogLines(stream);
  lines.write('a\n');
  await vi.advanceTimersByTimeAsync(200);
  release(new Error('no space left on device'));
  await vi.advanceTimersByTimeAsync(0);
  lines.write('b\n');
  await vi.advanceTimersByTimeAsync(200);
  await lines.close();
  expect(taken).toEqual(['a\n']);
  expect(told.mock.calls).toEqual([['the log ends here: no space left on device\n']]);
  told.mockRestore();
});
