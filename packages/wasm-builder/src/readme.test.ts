import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as builder from './index.ts';
import { engine } from './test-support/web-assembly.fixture.ts';

test("the README's example runs and prints what it says", () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example =
    /```ts\nimport \{ (?<names>[^}]+) \} from '@switchyard\/wasm-builder';\n(?<code>[\s\S]*?)```/.exec(
      readme,
    );
  const { names, code } = example!.groups!;
  const printed: unknown[] = [];
  // The example is plain JavaScript but for `!`.
  const program = new Function(
    'builder',
    'WebAssembly',
    'console',
    `const { ${names} } = builder;${code!.replace(']!(', '](')}`,
  );
  program(builder, engine, { log: (value: unknown) => printed.push(value) });
  const [, said] = /console\.log\(.*\); \/\/ (.*)/.exec(code!)!;
  expect(printed.map(String)).toEqual([said]);
});
