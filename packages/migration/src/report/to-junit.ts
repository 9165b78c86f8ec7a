import { create, type XMLElement } from 'xmlbuilder';
import type { AccountNames } from './account-names.ts';
import type { Report } from './report.ts';
import {
  differenceText,
  failureTitle,
  shrunkCallText,
  stateDifferenceText,
  verdictSentence,
} from './words.ts';

/** Divergences that a test case's failure lists. */
const SHOWN = 20;

/** The report as JUnit XML: a test case for each entry, one for the final state, one for the input. No times, so equal inputs give equal bytes. */
export function toJunit(report: Report): string {
  const names = new Map(report.names);
  const cases: readonly (readonly [name: string, failure: string | undefined])[] = [
    ...report.entries.map(({ entry, calls, different }): [string, string | undefined] => [
      `${entry} (${calls} calls)`,
      different === 0 ? undefined : failuresOf(report, entry, names),
    ]),
    ['final state', listed(report.finalState.differences.map((each) => stateDifferenceText(each, names)))],
    ['input', listed(report.corrupt.map(({ line, reason }) => `line ${line}: ${reason}`))],
  ];
  const failures = cases.filter(([, failure]) => failure !== undefined).length;
  const counts = { tests: cases.length, failures, errors: 0, skipped: 0 };
  const root = create('testsuites', { encoding: 'UTF-8' }, undefined, { invalidCharReplacement: '\ufffd' });
  for (const [name, value] of Object.entries({ name: 'switchyard migrate', ...counts }))
    root.att(name, value);
  const suite = root.ele('testsuite', { name: report.suite, ...counts });
  addProperties(suite, report);
  for (const [name, failure] of cases) {
    const one = suite.ele('testcase', { classname: report.suite, name });
    if (failure !== undefined)
      one.ele('failure', { message: verdictSentence(report), type: 'divergence' }, failure);
  }
  return `${root.end({ pretty: true })}\n`;
}

function addProperties(suite: XMLElement, { sides, input }: Report): void {
  const properties = suite.ele('properties');
  for (const side of ['old', 'new'] as const) {
    properties.ele('property', { name: side, value: sides[side].name });
    properties.ele('property', { name: `${side}.sha256`, value: sides[side].codeHash });
  }
  properties.ele('property', { name: 'input', value: input });
}

function failuresOf(report: Report, entry: string, names: AccountNames): string {
  const shrunk = report.shrunk.filter(({ divergence }) => divergence.entry === entry);
  if (shrunk.length > 0) {
    return shrunk
      .map((failure) =>
        [
          failureTitle(failure),
          ...failure.calls.map((call, index) => `${index + 1}. ${shrunkCallText(call)}`),
          ...failure.divergence.differences.map((each) => differenceText(each, names)),
        ].join('\n'),
      )
      .join('\n\n');
  }
  return report.divergences
    .filter((each) => each.entry === entry && each.verdict === 'different')
    .slice(0, SHOWN)
    .map(({ index, args, differences }) =>
      [`call ${index}, ${entry}(${args})`, ...differences.map((each) => differenceText(each, names))].join(
        '\n',
      ),
    )
    .join('\n\n');
}

function listed(lines: readonly string[]): string | undefined {
  return lines.length === 0 ? undefined : lines.slice(0, SHOWN).join('\n');
}
