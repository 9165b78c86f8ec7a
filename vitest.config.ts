import { defineConfig } from 'vitest/config';
import { inlineConstEnums } from './test/support/inline-const-enums.ts';

/** Replaces a module by a spy, which files that share their modules would get, too. */
const MOCKING = ['adapters/tbpf/src/tiering/kept-code.test.ts'];

const EVERYWHERE = ['packages/*/src/**/*.test.ts', 'adapters/*/src/**/*.test.ts', 'test/**/*.test.ts'];
const ELSEWHERE = ['**/node_modules/**', 'test/slow/**'];

// Tests run from the sources: the `source` export condition of every workspace package names src/*.ts.
export default defineConfig({
  plugins: [inlineConstEnums(new URL('./', import.meta.url))],
  oxc: { decorator: { legacy: true } },
  resolve: { conditions: ['source'] },
  // Vitest starts its processes with these. Not `import` nor `module`: with them, Node gives a `require` modules, and CommonJS packages break.
  ssr: { resolve: { conditions: ['source', 'node', 'default'] } },
  test: {
    // Files of one worker share the modules that they import: loading them again for each file took half of the suite's time.
    projects: [
      {
        extends: true,
        test: { name: 'shared', isolate: false, include: EVERYWHERE, exclude: [...ELSEWHERE, ...MOCKING] },
      },
      { extends: true, test: { name: 'alone', include: MOCKING } },
    ],
    testTimeout: 30_000,
    // By default vitest leaves one core idle, which on two cores is half of the machine.
    maxWorkers: '100%',
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**', 'adapters/*/src/**'],
      exclude: ['**/*.test.ts'],
    },
  },
});
