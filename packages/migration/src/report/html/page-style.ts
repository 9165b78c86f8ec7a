/** Styles of the report's page: light and dark by the reader's setting, and what is printed. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fff; --dim: #666; --edge: #d0d0d0; --old: #7f9ec7; --new: #f2a65a;
  --good: #2e7d32; --bad: #c62828; --mild: #a86b00; --shade: #f4f4f2; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #171717; --dim: #9a9a9a; --edge: #3c3c3c; --old: #5e80ad;
  --new: #c9813a; --good: #7bc67e; --bad: #ef7b7b; --mild: #e0b060; --shade: #222; } }
* { box-sizing: border-box; }
body { margin: 2rem auto; max-width: 76rem; padding: 0 1rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
code, pre, .mono { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .2rem .6rem .2rem 0; vertical-align: top; }
th { color: var(--dim); font-weight: 500; } tbody tr { border-top: 1px solid var(--edge); } td.n, th.n { text-align: right; }
.verdict { font-size: 1.1rem; font-weight: 600; } .equal { color: var(--good); } .accepted { color: var(--mild); } .different, .incomplete { color: var(--bad); }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; } .sides > div { min-width: 0; }
pre { background: var(--shade); padding: .6rem; max-height: 24rem; overflow: auto; margin: .3rem 0; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; } svg .dim { fill: var(--dim); }
.bar-old { fill: var(--old); } .bar-new { fill: var(--new); } .span { stroke: var(--ink); stroke-width: 1; }
.key { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 1em; }
form { margin: .5rem 0; } input, select { font: inherit; padding: .2rem .4rem; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } form { display: none; } pre { max-height: none; white-space: pre-wrap; }
  h2 { break-after: avoid; } tr { break-inside: avoid; } .bar-old, .bar-new { print-color-adjust: exact; } }
`;
