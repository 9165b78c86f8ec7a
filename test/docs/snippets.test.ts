import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { outputFits, readFences, readSteps } from './page.ts';
import { canRun, runPage } from './run-page.ts';

const root = new URL('../../', import.meta.url);

const pages = [
  'README.md',
  ...readdirSync(new URL('docs/', root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`)
    .sort(),
].filter((page) => readFences(read(page)).some(({ language }) => ['console', 'ts'].includes(language)));

function read(page: string): string {
  return readFileSync(new URL(page, root), 'utf8');
}

// Side by side: a page is a row of processes, each with a folder of its own.
describe.concurrent('what a page shows is what happens:', () => {
  test.for(pages)('%s', { timeout: 240_000 }, async (page, { skip }) => {
    const said = read(page);
    skip(!canRun(said), 'there is no clang to compile C with');
    const found = await runPage(said);
    if (process.env['BLESS'] === '1' && found !== said) writeFileSync(new URL(page, root), found);
    else expect(found).toBe(said);
  });
});

describe('the harness', () => {
  test('reads titles, continued commands and outputs', () => {
    const page = 'a\n```console\n$ one \\\n  two\nx\n$ three\n```\n```json a.json\n{}\n```\n';
    const [console, file] = readFences(page);
    expect(readSteps(console!.text)).toEqual([
      { command: 'one \\\n  two', output: 'x\n' },
      { command: 'three', output: '' },
    ]);
    expect(file).toEqual({ language: 'json', title: 'a.json', text: '{}\n', line: 8 });
  });

  test('leaves out only the lines that … stands for', () => {
    expect(outputFits('a\nb\nc\n', 'a\n…\nc\n')).toBe(true);
    expect(outputFits('a\nc\n', 'a\n…\nc\n')).toBe(true);
    expect(outputFits('a\nb\nd\n', 'a\n…\nc\n')).toBe(false);
    expect(outputFits('a.b\n', 'a?b\n')).toBe(false);
  });

  test('stays where cd went', async () => {
    const page =
      '```console\n$ mkdir -p ../a/b\n$ cd ../a\n$ ls\n```\n\n```text b/c.txt\nx\n```\n\n```console\n$ pwd; cat b/c.txt\n```\n';
    expect(await runPage(page)).toBe(
      page.replace('$ ls\n', '$ ls\nb\n').replace('c.txt\n```\n', 'c.txt\n/home/me/a\nx\n```\n'),
    );
  });

  test('runs what ends in & until the page ends, at a port of its own', async () => {
    const server =
      'require("http").createServer((_, a) => a.end("hello\\n")).listen(8645, "127.0.0.1", () => console.log("at :8645"))';
    const ask = 'fetch("http://127.0.0.1:8645").then((a) => a.text()).then((a) => process.stdout.write(a))';
    const page = `\`\`\`console\n$ node -e '${server}' &\nat :8645\n$ node -e '${ask}'\nhello\n\`\`\`\n`;
    expect(await runPage(page)).toBe(page);
    expect(await runPage('```console\n$ (echo a; exit 3) &\n```\n')).toBe(
      '```console\n$ (echo a; exit 3) &\na\n```\n',
    );
  });

  test('finds wrong output, a failing command, a program that does not compile', async () => {
    expect(await runPage('```console\n$ echo a\nb\n$ exit 3\n```\n')).toBe(
      '```console\n$ echo a\na\n$ exit 3\n[exit 3]\n```\n',
    );
    const program = '```ts\nconst a: number = "x";\nconsole.log(a);\n```\n\n```text output\nx\n```\n';
    expect(await runPage(program)).toContain(
      "error TS2322: Type 'string' is not assignable to type 'number'",
    );
  });
});
