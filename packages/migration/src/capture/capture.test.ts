import { createContainer, resolve } from '@switchyard/core/container';
import { expect, test } from 'vitest';
import { engines, ledgerSuite } from '../pairs.fixture.ts';
import { CAPTURE_FORMAT, parseCaptureLine } from './capture-line.ts';
import { isHeader, readCaptureLines } from './read-lines.ts';
import { recordCalls } from './record-calls.ts';

const sender = new Uint8Array(32).fill(1);
const contract = new Uint8Array(32).fill(2);

const line = {
  contract: '02'.repeat(32),
  sender: '01'.repeat(32),
  entry: 'entry_7',
  input: 'abcd',
  value: '5',
  deposits: [['03'.repeat(32), '9']],
  gasLimit: '100',
  height: '12',
  timestamp: '34',
};

test('an environment records its calls, as they are read back', () => {
  const lines: string[] = [];
  const observers = [recordCalls({ contracts: [contract], write: (text) => lines.push(text) })];
  const environment = resolve(createContainer({ modules: engines, observers }), 'Environment');
  const { code } = ledgerSuite().sides.old;
  environment.deploy({ code, sender, address: contract });
  environment.deploy({ code, sender, address: sender });
  environment.call({ contract: sender, sender, entry: { kind: 'entry', id: 1 } });
  environment.simulate({ contract, sender, entry: { kind: 'entry', id: 1 } });
  const result = environment.call({
    contract,
    sender,
    entry: { kind: 'entry', id: 3 },
    input: Uint8Array.of(0xff),
    block: { height: 12n, timestamp: 34n },
  });
  expect(result.status).toBe('failed');
  expect(lines).toHaveLength(2);
  expect(isHeader(lines[0]!, CAPTURE_FORMAT)).toBe(true);
  expect(parseCaptureLine(lines[1]!)).toEqual({
    contract,
    sender,
    entry: { kind: 'entry', id: 3 },
    input: Uint8Array.of(0xff),
    value: 0n,
    deposits: [],
    // The environment's own limit, which held.
    gasLimit: 200_000n,
    height: 12n,
    timestamp: 34n,
    blockHash: undefined,
    txHash: undefined,
    recorded: 'failed',
  });
});

test('an observer that throws changes nothing, and is heard of as an event', () => {
  const container = createContainer({
    modules: engines,
    observers: [
      {
        called() {
          throw new Error('no disk');
        },
      },
    ],
  });
  const heard: unknown[] = [];
  resolve(container, 'EventBus').on('observer-error', (thrown) => heard.push(thrown));
  const environment = resolve(container, 'Environment');
  const { code } = ledgerSuite().sides.old;
  environment.deploy({ code, sender, address: contract });
  expect(environment.call({ contract, sender, entry: { kind: 'entry', id: 3 } }).status).toBe('failed');
  expect(heard).toEqual([new Error('no disk')]);
});

test('a line says all of a call', () => {
  expect(parseCaptureLine(JSON.stringify(line))).toMatchObject({
    entry: { kind: 'entry', id: 7 },
    input: Uint8Array.of(0xab, 0xcd),
    value: 5n,
    deposits: [{ asset: new Uint8Array(32).fill(3), amount: 9n }],
    gasLimit: 100n,
  });
});

test.each<[object | string, string]>([
  ['garbage', 'not JSON.'],
  ['[1]', 'not a JSON object.'],
  [{ ...line, sender: 'aa' }, 'sender: expected 32 bytes, found 1.'],
  [{ ...line, input: 'xyz' }, 'input: expected hexadecimal.'],
  [{ ...line, entry: 7 }, 'entry: expected a name.'],
  [{ ...line, entry: 'entry_70000' }, 'entry: entry_70000 is out of range.'],
  [{ ...line, value: 5 }, 'value: expected a decimal number as text.'],
  [{ ...line, value: '18446744073709551616' }, 'value: expected at most 2^64 − 1.'],
  [{ ...line, deposits: [['03', '1']] }, 'deposits[0]: expected an asset of 32 bytes.'],
  [{ ...line, result: { status: 'fine' } }, 'result: expected a status of success, reverted or failed.'],
  [{ ...line, deposits: 'all' }, 'deposits: expected a list of at most 255.'],
])('a corrupt line is refused: %j', (source, message) => {
  const text = typeof source === 'string' ? source : JSON.stringify(source);
  expect(() => parseCaptureLine(text)).toThrow(expect.objectContaining({ code: 'CAPTURE_INVALID', message }));
});

async function linesOf(chunks: readonly string[], from?: { line: number; end: number }) {
  const found = [];
  const bytes = chunks.map((chunk) => new TextEncoder().encode(chunk));
  for await (const each of readCaptureLines(bytes, from)) found.push(each);
  return found;
}

test('lines are found however the bytes are cut, empty ones left out, and reading goes on from any of them', async () => {
  const whole = await linesOf(['one\ntwo\r\n\nfour']);
  expect(whole).toEqual([
    { line: 1, text: 'one', end: 4 },
    { line: 2, text: 'two', end: 9 },
    { line: 4, text: 'four', end: 14 },
  ]);
  expect(await linesOf(['o', 'ne\ntw', 'o\r', '\n\nfo', 'ur'])).toEqual(whole);
  expect(await linesOf(['\nfour'], { line: 2, end: 9 })).toEqual([whole[2]]);
});

test('a line without end takes no more memory than the longest one', async () => {
  const mebibyte = 'x'.repeat(1 << 20);
  const [long, next] = await linesOf([...Array<string>(8).fill(mebibyte), '\nafter\n']);
  expect(long!.text).toHaveLength(2_200_001);
  expect(next).toEqual({ line: 2, text: 'after', end: 8 * (1 << 20) + 7 });
});
