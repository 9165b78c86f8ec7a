import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Runs the command from the sources, as `npm run fuzz --` runs it from what is built. */
function fuzz(...args: string[]): Promise<{ code: number; text: string }> {
  return new Promise((ended) => {
    const command = ['--conditions=source', '--import', 'tsx', main, 'tbpf', ...args];
    const child = execFile(process.execPath, command, { timeout: 30_000 }, (_, stdout, stderr) =>
      ended({ code: child.exitCode ?? -1, text: `${stdout}${stderr}` }),
    );
  });
}

test.each([
  ['--jobs', '0'],
  ['--runs', '0'],
  ['--jobs', 'two'],
  ['--runs', ''],
])('%s %j is refused with what it takes, and nothing is run', async (option, value) => {
  const { code, text } = await fuzz('--runs', '5', option, value);
  expect(text).toContain(`${option} <n>' argument '${value}' is invalid. expected a whole number from 1 on.`);
  expect(text).not.toContain('failures');
  expect(code).toBe(2);
});

test('a program whose runs are more than the number asked for is compared whole, and the report says so', async () => {
  const { code, text } = await fuzz('--runs', '1');
  expect(text).toMatch(
    /^\d+ runs of 1 program, 0 failures\nmore than the 1 asked for: all runs of a program/m,
  );
  expect(code).toBe(0);
});
