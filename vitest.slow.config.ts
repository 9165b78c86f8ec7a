import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

const { projects: _, ...settings } = base.test ?? {};

// Suites that take minutes: one after another, so that their own time and memory limits mean something.
export default defineConfig({
  ...base,
  test: {
    ...settings,
    include: ['test/slow/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    passWithNoTests: true,
    fileParallelism: false,
    testTimeout: 30 * 60_000,
    hookTimeout: 5 * 60_000,
  },
});
