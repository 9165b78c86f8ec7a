import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { openStandIn, type StandIn } from '../support/estimator-stand-in.ts';
import { type ServedEstimator, serveEstimator } from '../support/serve.ts';

const { isThere, openUrl } = useBrowser();
const counter = fileURLToPath(new URL('../../fixtures/contracts/counter/counter.so', import.meta.url));

let service: ServedEstimator;
let server: StandIn;
beforeAll(async () => {
  service = await serveEstimator({ config: { state: { kind: 'memory' }, estimator: { workers: 1 } } });
  server = await openStandIn();
});
afterAll(async () => {
  await service?.stop();
  await server?.close();
});

/** Text of the cells of a table, row by row. */
function rowsOf(page: Page, label: string): Promise<readonly (readonly string[])[]> {
  return page
    .locator(`table[aria-label="${label}"] tbody tr`)
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
}

async function load(page: Page): Promise<void> {
  await page.setInputFiles('#file', counter);
  await page.waitForSelector('#module dl');
}

/** Types the name of an entry that no module has. */
async function chooseEntry(page: Page, name: string): Promise<void> {
  await page.selectOption('#entry', ':other');
  await page.fill('#entry-name', name);
}

describe.runIf(isThere)('the page', () => {
  test('loads a module, offers its entries, and shows an estimate in numbers and bars', async () => {
    const { page, said, asked } = await openUrl(service.url);
    await load(page);
    expect(await page.textContent('#service')).toMatch(
      /^legacy [\d.]+, tbpf [\d.]+ · at most 1,400,000 gas · tos$/,
    );
    expect(await page.textContent('#module')).toContain('2,784 bytes, 154 instructions');
    expect(await page.locator('#entry option').allTextContents()).toEqual([
      'entrypoint',
      'entry_0',
      'entry_1',
      'hook_0',
      'deploy it',
      'another…',
    ]);
    expect(await page.inputValue('#entry')).toBe('entry_0');
    await page.click('#add');
    await page.fill('[aria-label="Value of parameter 1"]', '5');
    await page.fill('#gasLimit', '200,000');
    const sent = page.waitForRequest((request) => request.url().endsWith('/rpc'));
    await page.click('text="Estimate"');
    expect((await sent).postDataJSON()).toMatchObject({
      method: 'vm_estimateGas',
      params: {
        code: expect.stringMatching(/^7f454c46/),
        entry: 'entry_0',
        args: ['u64:5'],
        gasLimit: '200000',
      },
    });
    await page.waitForSelector('.number');
    expect(await page.textContent('.number')).toBe('862 gas');
    expect(await page.textContent('#said')).toBe('Estimated: a gas limit of 862.');
    expect(await rowsOf(page, 'Gas by what it is spent on')).toEqual([
      ['tos_storage_write', 'Storage', '1', '516', '59.9 %', ''],
      ['tos_storage_read', 'Storage', '1', '200', '23.2 %', ''],
      ['tos_set_return_data', 'Syscalls', '1', '108', '12.5 %', ''],
      ['tbpf', 'Instructions', '', '38', '4.4 %', ''],
    ]);
    expect(await page.getAttribute('[role=img]', 'aria-label')).toBe(
      'Instructions 4.4 %, Syscalls 12.5 %, Storage 83.1 %',
    );
    expect({ said, asked }).toEqual({ said: [], asked: [] });
    await page.close();
  });

  test('runs a call that reverts, and tells why', async () => {
    const { page, said } = await openUrl(service.url);
    await load(page);
    await page.check('input[name=form][value=raw]');
    await page.fill('#input', '0x00');
    await page.click('text="Run"');
    await page.waitForSelector('.fault');
    expect(await page.textContent('#result > h2')).toBe('Reverted');
    expect(await page.textContent('.number')).toBe('5 of 200,000 gas');
    expect(await page.textContent('.fault')).toContain('the contract ended with exit code 1.');
    expect(await rowsOf(page, 'State changes')).toEqual([['nonce', '00000000…0000', '', '0', '1']]);
    await page.click('text="Estimate"');
    await page.waitForSelector('#result > .fault');
    expect(await page.textContent('.fault h2')).toBe('REVERTED');
    expect(said).toEqual([]);
    await page.close();
  });

  test('draws the flame graph of a trace, and its calls', async () => {
    const { page, said } = await openUrl(service.url);
    await load(page);
    await page.click('text="Trace"');
    await page.waitForSelector('.flame-graph div');
    expect(await page.locator('.flame-graph > div').allTextContents()).toEqual([
      'a57b836b…a8a3 entry_0',
      'entry_0',
      'tos_storage_read',
      'tos_storage_write',
      'tos_set_return_data',
    ]);
    await page.fill('[aria-label="Search the flame graph"]', 'storage');
    expect(await page.textContent('.graph-tools [role=status]')).toBe('2 found, 83.16% of the gas');
    await page.focus('.flame-graph > div');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.textContent('.told')).toBe('tos_storage_read: 200 gas, 23.23%; itself 200 gas; 1 call');
    await page.keyboard.press('Enter');
    expect(await page.locator('.flame-graph > div').count()).toBe(3);
    await page.setViewportSize({ width: 700, height: 900 });
    expect(await page.locator('.flame-graph > div').count()).toBe(3);
    expect(await page.textContent('[aria-label="Tree of calls"]')).toContain(
      '108      tos_set_return_data(data=0x0100000000000000)',
    );
    expect(said).toEqual([]);
    await page.close();
  });

  test('can be used by the keyboard alone', async () => {
    const { page } = await openUrl(server.url);
    await page.focus('#code');
    await page.keyboard.type('7f 45 4c 46');
    await page.keyboard.press('Tab');
    await page.waitForSelector('#module dl');
    const focused = () => page.evaluate('document.activeElement.id || document.activeElement.value');
    expect(await focused()).toBe('entry');
    await page.keyboard.press('End');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('entry-name');
    await page.keyboard.type('entry_7');
    for (let i = 0; i < 5; i++) await page.keyboard.press('Tab');
    expect(await focused()).toBe('gasLimit');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.number');
    expect(server.asked.at(-1)!.params).toEqual({ code: '7f454c46', entry: 'entry_7' });
    await page.close();
  });

  test('goes to the field that is wrong, and says why', async () => {
    const { page } = await openUrl(server.url);
    const count = server.asked.length;
    await page.click('text="Estimate"');
    expect(await page.textContent('#problem')).toBe('Choose a file, or give the bytes of a module.');
    await page.check('input[name=source][value=address]');
    await page.fill('#contract', 'a'.repeat(64));
    await page.click('summary');
    await page.fill('#state', '{');
    await page.click('summary');
    await page.click('text="Estimate"');
    expect(await page.textContent('#problem')).toMatch(/^state: /);
    expect(await page.getAttribute('#state', 'aria-invalid')).toBe('true');
    expect(await page.evaluate('document.activeElement.id')).toBe('state');
    await page.fill('#state', `{ "${'b'.repeat(64)}": { "balance": "5" } }`);
    await page.click('text="Estimate"');
    await page.waitForSelector('.number');
    expect(server.asked.slice(count).filter(({ method }) => method !== 'vm_engines')).toEqual([
      {
        key: undefined,
        method: 'vm_estimateGas',
        params: {
          contract: 'a'.repeat(64),
          entry: 'entrypoint',
          state: { ['b'.repeat(64)]: { balance: '5' } },
        },
      },
    ]);
    await page.close();
  });

  test('shows names and messages of a hostile contract as text', async () => {
    const { page, said, asked } = await openUrl(server.url);
    await load(page);
    await chooseEntry(page, 'hostile');
    for (const [action, said] of [
      ['Estimate', 'It failed: ACCESS_VIOLATION.'],
      ['Run', 'Run: failed, 861 gas.'],
      ['Trace', 'Traced: success, 861 gas.'],
    ]) {
      await page.click(`text="${action}"`);
      await page.locator('#said', { hasText: said! }).waitFor({ state: 'attached' });
      const text = await page.textContent('#result');
      expect(text).toContain('<img src=x onerror="console.log(1)"></script>\\u{202e}\\u{1b}[2J');
      for (const unsafe of ['\u202e', '\u001b']) expect(text).not.toContain(unsafe);
      expect(await page.locator('img').count()).toBe(0);
    }
    expect({ said, asked }).toEqual({ said: [], asked: [] });
    await page.close();
  });

  test('is light or dark as its reader has set, and fits a narrow screen', async () => {
    const { page } = await openUrl(server.url);
    await load(page);
    await page.click('text="Run"');
    await page.waitForSelector('.number');
    const papers: unknown[] = [];
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      papers.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
    }
    expect(papers).toEqual(['rgb(22, 24, 27)', 'rgb(255, 255, 255)']);
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await page.close();
  });

  test('keeps nothing but the key, and that for the tab', async () => {
    const locked = await openStandIn('k1');
    const { page } = await openUrl(locked.url);
    await page.locator('#service', { hasText: 'key is missing' }).waitFor();
    await page.fill('#key', 'k1');
    await page.press('#key', 'Tab');
    await page.locator('#service', { hasText: 'tbpf' }).waitFor();
    expect(locked.asked.map(({ key }) => key)).toEqual([undefined, 'k1']);
    const stored = '[JSON.stringify({ ...sessionStorage }), localStorage.length, document.cookie]';
    expect(await page.evaluate(stored)).toEqual(['{"switchyard-key":"k1"}', 0, '']);
    await page.reload();
    expect(await page.inputValue('#key')).toBe('k1');
    await page.close();
    await locked.close();
  });
});
