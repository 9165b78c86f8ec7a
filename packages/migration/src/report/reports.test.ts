import { expect, test } from 'vitest';
import { compare } from '../compare/compare.ts';
import { generate } from '../generate/generate.ts';
import { anyoneMints, engines, ledgerSuite, legacyPair, today } from '../pairs.fixture.ts';
import { toHtml } from './to-html.ts';
import { toJunit } from './to-junit.ts';
import { toMarkdown } from './to-markdown.ts';
import { toText } from './to-text.ts';

const equal = compare(ledgerSuite(), { modules: engines, today });
const different = compare(legacyPair(anyoneMints), { modules: engines, today });
const generated = generate(
  { ...legacyPair(anyoneMints), calls: [] },
  { modules: engines, today, calls: 200 },
);

test('a terminal shows verdict, builds, entries and their gas', () => {
  expect(toText(equal)).toBe(`token ledger: equal
The new build did what the old one did in all 7 calls.

  old    ../../contracts/legacy/token-ledger.module (legacy 1.0.0)
  new    token_ledger.so (tbpf 0.14.1)
  input  the suite

  entry           calls  equal  accepted  different  gas old  gas new
  constructor         1      1         0          0      465      632  1.36×
  expect_balance      2      2         0          0      220      243  1.10×
  mint                2      2         0          0      151      317  2.10×
  transfer            2      2         0          0      278      297  1.07×`);
});

test('a terminal shows what came out differently, and the shortest sequence that shows it', () => {
  expect(toText(different)).toContain(`Call 4, mint("alice","1"):
  outcome: old exit 1, new success`);
  expect(toText(generated)).toContain(`Fails: mint: outcome (1 call)
  1. mint("minter","0") from alice
     outcome: old exit 1, new success`);
});

test('markdown has a table of entries and what is not compared', () => {
  const text = toMarkdown(different);
  expect(text).toContain('| mint | 2 | 1 | 0 | 1 | 151 | 927 | 6.14× |');
  expect(text).toContain('- call 4, `mint("alice","1")`\n  - `outcome: old exit 1, new success`');
  expect(text).toContain('## Not compared');
});

test('JUnit has a case for each entry, and the failing one says why', () => {
  const text = toJunit(different);
  expect(text).toContain('<testsuite name="token ledger" tests="6" failures="3" errors="0" skipped="0">');
  expect(text).toContain('call 4, mint("alice","1")\noutcome: old exit 1, new success');
});

test('what a suite or contract says cannot become markup in any form', () => {
  const evil = '</script><img src=x onerror=alert(1)> `|';
  const report = {
    ...different,
    suite: evil,
    divergences: different.divergences.map((each) => ({ ...each, args: evil })),
    calls: different.calls.map((each) => ({ ...each, args: evil })),
  };
  expect(toHtml(report)).not.toContain('<img');
  expect(toHtml(report).match(/<\/script>/g)).toHaveLength(2);
  expect(toJunit(report)).not.toContain('<img');
  expect(toMarkdown(report)).not.toContain('# Migration: </script><img');
});

test('equal reports give equal bytes in every form', () => {
  const again = compare(legacyPair(anyoneMints), { modules: engines, today });
  for (const form of [toText, toMarkdown, toJunit, toHtml]) expect(form(again)).toBe(form(different));
});
