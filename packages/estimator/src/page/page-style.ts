import { FLAME_GRAPH_STYLE } from '@switchyard/profiler';

/** Styles of the page: light and dark by the reader's setting; one column on a narrow screen, two on a wide one. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1d2126; --paper: #fff; --panel: #f6f7f9; --dim: #5c6670; --edge: #d5dae0;
  --accent: #1f5fbf; --on-accent: #fff; --bad: #b3261e; --bad-panel: #fdf1f0; --good: #1a7f37;
  --instructions: #5b8def; --syscall: #4fae7a; --storage: #e0a33e; --call: #a678d8; --code: #8a96a3;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7eb; --paper: #16181b; --panel: #1e2125; --dim: #9aa4af; --edge: #363c44;
  --accent: #6ea2f0; --on-accent: #10151c; --bad: #ff8a80; --bad-panel: #2a1b1b; --good: #6fcf8a; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1.25rem; padding: .75rem 1.5rem; border-bottom: 1px solid var(--edge); }
h1 { font-size: 1.1rem; margin: 0; }
#service { margin: 0; color: var(--dim); flex: 1; }
.key { display: flex; align-items: baseline; gap: .5rem; margin: 0; white-space: nowrap; }
main { display: grid; grid-template-columns: minmax(18rem, 25rem) minmax(0, 1fr); gap: 2rem; max-width: 84rem; padding: 1.25rem 1.5rem 4rem; }
@media (max-width: 56rem) { main { grid-template-columns: minmax(0, 1fr); } }
fieldset { border: 0; margin: 0 0 1.5rem; padding: 0; min-width: 0; }
legend { font-weight: 600; padding: 0; margin-bottom: .25rem; }
label { display: block; margin: .6rem 0 .2rem; color: var(--dim); font-size: .87rem; }
input, select, textarea, button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--edge); border-radius: 5px; padding: .35rem .55rem; }
input:not([type=radio], [type=checkbox], [type=file]), select, textarea { width: 100%; min-width: 0; }
input[type=file] { border: 1px dashed var(--edge); width: 100%; padding: .5rem; background: var(--panel); }
#code, #contract, #input, #from, #state, #block, #entry-name, #args input { font-family: var(--mono); font-size: .87rem; }
textarea { resize: vertical; display: block; }
::placeholder { color: var(--dim); opacity: .75; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
[aria-invalid=true] { border-color: var(--bad); }
/* Not a password field: browsers keep those. */
.key input { width: 13rem; padding: .15rem .45rem; -webkit-text-security: disc; }
.choice { display: flex; flex-wrap: wrap; gap: 0 1.1rem; margin-top: .5rem; }
.choice label, .check { margin: 0; color: var(--ink); font-size: inherit; } .choice span { color: var(--dim); font-size: .87rem; align-self: center; }
.check { margin-top: .75rem; }
.side-by-side, .arg { display: flex; gap: .5rem; }
.arg { margin-top: .4rem; } .arg select { width: 6.5rem; flex: none; } .arg button { flex: none; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 .75rem; }
details { margin-top: .75rem; } summary { cursor: pointer; color: var(--dim); font-size: .87rem; }
#module { margin-top: .6rem; font-size: .87rem; } #module > .facts { margin: 0; } #module .fault { margin-bottom: .6rem; }
#problem { color: var(--bad); margin: 0 0 .75rem; } #problem:empty { display: none; }
button { cursor: pointer; padding: .4rem .95rem; } button:disabled { opacity: .55; cursor: default; }
button:hover:not(:disabled) { border-color: var(--dim); }
.quiet { border-color: transparent; background: none; color: var(--accent); padding: .25rem .4rem; }
#add { margin: .35rem 0 0 -.4rem; font-size: .87rem; }
.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
.buttons { display: flex; gap: .6rem; position: sticky; bottom: 0; padding: .75rem 0; background: var(--paper); }
section { min-width: 0; }
#said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
#result:focus { outline: none; }
#result[aria-busy=true] { opacity: .5; }
.empty { color: var(--dim); border: 1px dashed var(--edge); border-radius: 8px; padding: 3rem 1rem; text-align: center; margin: 0; }
h2 { font-size: 1rem; margin: 0 0 .25rem; } h3 { font-size: .95rem; margin: 1.75rem 0 .5rem; } h3 + .scroll table { margin-top: 0; }
.number { font-size: 2.6rem; line-height: 1.15; font-weight: 650; letter-spacing: -.01em; font-variant-numeric: tabular-nums; }
.number small { font-size: 1rem; font-weight: 400; color: var(--dim); letter-spacing: 0; }
.note { color: var(--dim); margin: .25rem 0 0; max-width: 46rem; }
.warning { color: var(--bad); margin: .5rem 0 0; }
.good { color: var(--good); } .bad { color: var(--bad); }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .1rem 1rem; margin: .9rem 0 0; }
.facts dt { color: var(--dim); } .facts dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.mono, code, pre { font-family: var(--mono); font-size: .87rem; }
.number + .fault, .note + .fault { margin-top: .9rem; }
.fault { border: 1px solid var(--bad); border-radius: 8px; background: var(--bad-panel); padding: .9rem 1.1rem 1rem; }
.fault p { margin: .2rem 0; overflow-wrap: anywhere; } .fault .hint { margin-top: .5rem; }
.stack { display: block; width: 100%; height: 18px; border-radius: 4px; overflow: hidden; }
.instructions { fill: var(--instructions); background: var(--instructions); } .syscall { fill: var(--syscall); background: var(--syscall); }
.storage { fill: var(--storage); background: var(--storage); } .call { fill: var(--call); background: var(--call); } .code { fill: var(--code); background: var(--code); }
.legend { display: flex; flex-wrap: wrap; gap: .15rem 1.25rem; list-style: none; padding: 0; margin: .5rem 0 0; font-size: .87rem; }
.legend i, td i { display: inline-block; width: .7em; height: .7em; border-radius: 2px; margin-right: .45em; }
.legend b { font-weight: 600; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin-top: .75rem; font-size: .87rem; }
th, td { padding: .28rem .9rem .28rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--edge); }
th, th.mono { color: var(--dim); font: 500 1em/1.45 system-ui, sans-serif; } td { overflow-wrap: anywhere; }
.amount { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } .bar { width: 32%; padding-right: 0; vertical-align: middle; }
.bar svg { display: block; width: 100%; height: 10px; }
pre { background: var(--panel); border: 1px solid var(--edge); border-radius: 6px; padding: .75rem; overflow: auto; max-height: 30rem; margin: .5rem 0 0; }
.graph-tools { display: flex; flex-wrap: wrap; gap: .4rem 1rem; align-items: center; margin-bottom: .6rem; }
.graph-tools label { margin: 0; display: flex; gap: .5rem; align-items: center; } .graph-tools input { width: 13rem; padding: .15rem .45rem; }
.graph-tools button { padding: .15rem .6rem; }
.told { min-height: 1.5em; margin: .4rem 0 0; overflow-wrap: anywhere; }
${FLAME_GRAPH_STYLE.trim()}
@media print { form, header .key, .graph-tools { display: none; } main { display: block; } * { print-color-adjust: exact; } }
`;
