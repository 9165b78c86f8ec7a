import { readFileSync } from 'node:fs';
import type { VmError } from '@switchyard/core';
import { configFromEnvironment } from '@switchyard/core/config';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { knownKeys } from '../../packages/core/src/config/known-keys.ts';
import { configSchema } from '../../packages/core/src/config/schema.ts';
import { estimatorSchema } from '../../packages/estimator/src/config/schema.ts';

const page = readFileSync(new URL('../../docs/guide/configure.md', import.meta.url), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('|'));
const named = new Set([...rows.join('\n').matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!));

test('the page lists every key of the configuration', () => {
  const leaves = [
    ...leavesBelow(configSchema, []),
    ...leavesBelow(estimatorSchema, []).map((key) => `estimator.${key}`),
  ];
  const shown = (key: string): string =>
    key
      .replace('engines.*', 'engines.<type>')
      .replace('select.*', 'select[]')
      .replace('keys.*', 'keys[]')
      .replace(/\.address\.(from|to)$/, '.address');
  expect(leaves.length).toBeGreaterThan(30);
  expect(leaves.filter((key) => !named.has(shown(key)))).toEqual([]);
});

/** Keys with no keys below, `*` standing for an index or a free name. */
function leavesBelow(schema: z.ZodType, path: readonly string[]): readonly string[] {
  const names = knownKeys(schema, path);
  const parts = names.length > 0 ? names : knownKeys(schema, [...path, '*']).length > 0 ? ['*'] : [];
  return parts.length === 0
    ? [path.join('.')]
    : parts.flatMap((part) => leavesBelow(schema, [...path, part]));
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
