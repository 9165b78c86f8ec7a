import { defineConfig } from 'vitest/config';
import { inlineConstEnums } from './test/support/inline-const-enums.ts';

// Tests run from the sources: the `source` export condition of every workspace package names src/*.ts.
export default defineConfig({
  plugins: [inlineConstEnums(new URL('./', import.meta.url))],
  oxc: { decorator: { legacy: true } },
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'module', 'default'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'adapters/*/src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/slow/**'],
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
