/**
 * The page's program, as it stands in the file: plain JavaScript that every browser of the last years runs. It filters the calls by text and
 * verdict, and sets text by `textContent` alone, so nothing that a contract or a suite says can become markup.
 */
export const PAGE_SCRIPT = `
'use strict';
(() => {
  const { calls, divergences } = JSON.parse(document.getElementById('data').textContent);
  const MOST = 500;
  const make = (tag, text, name) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (name) element.className = name;
    return element;
  };
  const row = (cells) => {
    const tr = make('tr');
    for (const [text, name] of cells) tr.append(make('td', text, name));
    return tr;
  };
  const bind = (list, body, found, search, verdict, draw) => {
    const show = () => {
      const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
      const hits = list.filter((each) => (!verdict.value || each.v === verdict.value) && words.every((word) => each.t.includes(word)));
      body.replaceChildren(...hits.slice(0, MOST).map(draw));
      found.textContent = hits.length + ' of ' + list.length + (hits.length > MOST ? ', the first ' + MOST + ' shown' : '');
    };
    search.addEventListener('input', show);
    verdict.addEventListener('change', show);
    show();
  };
  for (const form of document.querySelectorAll('form')) form.addEventListener('submit', (event) => event.preventDefault());
  const at = (id) => document.getElementById(id);
  const callList = calls.map(([index, entry, args, v, outcome, old, fresh]) => ({ v,
    t: (index + ' ' + entry + '(' + args + ') ' + outcome).toLowerCase(), index, entry, args, outcome, old, fresh }));
  bind(callList, at('calls'), at('calls-found'), at('calls-search'), at('calls-verdict'), (call) => row([
    [call.index, 'n'], [call.entry + '(' + call.args + ')', 'mono'], [call.v, call.v], [call.outcome], [call.old, 'n'], [call.fresh, 'n']]));
  const differing = divergences.map(([index, entry, args, v, texts]) => ({ v,
    t: (index + ' ' + entry + '(' + args + ') ' + texts.join(' ')).toLowerCase(), index, entry, args, texts }));
  if (at('divergences')) {
    bind(differing, at('divergences'), at('divergences-found'), at('divergences-search'), at('divergences-verdict'), (one) => {
      const tr = row([[one.index, 'n'], [one.entry + '(' + one.args + ')', 'mono'], [one.v, one.v]]);
      const td = make('td');
      for (const text of one.texts) td.append(make('div', text, 'mono'));
      tr.append(td);
      return tr;
    });
  }
})();
`;
