/** Styles of the report's page: light and dark by the reader's setting, and what is printed. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fff; --dim: #5c5c5c; --edge: #dcdcdc; --old: #6f92c2; --new: #e8923a;
  --good: #1b6e24; --bad: #b3201f; --mild: #865300; --shade: #f5f5f3; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #171717; --dim: #a4a4a4; --edge: #3a3a3a; --old: #6a90c4;
  --new: #d0873c; --good: #84cc87; --bad: #f28b8b; --mild: #e3b566; --shade: #222; } }
* { box-sizing: border-box; }
body { margin: 2rem auto; max-width: 76rem; padding: 0 1.5rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; margin: 0 0 .5rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; } h3 { font-size: 1rem; margin: 1rem 0 .3rem; }
h4 { font-size: .9rem; font-weight: 500; color: var(--dim); margin: .8rem 0 .2rem; }
h1, h2, h3, p, li, td { overflow-wrap: anywhere; } td { min-width: 3.2rem; } td.name { min-width: 9rem; }
td.end, td.equal, td.accepted, td.different { min-width: 6rem; }
code, pre, td.mono, div.mono { font-family: ui-monospace, monospace; font-size: .9em; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .25rem 1.1rem .25rem 0; vertical-align: top; }
th { color: var(--dim); font-weight: 500; white-space: nowrap; } thead { border-bottom: 1px solid var(--dim); }
tbody tr + tr { border-top: 1px solid var(--edge); }
td.n, th.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.verdict { display: inline-block; padding: .05rem .6rem; margin-right: .4rem; border: 1.5px solid; border-radius: .3rem; }
.equal { color: var(--good); } .accepted { color: var(--mild); } .different, .incomplete { color: var(--bad); }
.hex { white-space: nowrap; text-decoration: underline dotted var(--dim); }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; } .sides > div { min-width: 0; }
pre { background: var(--shade); padding: .6rem .8rem; max-height: 24rem; overflow: auto; margin: .3rem 0; border-radius: .3rem; }
svg { display: block; } svg text { fill: var(--ink); font: 12px system-ui, sans-serif; } svg .dim { fill: var(--dim); }
.bar-old { fill: var(--old); background: var(--old); } .bar-new { fill: var(--new); background: var(--new); }
.span { stroke: var(--ink); stroke-width: 1; }
.key { display: inline-block; width: .8em; height: .8em; margin: 0 .35em 0 1.2em; border-radius: .15em; }
form { margin: .6rem 0; display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; } input, select { font: inherit; padding: .2rem .5rem; }
[role=status] { color: var(--dim); }
@media screen and (max-width: 50rem) { .sides { grid-template-columns: 1fr; } table { display: block; overflow-x: auto; } }
@media print { :root { font-size: 10px; } body { margin: 0; padding: 0; max-width: none; font-size: 1rem; } form { display: none; }
  pre { max-height: none; white-space: pre-wrap; overflow-wrap: anywhere; } h2, h3, h4 { break-after: avoid; } tr, svg { break-inside: avoid; }
  .bar-old, .bar-new, pre { print-color-adjust: exact; }
  .hex { white-space: normal; text-decoration: none; } .hex > span { display: none; } .hex::after { content: attr(title); } }
`;
