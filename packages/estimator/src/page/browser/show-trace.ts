import type { TraceResult } from '@switchyard/client';
import { make } from './dom.ts';
import { drawFlameGraph } from './flame-graph.js';
import { showFault } from './show-fault.ts';
import { grouped, printable } from './text.ts';

type Profile = NonNullable<TraceResult['profile']>;

/** Where the gas of a call went, as a flame graph, and the tree of its calls as text. @param place what is shown is appended to it */
export function showTrace(place: HTMLElement, profile: TraceResult, tree: TraceResult): () => void {
  const { status, gasUsed, fault } = profile;
  place.append(
    make('h2', { class: status === 'success' ? 'good' : 'bad' }, 'Gas used'),
    make('div', { class: 'number' }, grouped(gasUsed), ' ', make('small', {}, `gas, ${status}`)),
  );
  if (fault !== null) place.append(showFault(fault));
  let redraw = (): void => {};
  if (profile.profile !== null) redraw = showProfile(place, profile.profile);
  if (tree.tree !== null) {
    const text = tree.tree.split('\n').map(printable).join('\n');
    place.append(
      make('h3', {}, 'Calls'),
      make('pre', { tabindex: '0', 'aria-label': 'Tree of calls' }, text),
    );
    if (tree.isCut) place.append(make('p', { class: 'note' }, 'There was more; the tree was cut.'));
  }
  return redraw;
}

const KEYS = 'Arrow keys move, Enter zooms in, Escape zooms out.';

function showProfile(place: HTMLElement, { frames, nodes, isCut }: Profile): () => void {
  const search = make('input', { type: 'search', 'aria-label': 'Search the flame graph' });
  const out = make('button', { type: 'button' }, 'Zoom out');
  const found = make('span', { role: 'status' });
  const graph = make('div', {
    class: 'flame-graph',
    role: 'tree',
    'aria-label': `Flame graph of gas: callers above, what they call below, as wide as its gas. ${KEYS}`,
  });
  const told = make('div', { class: 'told mono', 'aria-live': 'polite' });
  place.append(
    make('h3', {}, 'Flame graph'),
    make('div', { class: 'graph-tools' }, make('label', {}, 'Search ', search), out, found),
    graph,
    told,
  );
  if (isCut)
    place.append(make('p', { class: 'note' }, 'There were too many different calls: some are put together.'));
  return drawFlameGraph(
    { graph, told, search, found, out },
    {
      frames: frames.map(({ kind, name, source }) => ({
        kind,
        name: printable(name),
        ...(source === null ? {} : { source: printable(source) }),
      })),
      nodes: nodes.map(({ frame, depth, calls, self, total }) => [frame, depth, calls, self, total]),
    },
  );
}
