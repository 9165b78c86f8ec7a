import { readFileSync } from 'node:fs';
import { containerModule as legacy } from '@switchyard/legacy/module';
import { containerModule as tbpf } from '@switchyard/tbpf/module';
import { expect, test } from 'vitest';
import { compare, generate, readSuite } from './index.ts';

test('x', () => {
  const folder = new URL('../../../fixtures/migration/token-ledger/', import.meta.url);
  const suite = readSuite({
    name: 'suite.yaml',
    text: readFileSync(new URL('suite.yaml', folder), 'utf8'),
    readFile: (p) => new Uint8Array(readFileSync(new URL(p, folder))),
  });
  const report = compare(suite, { modules: [tbpf, legacy], today: '2026-11-21' });
  console.log(JSON.stringify(report, null, 1).slice(0, 9000));
  const big = {
    ...suite,
    calls: Array.from({ length: 3000 }, (_, i) => suite.calls[i % suite.calls.length]!),
  };
  for (const n of [0, 1, 2]) {
    const t = performance.now();
    const r = compare(big, { modules: [tbpf, legacy], today: '2026-11-21' });
    console.log(r.verdict, r.totals, 3000 / (performance.now() - t), 'pairs/ms', n);
  }
  const t = performance.now();
  const g = generate(suite, { modules: [tbpf, legacy], today: '2026-11-21' });
  console.log(
    performance.now() - t,
    g.verdict,
    g.totals,
    JSON.stringify(g.coverage),
    JSON.stringify(g.shrunk),
    JSON.stringify(g.entries),
  );
  expect(1).toBe(1);
});
