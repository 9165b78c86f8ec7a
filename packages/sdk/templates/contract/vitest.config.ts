import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Packages of a clone are taken as they are built, like those that npm downloaded: vitest would translate them in each run.
    server: { deps: { external: [/\/dist\//] } },
  },
});
