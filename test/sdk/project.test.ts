import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProject } from '@switchyard/sdk';
import { expect, test } from 'vitest';
import { hasClang } from '../../packages/sdk/src/build/has-clang.fixture.ts';

/*
 * A project of `switchyard init` as its author has it: outside of the repository, its packages installed by npm. Gas snapshots of such a
 * project are in docs/guide/ten-minutes.md.
 */

test.runIf(hasClang)(
  'a new project installs without a network, builds, and passes its tests and type check',
  () => {
    const work = mkdtempSync(join(tmpdir(), 'switchyard-project-'));
    try {
      const folder = join(work, 'a place', 'tally');
      createProject({ folder });
      const environment = Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|FORCE_COLOR)/.test(name)),
      );
      const npm = (...args: readonly string[]) =>
        execFileSync('npm', args, { cwd: folder, encoding: 'utf8', env: { ...environment, NO_COLOR: '1' } });
      npm('install', '--ignore-scripts', '--offline');
      expect(npm('run', 'build')).toContain('wrote tally.so, ');
      expect(npm('run', '--silent', 'types')).toBe('');
      expect(npm('test')).toMatch(/Tests {2}13 passed \(13\)/);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  },
  60_000,
);
