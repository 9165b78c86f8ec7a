import { FLAME_GRAPH_STYLE } from './flame-graph-style.ts';

/** Styles of the flame graph's page: light and dark by the reader's setting, and what is printed. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fff; --dim: #666; --edge: #d0d0d0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --paper: #1b1c1e; --dim: #a0a0a0; --edge: #444; } }
* { box-sizing: border-box; }
body { margin: 1.5rem; font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.25rem; margin: 0 0 .25rem; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
p { margin: 0 0 1rem; color: var(--dim); }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin-bottom: .75rem; }
input, button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--edge); border-radius: 4px; padding: .2rem .5rem; }
${FLAME_GRAPH_STYLE.trim()}
#told { min-height: 1.5em; margin: .5rem 0; font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; font: 13px/1.5 ui-monospace, monospace; }
th, td { padding: .1rem .75rem .1rem 0; text-align: right; vertical-align: top; } th:last-child, td:last-child { text-align: left; overflow-wrap: anywhere; }
th { color: var(--dim); font-weight: normal; border-bottom: 1px solid var(--edge); }
@media print { body { margin: 0; --ink: #000; --paper: #fff; } form { display: none; } * { print-color-adjust: exact; } h2 { break-after: avoid; } tr { break-inside: avoid; } }
`;
