import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

const { projects: _, ...settings } = base.test ?? {};

export default defineConfig({
  ...base,
  test: {
    ...settings,
    passWithNoTests: true,
    // One file after another, so that their own time and memory limits mean something.
    fileParallelism: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'slow',
          include: ['test/slow/**/*.test.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: 30 * 60_000,
          hookTimeout: 5 * 60_000,
        },
      },
      // The tests of the example contracts once more, each call of theirs with a proof of its estimate.
      {
        extends: true,
        test: {
          name: 'estimated',
          isolate: false,
          include: ['test/contracts/**/*.test.ts'],
          setupFiles: ['test/support/prove-estimates.ts'],
        },
      },
    ],
  },
});
