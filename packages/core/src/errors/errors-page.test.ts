import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ERROR_TABLE } from './codes.ts';
import { renderErrorsPage } from './render-errors-page.ts';
import { errorAnchor } from './vm-error.ts';

const page = new URL('../../../../docs/errors.md', import.meta.url);

test('docs/errors.md is what the error table says (BLESS=1 rewrites it)', () => {
  if (process.env['BLESS'] === '1') writeFileSync(page, renderErrorsPage());
  expect(readFileSync(page, 'utf8')).toBe(renderErrorsPage());
});

test('every code has a number of its own, a meaning, a hint and a heading that its anchor leads to', () => {
  const rows = Object.entries(ERROR_TABLE);
  expect(new Set(rows.map(([, { number }]) => number)).size).toBe(rows.length);
  const headings = [...renderErrorsPage().matchAll(/^## (.*)$/gm)].map((match) => match[1]!.toLowerCase());
  for (const [code, { number, meaning, hint }] of rows) {
    expect(number).toBeGreaterThan(0);
    expect(number).toBeLessThan(65_536);
    expect(meaning).toMatch(/\.$/);
    expect(hint).toMatch(/\.$/);
    expect(headings).toContain(errorAnchor(code as keyof typeof ERROR_TABLE));
  }
});
