import { readFileSync } from 'node:fs';
import { createContext, Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { readImports } from '../rules/read-imports.ts';
import { bundlePage } from '../support/bundle-page.ts';

/** What a page offers beyond the language itself, as far as the house relies on it. */
const PAGE_GLOBALS = { TextEncoder, TextDecoder };

const root = new URL('../../', import.meta.url);
const helloWorld = readFileSync(new URL('fixtures/contracts/hello_world/hello_world.so', root));

describe.each([
  ['as shipped', []],
  ['from the sources', ['source']],
] as const)('core, its container and the TBPF engine, bundled for a browser %s', (_, conditions) => {
  test('need nothing of Node, and run a contract in a page', async () => {
    const { code, modules } = await bundlePage(new URL('page.ts', import.meta.url), conditions);

    expect(modules.filter((path) => path.includes('elfy'))).toEqual([]);
    expect(readImports(code)).toEqual([]);

    const page = createContext({ ...PAGE_GLOBALS });
    new Script(code).runInContext(page);
    const run = new Script('(code, name) => page.runContract(new Uint8Array(code), new Uint8Array(name))');
    const report = run.runInContext(page)([...helloWorld], [...Buffer.from('browser')]);
    expect(report).toBe(
      JSON.stringify({
        status: 'success',
        returned: 'Hello, browser!',
        logs: ['Hello, browser!', "The block's height is 7."],
      }),
    );
  });
});

test('a page can profile a contract, with nothing of Node', async () => {
  const { code } = await bundlePage(new URL('profile-page.ts', import.meta.url), ['source']);
  expect(readImports(code)).toEqual([]);
  const page = createContext({ ...PAGE_GLOBALS });
  new Script(code).runInContext(page);
  const run = new Script('(code) => page.profileContract(new Uint8Array(code))');
  // Without a source map all code is one function.
  expect(run.runInContext(page)([...helloWorld])).toBe(
    [
      'hello_world entrypoint [tbpf];(code) 40',
      'hello_world entrypoint [tbpf];(code);tos_memcpy 20',
      'hello_world entrypoint [tbpf];(code);tos_log 113',
      'hello_world entrypoint [tbpf];(code);tos_get_block_height 50',
      'hello_world entrypoint [tbpf];(code);(code) 155',
      'hello_world entrypoint [tbpf];(code);(code);(code) 45',
      'hello_world entrypoint [tbpf];(code);(code);(code);tos_memcpy 30',
      'hello_world entrypoint [tbpf];(code);(code);tos_log 124',
      'hello_world entrypoint [tbpf];(code);tos_set_return_data 113',
      '',
    ].join('\n'),
  );
});
