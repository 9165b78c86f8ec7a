import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runCommand } from '../cli/run-case.ts';

/*
 * `switchyard gas snapshot` in a project with two test files that record to one snapshot, as the built command runs it.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder: string;
let file: string;

/** A test that records an amount: what calls cost is tested elsewhere, and engines take their time to load. */
const testFile = (name: string, charged: number, wanted = charged) => `
import { createGasSnapshot } from '@switchyard/testing/gas';
import { afterAll, expect, test } from 'vitest';

const gas = createGasSnapshot('gas.snapshot.json');
afterAll(() => { gas.close(); });
test('${name}', () => {
  expect(gas.record('${name}', { gas: { charged: ${charged}n } }).gas.charged).toBe(${wanted}n);
});
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-gas-test-'));
  file = join(folder, 'gas.snapshot.json');
  mkdirSync(join(folder, 'node_modules'));
  for (const name of ['vitest', '@switchyard']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'dir');
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});

beforeEach(() => {
  writeFileSync(join(folder, 'one.test.ts'), testFile('one', 870));
  writeFileSync(join(folder, 'two.test.ts'), testFile('two', 869));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(gas: Readonly<Record<string, string>>): void {
  writeFileSync(file, JSON.stringify({ version: 1, gas }));
}

const stored = () => JSON.parse(readFileSync(file, 'utf8')).gas as unknown;
const snapshot = (...args: readonly string[]) => runCommand(['gas', 'snapshot', ...args], folder);

test('--check without a file fails and writes nothing', async () => {
  rmSync(file, { force: true });
  const { status, stdout } = await snapshot('--check', 'gas.snapshot.json');
  expect([status, stdout]).toEqual([
    1,
    'name  before  after  change\none             870     new\ntwo             869     new\ngas: 2 new\n',
  ]);
  expect(existsSync(file)).toBe(false);
});

test('--update gathers what all test files recorded, and drops what none did', async () => {
  write({ one: '870', three: '1' });
  const { status, stdout } = await snapshot('--update', 'gas.snapshot.json');
  expect([status, stdout]).toEqual([
    0,
    [
      'name   before  after  change',
      'three       1           gone',
      'two              869     new',
      'gas: 1 new, 1 gone, 1 as before',
      'wrote gas.snapshot.json',
      '',
    ].join('\n'),
  ]);
  expect(stored()).toEqual({ one: '870', two: '869' });
  expect(await snapshot('--check', 'gas.snapshot.json')).toEqual({
    status: 0,
    stdout: 'gas: 2 as before\n',
    stderr: '',
  });
});

test('with named test files the other names stay', async () => {
  write({ three: '1', two: '900' });
  const { status, stdout } = await snapshot('two.test.ts', '--update', 'gas.snapshot.json', '--markdown');
  expect([status, stdout]).toEqual([
    0,
    '| Gas | Before | After | Change | % |\n|---|---:|---:|---:|---:|\n| two | 900 | 869 | -31 | -3.4 % |\n\ngas: 1 less\nwrote gas.snapshot.json\n',
  ]);
  expect(stored()).toEqual({ three: '1', two: '869' });
});

test('a failed test writes nothing, shows what the tests say, and ends with 1', async () => {
  write({ one: '1' });
  writeFileSync(join(folder, 'two.test.ts'), testFile('two', 869, 5));
  const { status, stdout, stderr } = await snapshot('--update', 'gas.snapshot.json');
  expect([status, stdout]).toEqual([1, 'gas: a test failed, so nothing is compared or written\n']);
  expect(stderr).toContain('expected 869n to be 5n');
  expect(stored()).toEqual({ one: '1' });
});

test('one name with two amounts is refused', async () => {
  writeFileSync(join(folder, 'two.test.ts'), testFile('one', 869));
  const { status, stderr } = await snapshot('--check', 'gas.snapshot.json');
  expect(status).toBe(2);
  expect(stderr).toContain('gas of "one" is 869 in one test file and 870 in another.');
});

test('tests that record nothing are told how', async () => {
  writeFileSync(join(folder, 'two.test.ts'), "import { test } from 'vitest';\ntest('nothing', () => {});\n");
  const { status, stderr } = await snapshot('two.test.ts', '--check', 'gas.snapshot.json');
  expect(status).toBe(2);
  expect(stderr).toContain('hint      Record it with createGasSnapshot of @switchyard/testing/gas');
});
