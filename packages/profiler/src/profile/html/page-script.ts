import { FLAME_GRAPH_SCRIPT } from './flame-graph-script.ts';

/** The program of the page of one profile: draws what the data block has. */
export const PAGE_SCRIPT = `
'use strict';
(() => {
${FLAME_GRAPH_SCRIPT.trim()}
  const [graph, told, search, found, out, data] = ['graph', 'told', 'search', 'found', 'out', 'data'].map((id) => document.getElementById(id));
  const draw = drawFlameGraph({ graph, told, search, found, out }, JSON.parse(data.textContent));
  document.querySelector('form').addEventListener('submit', (event) => event.preventDefault());
  addEventListener('resize', draw);
  addEventListener('beforeprint', draw);
  document.documentElement.dataset.drawn = String(graph.children.length);
})();
`;
