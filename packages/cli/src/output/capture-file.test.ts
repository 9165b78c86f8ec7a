import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContainer, resolve } from '@switchyard/core/container';
import { containerModule } from '@switchyard/tbpf/module';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCaptureFile } from './capture-file.ts';

const header = '{"switchyard":"switchyard-migration-capture/1"}';
const code = readFileSync(new URL('../../../../fixtures/contracts/counter/counter.so', import.meta.url));
const sender = new Uint8Array(32);
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-capture-'));
  file = join(folder, 'calls.jsonl');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Calls a new counter and appends the call to the file. */
function record(): void {
  const capture = openCaptureFile(file);
  const container = createContainer({ modules: [containerModule], observers: [capture.observer] });
  const environment = resolve(container, 'Environment');
  const { contract } = environment.deploy({ code, sender });
  environment.call({ contract, sender, entry: { kind: 'entry', id: 0 } });
  capture.save();
}

function lines(): string[] {
  return readFileSync(file, 'utf8').split('\n');
}

test('a new file gets the header and the call, a later call goes below', () => {
  record();
  record();
  const [first, ...calls] = lines();
  expect(first).toBe(header);
  expect(calls).toHaveLength(3);
  expect(JSON.parse(calls[0]!)).toMatchObject({ entry: 'entry_0', result: { status: 'success' } });
  expect(calls[1]).toBe(calls[0]);
  expect(calls[2]).toBe('');
});

test('a last line that was cut off is ended first', () => {
  writeFileSync(file, `${header}\n{"contract":"00`);
  record();
  expect(lines().slice(0, 2)).toEqual([header, '{"contract":"00']);
  expect(JSON.parse(lines()[2]!)).toMatchObject({ entry: 'entry_0' });
});

test('a file that is no capture is refused, and stays as it is', () => {
  writeFileSync(file, 'my thesis\n');
  expect(() => openCaptureFile(file)).toThrow(
    `${file} does not begin with ${header}, so nothing is appended to it.`,
  );
  expect(readFileSync(file, 'utf8')).toBe('my thesis\n');
});

test('when the file can no longer be written, it is said that the call was made', () => {
  const capture = openCaptureFile(file);
  mkdirSync(file);
  expect(() => capture.save()).toThrow(
    expect.objectContaining({
      code: 'FILE_UNREADABLE',
      hint: 'The call was made, and the state has what it changed; it is not in the capture.',
    }),
  );
});
