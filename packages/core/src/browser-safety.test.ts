import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('.', import.meta.url));
const IMPORT = /(?:from|import)\s*\(?\s*'([^']+)'/g;

/** What a source file imports, types included. */
function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => match[1]!);
}

/** Packages that the file and everything below it imports. */
function packagesBelow(entry: string): string[] {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const queue = [entry];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const name of importsOf(file)) {
      if (name.startsWith('.')) queue.push(resolve(dirname(file), name));
      else packages.add(name);
    }
  }
  return [...packages].sort();
}

const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => join(root, name));

test('no source of core imports a Node built-in or speaks of Buffer or process', () => {
  expect(sources.length).toBeGreaterThan(40);
  for (const file of sources) {
    const name = relative(root, file);
    for (const imported of importsOf(file)) {
      expect(
        imported.startsWith('node:') || builtinModules.includes(imported),
        `${name} imports ${imported}`,
      ).toBe(false);
    }
    const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(/\bBuffer\b|\bprocess\.|(?<!#)\brequire\(/.test(code), name).toBe(false);
  }
});

test("core's index loads neither inversify nor zod", () => {
  expect(packagesBelow(join(root, 'index.ts'))).toEqual([
    '@noble/hashes/blake3.js',
    '@noble/hashes/sha2.js',
    '@noble/hashes/sha3.js',
    'eventemitter3',
  ]);
  expect(packagesBelow(join(root, 'container/index.ts'))).not.toContain('zod');
  expect(packagesBelow(join(root, 'config/index.ts'))).not.toContain('inversify');
});
