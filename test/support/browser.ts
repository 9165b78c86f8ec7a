import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { CHROMIUM, CHROMIUM_FLAGS, hasChromium } from './chromium.ts';

/** A page of a file, what it complained of, and what it asked of the network. */
export interface OpenedPage {
  readonly page: Page;
  readonly said: string[];
  readonly asked: string[];
}

/** Chromium for the tests of a file: opened before the first, closed and its folder removed after the last. */
export interface TestBrowser {
  /** Whether there is a browser; tests run only then. */
  readonly isThere: boolean;
  /** An empty page. */
  newPage(): Promise<Page>;
  /** Opens a page that lies in a file of its own. */
  openHtml(html: string): Promise<OpenedPage>;
  /** Opens a page of a server; what it asks of that server is not noted. */
  openUrl(url: string): Promise<OpenedPage>;
}

/** Registers the hooks; call it once at the top of a test file. */
export function useBrowser(): TestBrowser {
  const isThere = hasChromium();
  let context: BrowserContext;
  let folder: string;
  beforeAll(async () => {
    if (!isThere) return;
    folder = mkdtempSync(join(tmpdir(), 'switchyard-browser-'));
    context = await chromium.launchPersistentContext(folder, {
      executablePath: CHROMIUM,
      args: [...CHROMIUM_FLAGS],
    });
  });
  afterAll(async () => {
    if (!isThere) return;
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  });
  async function open(href: string, isOwn: (url: string) => boolean): Promise<OpenedPage> {
    const page = await context.newPage();
    const said: string[] = [];
    const asked: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => {
      if (!isOwn(request.url()) && !request.url().startsWith('data:')) asked.push(request.url());
    });
    await page.goto(href);
    return { page, said, asked };
  }
  return {
    isThere,
    newPage: () => context.newPage(),
    openHtml(html) {
      const file = join(folder, 'page.html');
      writeFileSync(file, html);
      const { href } = pathToFileURL(file);
      return open(href, (url) => url === href);
    },
    openUrl: (url) => open(url, (other) => new URL(other).origin === new URL(url).origin),
  };
}
