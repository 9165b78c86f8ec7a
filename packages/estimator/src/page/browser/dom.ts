/** A child of an element: text stays text. */
export type Child = Node | string;

/** An element with attributes and children. There is no other way in this page to make one, and none to make markup out of text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** An element of SVG. */
export function makeSvg(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly Node[]
): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** The element of an id, which the page has. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`the page has no ${type.name} "${id}"`);
  return element;
}

/** Value of the checked button of a group. */
export function chosen(name: string): string {
  return document.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value ?? '';
}

/** Terms and what they are; those without a description are left out. */
export function makeFacts(rows: readonly (readonly [string, Child | null])[]): HTMLElement {
  return make(
    'dl',
    { class: 'facts' },
    ...rows.flatMap(([term, told]) => (told === null ? [] : [make('dt', {}, term), make('dd', {}, told)])),
  );
}

/** A column of a table; `amount` is a number, `bar` a drawing. */
export interface Column {
  readonly title: string;
  readonly kind?: 'amount' | 'bar' | 'mono';
}

/** A table with a caption for those who do not see the heading above it. */
export function makeTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Child[])[],
): HTMLElement {
  const classOf = (index: number): Readonly<Record<string, string>> => {
    const { kind } = columns[index]!;
    return kind === undefined ? {} : { class: kind };
  };
  const heads = columns.map(({ title }, index) => make('th', { scope: 'col', ...classOf(index) }, title));
  const body = rows.map((cells) =>
    make('tr', {}, ...cells.map((cell, index) => make('td', classOf(index), cell))),
  );
  const table = make(
    'table',
    { 'aria-label': caption },
    make('thead', {}, make('tr', {}, ...heads)),
    make('tbody', {}, ...body),
  );
  return make('div', { class: 'scroll' }, table);
}
