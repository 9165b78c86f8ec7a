import { readFileSync } from 'node:fs';
import { createContext, Script } from 'node:vm';
import { rolldown } from 'rolldown';
import { describe, expect, test } from 'vitest';
import { readImports } from '../rules/read-imports.ts';
import { inlineConstEnums } from '../support/inline-const-enums.ts';

/** What a page offers beyond the language itself, as far as the house relies on it. */
const PAGE_GLOBALS = { TextEncoder, TextDecoder };

const root = new URL('../../', import.meta.url);
const helloWorld = readFileSync(new URL('fixtures/contracts/hello_world.so', root));

describe.each([
  ['as shipped', []],
  ['from the sources', ['source']],
] as const)('core, its container and the TBPF engine, bundled for a browser %s', (_, conditions) => {
  test('need nothing of Node, and run a contract in a page', async () => {
    const { code, modules } = await bundle(conditions);

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

/** One classic script, as a page would load it. Unresolved imports fail it: that is where a Node built-in would show. */
async function bundle(conditions: readonly string[]): Promise<{ code: string; modules: readonly string[] }> {
  const build = await rolldown({
    input: new URL('page.ts', import.meta.url).pathname,
    platform: 'browser',
    resolve: { conditionNames: [...conditions, 'browser', 'import', 'module', 'default'] },
    plugins: [inlineConstEnums(root) as never],
    onLog(level, log) {
      if (level === 'warn') throw new Error(log.message);
    },
  });
  const { output } = await build.generate({ format: 'iife', name: 'page' });
  await build.close();
  expect(output).toHaveLength(1);
  return { code: output[0].code, modules: output[0].moduleIds };
}
