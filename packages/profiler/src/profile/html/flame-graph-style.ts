/** Styles of a flame graph, an element of the class `flame-graph`, in a page that sets `--ink`, `--paper` and `--edge`. */
export const FLAME_GRAPH_STYLE = `
.flame-graph { --contract: #b9c8dc; --function: #f2b880; --syscall: #a9d3a5; --rest: #cfcfcf; --found: #d65db1; --block-ink: #1c1c1c;
  position: relative; overflow: hidden; border-top: 1px solid var(--edge); }
.flame-graph div { position: absolute; height: 19px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; padding: 0 3px;
  font: 12px/18px ui-monospace, monospace; color: var(--block-ink); border: 1px solid var(--paper); border-radius: 2px; cursor: pointer; }
.flame-graph div:focus { outline: 2px solid var(--ink); outline-offset: -2px; z-index: 1; }
.flame-graph .contract { background: var(--contract); } .flame-graph .function { background: var(--function); }
.flame-graph .syscall { background: var(--syscall); } .flame-graph .rest { background: var(--rest); }
.flame-graph .found { background: var(--found); color: #fff; } .flame-graph .above { opacity: .6; }
`;
