import { readFileSync } from 'node:fs';
import { containerModule as legacy } from '@switchyard/legacy/module';
import { generate, type Report, readSuite, toHtml } from '@switchyard/migration';
import { containerModule as tbpf } from '@switchyard/tbpf/module';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';

const { isThere, openHtml } = useBrowser();
let report: Report;

beforeAll(() => {
  if (!isThere) return;
  const suites = new URL('../../fixtures/migration/buggy/token-ledger/', import.meta.url);
  const suite = readSuite({
    name: 'suite.yaml',
    text: readFileSync(new URL('suite.yaml', suites), 'utf8'),
    readFile: (path) => new Uint8Array(readFileSync(new URL(path, suites))),
  });
  report = generate(suite, { modules: [legacy, tbpf], calls: 1000, today: '2026-11-21' });
});

/** Widths of the chart's bars on the screen. */
function barWidths(page: Page): Promise<number[]> {
  return page
    .locator('#gas rect')
    .evaluateAll((bars) =>
      bars.map(
        (bar) => (bar as { getBoundingClientRect(): { width: number } }).getBoundingClientRect().width,
      ),
    );
}

/** How far the page is wider than its window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

test.runIf(isThere)('the report opens without a word or a request, and its chart is drawn', async () => {
  const { page, said, asked } = await openHtml(toHtml(report));
  expect(await page.textContent('#verdict')).toBe('different');
  const widths = await barWidths(page);
  expect(widths).toHaveLength(8);
  expect(Math.min(...widths)).toBeGreaterThan(10);
  // Medians of transfer, 271 and 507, side by side.
  expect(widths[7]! / widths[6]!).toBeCloseTo(507 / 271, 1);
  expect(await page.locator('.sides > div').count()).toBe(2);
  expect(await overflow(page)).toBe(0);
  expect({ said, asked }).toEqual({ said: [], asked: [] });
  await page.close();
});

test.runIf(isThere)('search and verdict narrow the calls and the divergences', async () => {
  const { page } = await openHtml(toHtml(report));
  const calls = page.locator('#calls tr');
  expect(await calls.count()).toBe(500);
  expect(await page.textContent('#calls-found')).toBe('1001 of 1001, the first 500 shown');
  await page.selectOption('#calls-verdict', 'different');
  expect(await calls.count()).toBe(report.totals.different);
  await page.selectOption('#calls-verdict', '');
  await page.fill('#calls-search', 'transfer "bob", exit 2');
  const found = report.calls.filter(
    ({ entry, args, outcome }) => entry === 'transfer' && args.includes('"bob",') && outcome === 'exit 2',
  ).length;
  expect(await calls.count()).toBe(found);

  const divergences = page.locator('#divergences tr');
  expect(await divergences.count()).toBe(report.divergences.length);
  const [alice] = report.names.find(([, name]) => name === 'alice')!;
  const ofAlice = report.divergences.filter(({ args }) => args.includes('"alice"')).length;
  for (const words of ['alice', alice]) {
    await page.fill('#divergences-search', words);
    expect(await divergences.count()).toBe(ofAlice);
  }
  await page.selectOption('#divergences-verdict', 'accepted');
  expect(await divergences.count()).toBe(0);
  await page.close();
});

test.runIf(isThere)(
  'print has the chart, whole values and no forms; dark and light are told apart',
  async () => {
    const stranger = `0x${'5f'.repeat(32)}`;
    const [first, ...rest] = report.divergences;
    const shown = { ...report, divergences: [{ ...first!, args: `"${stranger}"` }, ...rest] };
    const { page } = await openHtml(toHtml(shown));
    const cell = page.locator('#divergences tr:first-child .hex');
    expect(await cell.getAttribute('title')).toBe(stranger);
    expect(await cell.textContent()).toBe('0x5f5f5f5f…5f5f5f');
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      const [ink, paper] = (await page.evaluate(
        '(() => { const s = getComputedStyle(document.body); return [s.color, s.backgroundColor]; })()',
      )) as [string, string];
      expect([ink, paper]).toEqual(
        colorScheme === 'dark'
          ? ['rgb(232, 232, 232)', 'rgb(23, 23, 23)']
          : ['rgb(28, 28, 28)', 'rgb(255, 255, 255)'],
      );
    }
    // A sheet of A4 without its margins.
    await page.setViewportSize({ width: 718, height: 1000 });
    await page.emulateMedia({ media: 'print' });
    expect(Math.min(...(await barWidths(page)))).toBeGreaterThan(5);
    expect(await page.locator('form').first().isVisible()).toBe(false);
    const printed = `getComputedStyle(document.querySelector('#divergences tr:first-child .hex'), '::after').content`;
    expect(await page.evaluate(printed)).toBe(`"${stranger}"`);
    expect(await overflow(page)).toBe(0);
    const pdf = await page.pdf({ format: 'A4', printBackground: false });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await page.close();
  },
);

test.runIf(isThere)('what a hostile suite or contract says stays text', async () => {
  const evil = '</script><img src=x onerror=alert(1)>';
  const { page, said, asked } = await openHtml(
    toHtml({
      ...report,
      suite: evil,
      names: [[`0x${'5f'.repeat(32)}`, evil]],
      entries: report.entries.map((each) => ({ ...each, entry: evil })),
      calls: report.calls.map((each) => ({ ...each, args: evil })),
      divergences: report.divergences.map((each) => ({ ...each, args: evil })),
    }),
  );
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.textContent('h1')).toBe(evil);
  expect(await page.locator('#divergences tr').count()).toBe(report.divergences.length);
  expect({ said, asked }).toEqual({ said: [], asked: [] });
  await page.close();
});
