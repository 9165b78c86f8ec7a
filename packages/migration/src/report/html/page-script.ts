/**
 * The page's program, as it stands in the file: plain JavaScript that every browser of the last years runs. It filters the calls by text and
 * verdict, and sets text by `textContent` alone, so nothing that a contract or a suite says can become markup.
 */
export const PAGE_SCRIPT = `
'use strict';
(() => {
  const { names, calls, divergences } = JSON.parse(document.getElementById('data').textContent);
  const MOST = 500;
  const nameOf = new Map(names.map(([address, name]) => [address, name.toLowerCase()]));
  const make = (tag, text, name) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (name) element.className = name;
    return element;
  };
  // Long bytes are shortened; the whole value is in the title, and in print.
  const say = (tag, text, name) => {
    const element = make(tag, undefined, name);
    let end = 0;
    for (const { 0: whole, index } of text.matchAll(/0x[0-9a-f]{25,}/g)) {
      const hex = make('span', undefined, 'hex');
      hex.title = whole;
      hex.append(make('span', whole.slice(0, 10) + '…' + whole.slice(-6)));
      element.append(text.slice(end, index), hex);
      end = index + whole.length;
    }
    element.append(text.slice(end));
    return element;
  };
  const bind = (id, list, draw) => {
    const at = (part) => document.getElementById(id + part);
    if (!at('')) return;
    const show = () => {
      const words = at('-search').value.toLowerCase().split(/\\s+/).filter(Boolean).map((word) => nameOf.get(word) ?? word);
      const verdict = at('-verdict').value;
      const hits = list.filter((each) => (!verdict || each.verdict === verdict) && words.every((word) => each.text.includes(word)));
      at('').replaceChildren(...hits.slice(0, MOST).map(draw));
      at('-found').textContent = hits.length + ' of ' + list.length + (hits.length > MOST ? ', the first ' + MOST + ' shown' : '');
    };
    at('-search').addEventListener('input', show);
    at('-search').form.addEventListener('submit', (event) => event.preventDefault());
    at('-verdict').addEventListener('change', show);
    show();
  };
  const start = ({ index, call, verdict }) => {
    const row = make('tr');
    row.append(make('td', index, 'n'), say('td', call, 'mono'), make('td', verdict, verdict));
    return row;
  };
  bind('calls', calls.map(([index, entry, args, verdict, outcome, old, fresh]) => {
    const call = entry + '(' + args + ')';
    return { index, call, verdict, outcome, old, fresh, text: (index + ' ' + call + ' ' + outcome).toLowerCase() };
  }), (one) => {
    const row = start(one);
    row.append(make('td', one.outcome, 'end'), make('td', one.old, 'n'), make('td', one.fresh, 'n'));
    return row;
  });
  bind('divergences', divergences.map(([index, entry, args, verdict, texts]) => {
    const call = entry + '(' + args + ')';
    return { index, call, verdict, texts, text: (index + ' ' + call + ' ' + texts.join(' ')).toLowerCase() };
  }), (one) => {
    const row = start(one);
    const cell = make('td');
    for (const text of one.texts) cell.append(say('div', text, 'mono'));
    row.append(cell);
    return row;
  });
})();
`;
