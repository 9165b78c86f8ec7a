import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ExecutionEnvironment, JournaledState, MemoryBackend, VmFactory } from '@switchyard/core';
import { profileCall, toHtml } from '@switchyard/profiler';
import { TbpfTools, tbpfEngine } from '@switchyard/tbpf';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOSTILE_NAME, sampleProfile } from '../../packages/profiler/src/profile/sample-profile.fixture.ts';
import { CHROMIUM, CHROMIUM_FLAGS, hasChromium } from '../support/chromium.ts';

const isThere = hasChromium();
const tools = new TbpfTools();
let browser: BrowserContext;
let folder: string;

beforeAll(async () => {
  if (!isThere) return;
  folder = mkdtempSync(join(tmpdir(), 'switchyard-flame-'));
  browser = await chromium.launchPersistentContext(folder, {
    executablePath: CHROMIUM,
    args: [...CHROMIUM_FLAGS],
  });
});

afterAll(async () => {
  if (!isThere) return;
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A page that shows a profile, what it complained of and what it asked of the network. */
async function open(
  html: string,
): Promise<{ readonly page: Page; readonly said: string[]; readonly asked: string[] }> {
  const file = join(folder, 'page.html');
  writeFileSync(file, html);
  const page = await browser.newPage();
  const said: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  return {
    page,
    said,
    asked: asked.filter((url) => url !== pathToFileURL(file).href && !url.startsWith('data:')),
  };
}

function helloWorld(): string {
  const state = new JournaledState(new MemoryBackend());
  const contract = new Uint8Array(32).fill(1);
  const url = new URL('../../fixtures/contracts/hello_world/hello_world.so', import.meta.url);
  state.setCode(contract, new Uint8Array(readFileSync(url)));
  state.flush();
  const environment = new ExecutionEnvironment({ state, factory: new VmFactory([tbpfEngine]) });
  const { profile } = profileCall(
    environment,
    { contract, sender: contract },
    { sourceMapOf: (_, code) => tools.sourceMap(code), nameOf: () => 'hello_world.so' },
  );
  return toHtml(profile, 'hello_world.so');
}

test.runIf(isThere)(
  'the flame graph is drawn, searched, walked by keys and zoomed, without a word or a request',
  async () => {
    const { page, said, asked } = await open(helloWorld());
    const blocks = page.locator('#graph > div');
    // The call, its function, two functions below and six syscalls, each below its caller.
    expect(await blocks.count()).toBe(10);
    const widths = await blocks.evaluateAll((all) =>
      all.map((block) => (block as unknown as { offsetWidth: number }).offsetWidth),
    );
    expect(Math.max(...widths)).toBe(widths[0]);
    expect(await blocks.first().getAttribute('title')).toContain('690 gas, 100.00%');

    await page.fill('#search', 'tos_log');
    expect(await page.locator('#graph > .found').count()).toBe(2);
    // 113 and 124 of 690.
    expect(await page.textContent('#found')).toBe('2 found, 34.35% of the gas');
    await page.fill('#search', '');

    await blocks.first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await page.textContent('#told')).toContain('tos_log: 113 gas');
    await page.keyboard.press('Enter');
    expect(await blocks.count()).toBe(3);
    await page.keyboard.press('Escape');
    expect(await blocks.count()).toBe(10);

    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      const [ink, paper] = (await page.evaluate(
        '(() => { const s = getComputedStyle(document.body); return [s.color, s.backgroundColor]; })()',
      )) as [string, string];
      expect(ink).not.toBe(paper);
    }
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('form').isVisible()).toBe(false);
    expect(await blocks.count()).toBe(10);
    expect({ said, asked }).toEqual({ said: [], asked: [] });
    await page.close();
  },
);

test.runIf(isThere)('names of a hostile contract stay text', async () => {
  const { page, said, asked } = await open(toHtml(sampleProfile, HOSTILE_NAME));
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.locator('#graph > div').count()).toBe(4);
  expect({ said, asked }).toEqual({ said: [], asked: [] });
  await page.close();
});
