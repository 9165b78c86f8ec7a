import { readFileSync } from 'node:fs';
import type { VmError } from '@switchyard/core';
import { configFromEnvironment } from '@switchyard/core/config';
import { expect, test } from 'vitest';
import { knownKeys } from '../../packages/core/src/config/known-keys.ts';
import { configSchema } from '../../packages/core/src/config/schema.ts';

const page = readFileSync(new URL('../../docs/guide/configure.md', import.meta.url), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('|'));
const named = new Set([...rows.join('\n').matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!));

test('the page lists every key of the configuration', () => {
  const leaves = leavesBelow([]);
  const shown = (key: string): string =>
    key
      .replace('engines.*', 'engines.<type>')
      .replace('select.*', 'select[]')
      .replace(/\.address\.(from|to)$/, '.address');
  expect(leaves.length).toBeGreaterThan(30);
  expect(leaves.filter((key) => !named.has(shown(key)))).toEqual([]);
});

/** Keys with no keys below, `*` standing for an index or a free name. */
function leavesBelow(path: readonly string[]): readonly string[] {
  const names = knownKeys(configSchema, path);
  const parts = names.length > 0 ? names : knownKeys(configSchema, [...path, '*']).length > 0 ? ['*'] : [];
  return parts.length === 0 ? [path.join('.')] : parts.flatMap((part) => leavesBelow([...path, part]));
}

test('the page lists every environment variable, and no other', () => {
  let hint = '';
  try {
    configFromEnvironment({ SWITCHYARD_: '' });
  } catch (thrown) {
    hint = (thrown as VmError).hint ?? '';
  }
  const known = hint.match(/SWITCHYARD_[A-Z_]+(?:<TYPE>_ENABLED)?/g) ?? [];
  const listed = [...page.matchAll(/^\| `(SWITCHYARD_[^`]+)`/gm)].map((match) => match[1]!);
  expect(known.length).toBeGreaterThan(10);
  expect(listed.filter((name) => name !== 'SWITCHYARD_CONFIG').sort()).toEqual([...known].sort());
});
