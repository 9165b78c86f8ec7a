import { readFileSync } from 'node:fs';
import { ExecutionEnvironment, JournaledState, MemoryBackend, VmFactory } from '@switchyard/core';
import { profileCall, toHtml } from '@switchyard/profiler';
import { TbpfTools, tbpfEngine } from '@switchyard/tbpf';
import { expect, test } from 'vitest';
import { HOSTILE_NAME, sampleProfile } from '../../packages/profiler/src/profile/sample-profile.fixture.ts';
import { useBrowser } from '../support/browser.ts';

const { isThere, openHtml } = useBrowser();
const tools = new TbpfTools();

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
    const { page, said, asked } = await openHtml(helloWorld());
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
  const { page, said, asked } = await openHtml(toHtml(sampleProfile, HOSTILE_NAME));
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.locator('#graph > div').count()).toBe(4);
  expect({ said, asked }).toEqual({ said: [], asked: [] });
  await page.close();
});
