import type { ExecuteResult } from '@switchyard/client';
import { make, makeFacts, makeTable } from './dom.ts';
import { surroundings } from './show-estimate.ts';
import { showFault } from './show-fault.ts';
import { grouped, printable, shortHex, shownBytes, textOfBytes } from './text.ts';

const STATUS = { success: 'Success', reverted: 'Reverted', failed: 'Failed' } as const;

/** What came of a run: its end, what it returned, and what it said and changed. */
export function showRun(run: ExecuteResult): readonly HTMLElement[] {
  const { status, exitCode, returnData, returnValue, gas, fault } = run;
  const mono = (text: string): HTMLElement => make('span', { class: 'mono' }, text);
  const text = textOfBytes(returnData);
  return [
    make('h2', { class: status === 'success' ? 'good' : 'bad' }, STATUS[status]),
    make(
      'div',
      { class: 'number' },
      grouped(gas.charged),
      ' ',
      make('small', {}, `of ${grouped(gas.limit)} gas`),
    ),
    ...(fault === null ? [] : [showFault(fault)]),
    makeFacts([
      ['Exit code', exitCode === null ? null : mono(exitCode)],
      ['Returned', returnData === '' ? 'nothing' : mono(returnData)],
      ['as text', text === null ? null : mono(`"${text}"`)],
      ['as u64', numberOf(returnData)],
      ['as value', returnValue === null ? null : mono(printable(JSON.stringify(returnValue)))],
      ['Fee', gas.price === '0' ? null : `${grouped(gas.fee)} at ${grouped(gas.price)} a unit`],
      ...surroundings(run),
    ]),
    ...logs(run),
    ...events(run),
    ...transfers(run),
    ...changes(run),
  ];
}

/** Eight bytes as the number that they are, the lowest byte first; null for other lengths. */
function numberOf(hex: string): string | null {
  if (hex.length !== 16) return null;
  return grouped(`${BigInt(`0x${hex.match(/../g)!.reverse().join('')}`)}`);
}

/** The heading of a list that is there; one that is empty is left out. */
function section(title: string, count: number, list: () => HTMLElement): readonly HTMLElement[] {
  return count === 0 ? [] : [make('h3', {}, `${title} (${grouped(count)})`), list()];
}

function logs({ logs: rows, contract }: ExecuteResult): readonly HTMLElement[] {
  const isForeign = rows.some((row) => row.contract !== contract);
  const lines = rows.map((row) => {
    const who = isForeign ? `${nameOf(row.contract, contract)}: ` : '';
    return `${who}${printable(row.message)}`;
  });
  return section('Logs', rows.length, () =>
    make('pre', { tabindex: '0', 'aria-label': 'Logs' }, lines.join('\n')),
  );
}

function events({ events: rows, contract }: ExecuteResult): readonly HTMLElement[] {
  return section('Events', rows.length, () =>
    makeTable(
      'Events',
      [{ title: 'Contract' }, { title: 'Topics', kind: 'mono' }, { title: 'Data', kind: 'mono' }],
      rows.map((row) => [
        address(row.contract, contract),
        row.topics.map(shownBytes).join(' '),
        shownBytes(row.data),
      ]),
    ),
  );
}

function transfers({ transfers: rows, contract }: ExecuteResult): readonly HTMLElement[] {
  return section('Transfers', rows.length, () =>
    makeTable(
      'Transfers',
      [
        { title: 'Kind' },
        { title: 'From' },
        { title: 'To' },
        { title: 'Asset' },
        { title: 'Amount', kind: 'amount' },
      ],
      rows.map(({ kind, from, to, asset, amount }) => [
        kind,
        from === null ? '' : address(from, contract),
        to === null ? '' : address(to, contract),
        assetName(asset),
        grouped(amount),
      ]),
    ),
  );
}

function changes({ stateChanges: rows, contract }: ExecuteResult): readonly HTMLElement[] {
  return section('State changes', rows.length, () =>
    makeTable(
      'State changes',
      [
        { title: 'Kind' },
        { title: 'Of' },
        { title: 'Key', kind: 'mono' },
        { title: 'Before', kind: 'mono' },
        { title: 'After', kind: 'mono' },
      ],
      rows.map(({ kind, address: of, key, before, after }) => [
        kind,
        address(of, contract),
        key === null ? '' : kind === 'balance' ? assetName(key) : shownBytes(key),
        before ?? 'absent',
        after ?? 'absent',
      ]),
    ),
  );
}

function assetName(asset: string): string | HTMLElement {
  return /^0*$/.test(asset) ? 'native' : make('span', { class: 'mono', title: asset }, shortHex(asset));
}

function nameOf(address: string, contract: string): string {
  return address === contract ? 'the contract' : shortHex(address);
}

function address(of: string, contract: string): HTMLElement {
  return of === contract
    ? make('span', { title: of }, 'the contract')
    : make('span', { class: 'mono', title: of }, shortHex(of));
}
