import { pageFiles } from '@switchyard/estimator';
import { expect, test } from 'vitest';
import { readImports } from '../rules/read-imports.ts';

const files = new Map(pageFiles().map((file) => [file.path, file]));
const scripts = [...files.values()].filter(({ path }) => path.endsWith('.js'));

test('every address in the page and every import of its scripts is one of its files', () => {
  const page = String(files.get('/')!.body);
  const named = [...page.matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)].map((match) => `/${match[1]}`);
  expect(named.sort()).toEqual(['/page/main.js', '/page/style.css']);
  const imported = scripts.flatMap(({ path, body }) =>
    readImports(String(body)).map(({ specifier }) => new URL(specifier, `http://a${path}`).pathname),
  );
  expect(imported.length).toBeGreaterThan(20);
  expect(imported.filter((path) => !files.has(path))).toEqual([]);
});

test('nothing is written into the markup that the policy would forbid', () => {
  const { body, csp } = files.get('/')!;
  expect(body).not.toMatch(/<style|style=| on\w+=|<script(?! type="module" src)/);
  expect(csp).toContain("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';");
  for (const { path, body: script } of scripts) {
    expect([path, /innerHTML|outerHTML|insertAdjacent|document\.write|eval\(/.test(String(script))]).toEqual([
      path,
      false,
    ]);
  }
});

test('no script has anything from elsewhere', () => {
  const known = ['http://www.w3.org/2000/svg', 'http://127.0.0.1:8645'];
  const addresses = scripts.flatMap(({ body }) => String(body).match(/https?:\/\/[^'"`\s)]+/g) ?? []);
  expect(addresses.filter((address) => !known.includes(address))).toEqual([]);
});
