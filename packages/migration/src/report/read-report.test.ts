import { readFileSync } from 'node:fs';
import type { VmError } from '@switchyard/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { readAccepted } from '../compare/accepted.ts';
import { compare } from '../compare/compare.ts';
import { generate } from '../generate/generate.ts';
import { anyoneMints, engines, ledgerSuite, legacyPair, silentTransfer, today } from '../pairs.fixture.ts';
import { readReport } from './read-report.ts';
import type { Report } from './report.ts';

const rules = readAccepted(
  'accepted.yaml',
  'switchyard: migration-accepted/1\nrules: [{ id: quiet, reason: nobody listens, expires: 2027-01-01, aspect: events }]',
);
const reports: Readonly<Record<string, Report>> = {
  equal: compare(ledgerSuite(), { modules: engines, today }),
  different: compare(legacyPair(anyoneMints), { modules: engines, today }),
  accepted: compare(legacyPair(silentTransfer), { modules: engines, today, accepted: rules }),
  generated: generate(legacyPair(anyoneMints), { modules: engines, today, calls: 200 }),
};
const text = JSON.stringify(reports['generated']);

/** What reading the report says when another value stands in a place, such as `totals.calls`. */
function refusal(place: string, value: unknown): string {
  const report: unknown = JSON.parse(text);
  const path = place.split('.');
  const last = path.pop()!;
  let at = report as Record<string, unknown>;
  for (const key of path) at = at[key] as Record<string, unknown>;
  at[last] = value;
  return refusalOf(JSON.stringify(report));
}

function refusalOf(json: string): string {
  try {
    readReport('report.json', json);
  } catch (thrown) {
    return `${(thrown as VmError).code}: ${(thrown as Error).message}`;
  }
  return 'read';
}

test.each(Object.keys(reports))(
  'the published schema fits a report that is %s, and it is read back whole',
  (kind) => {
    const file = new URL('../../../../docs/reference/migration-report.schema.json', import.meta.url);
    const validate = new Ajv2020({ strict: true, formats: { date: true } }).compile(
      JSON.parse(readFileSync(file, 'utf8')) as object,
    );
    const json = JSON.stringify(reports[kind]);
    expect(validate(JSON.parse(json)) ? [] : validate.errors).toEqual([]);
    expect(JSON.stringify(readReport('report.json', json))).toBe(json);
  },
);

test('what is not a report is refused with the place', () => {
  expect(refusalOf('{')).toBe('REPORT_INVALID: report.json is not JSON.');
  expect(refusalOf('null')).toBe(
    'REPORT_INVALID: report.json: Invalid input: expected object, received null.',
  );
  expect(refusalOf('{"format":"switchyard-migration-report/9"}')).toBe(
    'REPORT_INVALID: report.json: format: Invalid input: expected "switchyard-migration-report/1".',
  );
});

test('markup in the place of a number is refused: numbers go into attributes of the page', () => {
  const evil = '"><img src=x onerror=alert(1)>';
  expect(refusal('entries.0.gas.old.median', evil)).toBe(
    'REPORT_INVALID: report.json: entries.0.gas.old.median: Invalid input: expected number, received string.',
  );
  expect(refusal('calls.0.verdict', evil)).toContain('REPORT_INVALID: report.json: calls.0.verdict: ');
  expect(refusal('totals.calls', -1)).toContain('REPORT_INVALID: report.json: totals.calls: ');
  expect(refusalOf(text.replace(/"median":\d+/, '"median":1e999'))).toContain('entries.0.gas.old.median: ');
});

test('unknown fields and bottomless nesting are refused', () => {
  expect(refusal('more', 1)).toContain('Unrecognized key: "more"');
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  expect(refusalOf(text.replace('"accepted":[]', `"accepted":${deep}`))).toBe(
    'REPORT_INVALID: report.json: nested more than 128 levels deep.',
  );
});
