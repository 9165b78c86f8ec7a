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
