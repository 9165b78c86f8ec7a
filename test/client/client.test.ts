import { readFileSync } from 'node:fs';
import { createClient } from '@switchyard/client';
import { METHODS } from '@switchyard/estimator/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPage } from '../docs/run-page.ts';
import { type ServedEstimator, serveEstimator } from '../support/serve.ts';

let server: ServedEstimator;
beforeAll(async () => {
  server = await serveEstimator({ config: { state: { kind: 'memory' }, estimator: { workers: 1 } } });
}, 60_000);
afterAll(() => server?.stop());

test('the client has every method of the service', () => {
  const names = Object.keys(METHODS).map((name) => name.replace('vm_', ''));
  expect(Object.keys(createClient({ url: server.url }))).toEqual([...names, 'batch']);
});

test("the program of the client's README prints what it says", async () => {
  const page = readFileSync(new URL('../../packages/client/README.md', import.meta.url), 'utf8').replaceAll(
    'http://127.0.0.1:8645',
    server.url,
  );
  expect(page).toContain(server.url);
  expect(await runPage(page)).toBe(page);
});
