import { escapeHtml } from '@switchyard/core';
import type { Divergence } from '../../compare/comparison.ts';
import { placeOf } from '../../observe/place.ts';
import { type AccountNames, withNames } from '../account-names.ts';
import type { Report, SideDetail } from '../report.ts';
import { count, valueText } from '../words.ts';
import { markedText } from './marked-text.ts';

/** What both sides did in a call, next to each other, and the state that they began with. */
export function sideColumns({ call, detail }: NonNullable<Report['first']>, names: AccountNames): string {
  const [old, fresh] = [stateText(detail.old, names), stateText(detail.new, names)];
  const both = old === fresh ? `<h3>State before, on both sides</h3>${block(old)}` : '';
  const column = (side: 'old' | 'new'): string => {
    const { error, logs, gas, observation } = call[side];
    const parts = [
      `<h3>${side === 'old' ? 'Old' : 'New'}: ${escapeHtml(observation.outcome)}, ${gas} gas</h3>`,
      error === null ? '' : `<p>${markedText(`${error.code}: ${error.message}`)}</p>`,
      `<h4>What it did</h4>${block(deedsOf(call[side], names))}`,
      both === '' ? `<h4>State before</h4>${block(side === 'old' ? old : fresh)}` : '',
      logs.length === 0 ? '' : `<h4>Logs</h4>${block(logs.join('\n'))}`,
      `<h4>Trace: place, gas left, instruction</h4>${block(traceText(detail[side]))}`,
    ];
    return `<div>${parts.join('')}</div>`;
  };
  return `${both}<div class="sides">${column('old')}${column('new')}</div>`;
}

/** A line for each thing that a call did. */
function deedsOf({ observation }: Divergence['old'], names: AccountNames): string {
  const { returned, storage, flows, balances, events } = observation;
  const set = (place: string, value: unknown): string =>
    `${withNames(place, names)} = ${value === null ? 'absent' : valueText(value, names)}`;
  const lines = [
    ...(returned === null ? [] : [`returned  ${valueText(returned, names)}`]),
    ...storage.map(([item, fields, value]) => `storage   ${set(placeOf(item, fields), value)}`),
    ...flows.map((flow) => `flow      ${valueText(flow, names)}`),
    ...balances.map(([account, asset, amount]) => `balance   ${set(`${account} ${asset}`, amount)}`),
    ...events.map(([name, fields]) => `event     ${name} ${valueText(fields, names)}`),
  ];
  return lines.length === 0 ? 'nothing that lasts' : lines.join('\n');
}

function stateText({ stateBefore }: SideDetail, names: AccountNames): string {
  const lines = stateBefore.map(
    ([place, value]) => `${withNames(place, names)} = ${valueText(value, names)}`,
  );
  return lines.length === 0 ? 'empty' : lines.join('\n');
}

function traceText({ trace, traceSkipped }: SideDetail): string {
  const steps = trace.map(
    ({ pc, instruction, gasLeft }) => `${`${pc}`.padStart(6)}  ${gasLeft.padStart(10)}  ${instruction}`,
  );
  return [...(traceSkipped === 0 ? [] : [`… ${count(traceSkipped, 'step')} before`]), ...steps].join('\n');
}

function block(text: string): string {
  return `<pre>${markedText(text)}</pre>`;
}
