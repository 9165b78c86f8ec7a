import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bothEngines, contractFile } from '../contracts.fixture.ts';
import { u64 } from '../values.ts';
import { readGasFile, writeGasFile } from './gas-file.ts';
import { createGasSnapshot, type GasSnapshotMode } from './gas-snapshot.ts';

let folder: string;
let file: string;
let printed: string[];
const print = (table: string) => void printed.push(table);

beforeEach(() => {
  vi.stubEnv('GAS_SNAPSHOT', undefined);
  vi.stubEnv('GAS_SNAPSHOT_COLLECT', undefined);
  folder = mkdtempSync(join(tmpdir(), 'switchyard-testing-'));
  file = join(folder, 'gas.snapshot.json');
  printed = [];
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Records two calls of a counter, the second with an input of its own. */
function measure(mode?: GasSnapshotMode, second = 'counter: get') {
  const gas = createGasSnapshot(file, { print, ...(mode === undefined ? {} : { mode }) });
  const counter = bothEngines().deploy(contractFile('counter/counter.so'));
  gas.record('counter: increment', counter.call(0, { args: [u64(1)] }));
  gas.record(second, counter.call(1));
  return gas.close();
}

test('the file is written when it is absent, sorted by name, one name a line', () => {
  expect(measure()).toEqual([
    { name: 'counter: get', before: undefined, after: 334n },
    { name: 'counter: increment', before: undefined, after: 870n },
  ]);
  expect(readFileSync(file, 'utf8')).toBe(
    '{\n  "version": 1,\n  "gas": {\n    "counter: get": "334",\n    "counter: increment": "870"\n  }\n}\n',
  );
  expect(printed).toEqual([]);
  expect(measure('check').map(({ before }) => before)).toEqual([334n, 870n]);
});

describe('when gas differs,', () => {
  beforeEach(() =>
    writeGasFile(
      file,
      new Map([
        ['counter: increment', 1_000n],
        ['elsewhere', 5n],
      ]),
    ),
  );

  test('record prints the deltas, adds what is new, and leaves the rest', () => {
    measure();
    expect(printed).toEqual([
      [
        'name                before  after  change',
        'counter: get                  334     new',
        'counter: increment    1000    870    -130  -13.0 %',
        'gas: 1 less, 1 new',
      ].join('\n'),
    ]);
    expect([...readGasFile(file)!]).toEqual([
      ['counter: get', 334n],
      ['counter: increment', 1_000n],
      ['elsewhere', 5n],
    ]);
  });

  test('update writes it, whether asked by option or by the environment', () => {
    vi.stubEnv('GAS_SNAPSHOT', 'update');
    measure();
    expect(printed[0]).toContain('-13.0 %');
    expect([...readGasFile(file)!]).toEqual([
      ['counter: get', 334n],
      ['counter: increment', 870n],
      ['elsewhere', 5n],
    ]);
  });

  test('check fails with the table and writes nothing', () => {
    const before = readFileSync(file, 'utf8');
    expect(() => measure('check')).toThrow(
      `gas differs from ${file}\n\nname                before  after  change\n`,
    );
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});

test('check fails without a file, and makes none', () => {
  expect(() => measure('check')).toThrow('gas: 2 new');
  expect(existsSync(file)).toBe(false);
});

test('one name stands for one amount', () => {
  expect(() => measure(undefined, 'counter: increment')).toThrow(
    'gas of "counter: increment" is 870 and 334.',
  );
});

test('a mode that there is not is refused', () => {
  vi.stubEnv('GAS_SNAPSHOT', 'yes');
  expect(() => createGasSnapshot(file)).toThrow(
    'GAS_SNAPSHOT: expected one of record, update, check, found yes.',
  );
});

test('the file may be a URL, and record gives the outcome back', () => {
  const gas = createGasSnapshot(pathToFileURL(file));
  const outcome = bothEngines().deploy(contractFile('counter/counter.so')).deployment;
  expect(gas.record('deploy', outcome)).toBe(outcome);
  expect(gas.file).toBe(file);
  expect([...gas.recorded]).toEqual([['deploy', 742n]]);
});

test.each([
  ['not json', /it is not JSON; /],
  ['null', /version: expected 1, found nothing/],
  ['{"version":2,"gas":{}}', /version: expected 1, found 2/],
  ['{"version":1}', /gas: expected an object/],
  ['{"version":1,"gas":{"a":5}}', /gas\["a"\]: expected decimal text, found 5/],
  ['{"version":1,"gas":{"a":"18446744073709551616"}}', /gas\["a"\]: expected decimal text/],
])('a file that holds %s is refused by name', (text, message) => {
  writeFileSync(file, text);
  expect(() => readGasFile(file)).toThrow(message);
  expect(() => readGasFile(file)).toThrow(file);
});

test('a file that cannot be read or written is named', () => {
  expect(() => readGasFile(folder)).toThrow(folder);
  writeFileSync(file, '');
  expect(() => writeGasFile(join(file, 'inside.json'), new Map())).toThrow('inside.json');
});

test('an empty table is a file, too', () => {
  writeGasFile(file, new Map());
  expect([...readGasFile(file)!]).toEqual([]);
});
