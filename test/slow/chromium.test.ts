import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { PageRun } from '../browser/vectors-page.ts';
import { useBrowser } from '../support/browser.ts';
import { bundlePage } from '../support/bundle-page.ts';

/** Vectors of each family. */
const OF_EACH_TAG = 8;

const vectors = new URL('../../fixtures/vectors/tbpf/', import.meta.url);

const { isThere, newPage } = useBrowser();

/** The first vectors of every tag. */
function sample(): readonly string[] {
  const taken = new Map<string, number>();
  return readdirSync(vectors)
    .filter((file) => file.endsWith('.jsonl.gz'))
    .sort()
    .flatMap((file) =>
      gunzipSync(readFileSync(new URL(file, vectors)))
        .toString()
        .trim()
        .split('\n'),
    )
    .filter((line) => {
      const { tag, code } = JSON.parse(line) as { readonly tag: string; readonly code?: string };
      const count = taken.get(tag) ?? 0;
      if (code === undefined || count >= OF_EACH_TAG) return false;
      taken.set(tag, count + 1);
      return true;
    });
}

test.runIf(isThere)('a sample of all families of vectors passes on every tier in Chromium', async () => {
  const { code } = await bundlePage(new URL('../browser/vectors-page.ts', import.meta.url), ['source']);
  const page = await newPage();
  await page.addScriptTag({ content: code });
  const lines = sample();
  const { results, modules } = await page.evaluate(
    (given) => (globalThis as unknown as PageGlobals).page.runVectors(given),
    lines,
  );
  const version = page.context().browser()?.version() ?? 'of unknown version';
  const tiers = [...new Set(results.map(({ tier }) => tier))];
  console.log(`chromium ${version}: ${lines.length} vectors on ${tiers.join(', ')}; ${modules} modules`);
  expect(lines.length).toBeGreaterThan(300);
  expect(tiers).toEqual(['reference', 'interpreter', 'compiled']);
  // Rejected programs are not compiled; of the others each is.
  expect(modules).toBeGreaterThan(lines.length / 2);
  expect(results.filter(({ pass }) => pass !== true)).toEqual([]);
  expect(results).toHaveLength(lines.length * tiers.length);
});

interface PageGlobals {
  readonly page: { runVectors(lines: readonly string[]): PageRun };
}
