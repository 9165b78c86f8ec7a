/**
 * A flame graph in a page: plain JavaScript, as it stands in the file, that every browser of the last years runs. It declares one function,
 *
 *     drawFlameGraph({ graph, told, search, found, out }, { frames, nodes })
 *
 * of five elements (the graph, what it tells of a block, a field to search in, what was found, a button that zooms out) and a profile:
 * frames are `{ kind, name, source?, contract? }`, nodes `[frame, depth, calls, self, total]`, depth first, gas as decimal text, to the last
 * unit. It answers with a function that draws again, for another width. Blocks are drawn that are at least half a pixel wide. Text is set by
 * `textContent` alone, so no name can become markup. Arrow keys walk the tree, Enter zooms, Escape zooms out.
 */
export const FLAME_GRAPH_SCRIPT = `
function drawFlameGraph({ graph, told, search, found, out }, { frames, nodes }) {
  const ROW = 20, LEAST = 0.5;
  const gas = nodes.map((node) => Number(node[4]));
  const parent = [], start = [], next = [];
  {
    const path = [];
    let free = 0;
    nodes.forEach(([, depth], index) => {
      path.length = depth;
      const above = depth === 0 ? -1 : path[depth - 1];
      parent.push(above);
      start.push(above < 0 ? free : next[above]);
      if (above < 0) free += gas[index]; else next[above] += gas[index];
      next.push(start[index]);
      path.push(index);
    });
  }
  const whole = nodes.reduce((sum, [, depth], index) => (depth === 0 ? sum + gas[index] : sum), 0);
  let zoomed = -1, focused = 0, pattern = '';
  const share = (value) => (whole === 0 ? '0' : ((100 * value) / whole).toFixed(2)) + '%';
  const describe = (index) => {
    const [frame, , calls, self] = nodes[index];
    const { name, source, contract } = frames[frame];
    return name + (source ? ' (' + source + ')' : '') + ': ' + nodes[index][4] + ' gas, ' + share(gas[index]) +
      '; itself ' + self + ' gas; ' + calls + (calls === 1 ? ' call' : ' calls') + (contract ? '; contract ' + contract : '');
  };
  const matches = (index) => pattern !== '' && frames[nodes[index][0]].name.toLowerCase().includes(pattern);

  function draw() {
    const from = zoomed < 0 ? 0 : start[zoomed];
    const span = (zoomed < 0 ? whole : gas[zoomed]) || 1;
    const width = graph.clientWidth || 1000;
    const above = new Set();
    for (let index = zoomed < 0 ? -1 : parent[zoomed]; index >= 0; index = parent[index]) above.add(index);
    graph.replaceChildren();
    let rows = 0;
    nodes.forEach(([frame, depth], index) => {
      const isAbove = above.has(index);
      const inside = zoomed < 0 || (start[index] >= from && start[index] + gas[index] <= from + span && depth >= nodes[zoomed][1] && isUnder(index));
      if (!isAbove && !inside) return;
      const left = isAbove ? 0 : (start[index] - from) / span;
      const part = isAbove ? 1 : gas[index] / span;
      if (part * width < LEAST) return;
      rows = Math.max(rows, depth + 1);
      const block = document.createElement('div');
      block.dataset.index = index;
      block.className = frames[frame].kind + (matches(index) ? ' found' : '') + (isAbove ? ' above' : '');
      block.style.cssText = 'left:' + 100 * left + '%;width:' + 100 * part + '%;top:' + depth * ROW + 'px';
      block.textContent = part * width > 24 ? frames[frame].name : '';
      block.title = describe(index);
      block.setAttribute('role', 'treeitem');
      block.setAttribute('aria-level', depth + 1);
      block.setAttribute('aria-label', describe(index));
      block.tabIndex = index === focused ? 0 : -1;
      graph.append(block);
    });
    graph.style.height = rows * ROW + 'px';
    if (!graph.querySelector('[tabindex="0"]') && graph.firstChild) graph.firstChild.tabIndex = 0;
  }
  function isUnder(index) {
    while (index >= 0 && nodes[index][1] > nodes[zoomed][1]) index = parent[index];
    return index === zoomed;
  }
  function zoom(index) {
    zoomed = index >= 0 && nodes[index][1] === 0 && nodes.filter(([, depth]) => depth === 0).length === 1 ? -1 : index;
    draw();
    focus(index < 0 ? 0 : index);
  }
  function focus(index) {
    const block = graph.querySelector('[data-index="' + index + '"]');
    if (!block) return;
    for (const other of graph.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
    focused = index;
    block.tabIndex = 0;
    block.focus();
  }
  function neighbour(step) {
    for (let index = focused + step; index >= 0 && index < nodes.length; index += step) {
      if (parent[index] === parent[focused] && graph.querySelector('[data-index="' + index + '"]')) return index;
    }
    return focused;
  }
  const under = () => [...graph.children].map((block) => Number(block.dataset.index)).find((index) => parent[index] === focused);
  const keys = {
    ArrowUp: () => focus(parent[focused]),
    ArrowDown: () => focus(under() ?? focused),
    ArrowLeft: () => focus(neighbour(-1)),
    ArrowRight: () => focus(neighbour(1)),
    Enter: () => zoom(focused),
    Escape: () => zoom(-1),
  };
  graph.addEventListener('keydown', (event) => {
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
  graph.addEventListener('click', ({ target }) => { if (target.dataset.index !== undefined) zoom(Number(target.dataset.index)); });
  const tell = ({ target }) => { if (target.dataset.index !== undefined) told.textContent = describe(Number(target.dataset.index)); };
  graph.addEventListener('focusin', tell);
  graph.addEventListener('mouseover', tell);
  out.addEventListener('click', () => zoom(-1));
  search.addEventListener('input', () => {
    pattern = search.value.trim().toLowerCase();
    draw();
    // What is called by something that was found already is in it.
    let sum = 0, count = 0, until = -1;
    nodes.forEach((_, index) => {
      if (!matches(index)) return;
      count++;
      if (until >= 0 && nodes[index][1] > nodes[until][1] && isWithin(index, until)) return;
      until = index;
      sum += gas[index];
    });
    found.textContent = pattern === '' ? '' : count + ' found, ' + share(sum) + ' of the gas';
  });
  function isWithin(index, of) {
    while (index >= 0 && nodes[index][1] > nodes[of][1]) index = parent[index];
    return index === of;
  }
  draw();
  told.textContent = nodes.length === 0 ? 'Nothing was spent.' : describe(0);
  return draw;
}
`;
