import type { EstimateGasResult, GasShare } from '@switchyard/client';
import { make, makeFacts, makeSvg, makeTable } from './dom.ts';
import { grouped, percentOf, printable, shortHex } from './text.ts';

const KINDS: Readonly<Record<GasShare['kind'], string>> = {
  instructions: 'Instructions',
  syscall: 'Syscalls',
  storage: 'Storage',
  call: 'Nested calls',
  code: 'Storing code',
};

const METHODS = {
  exact: 'Exact: the smallest limit that works. A run at exactly this limit succeeded.',
  search:
    'By search: the contract looks at its gas, so a limit that works was searched for. A smaller one may work, too.',
} as const;

/** A limit, how sure it is, and where the gas goes. */
export function showEstimate(estimate: EstimateGasResult): readonly HTMLElement[] {
  const { gasLimit, gasUsed, refund, margin, method, runs, breakdown } = estimate;
  const shown: HTMLElement[] = [
    make('h2', {}, 'Gas limit to set'),
    make('div', { class: 'number' }, grouped(gasLimit), ' ', make('small', {}, 'gas')),
    make('p', { class: 'note' }, METHODS[method]),
  ];
  if (estimate.exceedsLimit) {
    shown.push(make('p', { class: 'warning' }, 'More than a block or a transaction may use here.'));
  }
  shown.push(
    makeFacts([
      ['Used', grouped(gasUsed)],
      ['Margin', margin === '0' ? 'none' : grouped(margin)],
      ['Refund', refund === '0' ? 'none' : grouped(refund)],
      ['Runs', grouped(runs)],
      ...surroundings(estimate),
    ]),
  );
  if (breakdown !== null && breakdown.length > 0) shown.push(...showBreakdown(breakdown, gasUsed));
  return shown;
}

/** On what an answer stands, for a list of facts. */
export function surroundings(
  of: Pick<EstimateGasResult, 'engine' | 'version' | 'contract' | 'stateVersion' | 'height'>,
): readonly (readonly [string, string | HTMLElement | null])[] {
  const engine = of.engine === null ? null : `${of.engine} ${of.version ?? ''}`.trim();
  return [
    ['Engine', engine],
    ['Contract', make('span', { class: 'mono' }, of.contract)],
    ['State', `version ${grouped(of.stateVersion)}, block ${grouped(of.height)}`],
  ];
}

function showBreakdown(shares: readonly GasShare[], whole: string): readonly HTMLElement[] {
  const rows = shares.map(({ kind, name, gas, calls }) => [
    make('span', {}, make('i', { class: kind, 'aria-hidden': 'true' }), nameOf(kind, name)),
    KINDS[kind],
    kind === 'instructions' ? '' : grouped(calls),
    grouped(gas),
    `${percentOf(gas, whole).toFixed(1)} %`,
    bar(kind, percentOf(gas, whole)),
  ]);
  return [
    make('h3', {}, 'Where the gas goes'),
    ...sums(shares, whole),
    makeTable(
      'Gas by what it is spent on',
      [
        { title: 'Spent on' },
        { title: 'Kind' },
        { title: 'Calls', kind: 'amount' },
        { title: 'Gas', kind: 'amount' },
        { title: 'Share', kind: 'amount' },
        { title: '', kind: 'bar' },
      ],
      rows,
    ),
  ];
}

function nameOf(kind: GasShare['kind'], name: string): string {
  return kind === 'call' ? shortHex(printable(name)) : printable(name);
}

function bar(kind: GasShare['kind'], percent: number): SVGElement {
  const rect = makeSvg('rect', { class: kind, width: `${percent}`, height: '10', rx: '0.4' });
  return makeSvg('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, rect);
}

/** One bar of all kinds, and their sums below it. */
function sums(shares: readonly GasShare[], whole: string): readonly HTMLElement[] {
  const byKind = (Object.keys(KINDS) as GasShare['kind'][])
    .map((kind) => {
      const gas = shares
        .filter((share) => share.kind === kind)
        .reduce((sum, share) => sum + BigInt(share.gas), 0n);
      return { kind, gas: `${gas}`, percent: percentOf(`${gas}`, whole) };
    })
    .filter(({ gas }) => gas !== '0');
  let x = 0;
  const rects = byKind.map(({ kind, percent }) => {
    const rect = makeSvg('rect', { class: kind, x: `${x}`, width: `${percent}`, height: '10' });
    x += percent;
    return rect;
  });
  const told = byKind.map(({ kind, percent }) => `${KINDS[kind]} ${percent.toFixed(1)} %`).join(', ');
  const chart = make('div', { role: 'img', 'aria-label': told });
  chart.append(
    makeSvg('svg', { class: 'stack', viewBox: '0 0 100 10', preserveAspectRatio: 'none' }, ...rects),
  );
  const legend = byKind.map(({ kind, gas }) =>
    make('li', {}, make('i', { class: kind }), `${KINDS[kind]} `, make('b', {}, grouped(gas))),
  );
  return [chart, make('ul', { class: 'legend' }, ...legend)];
}
