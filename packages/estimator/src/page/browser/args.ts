import { byId, make } from './dom.ts';

const TYPES = 'u64 u8 u16 u32 u128 u256 i8 i16 i32 i64 i128 i256 bool string bytes address hash hex'.split(
  ' ',
);

/** Rows of typed parameters: a type, a value, a button that removes the row. */
export function useArgs(): { readonly values: () => readonly string[] } {
  const rows = byId('args', HTMLElement);
  const addRow = (): void => {
    const type = make('select', {}, ...TYPES.map((name) => make('option', {}, name)));
    const value = make('input', { spellcheck: 'false' });
    const remove = make('button', { type: 'button', class: 'quiet' }, '×');
    const row = make('div', { class: 'arg' }, type, value, remove);
    remove.addEventListener('click', () => {
      row.remove();
      nameRows();
      byId('add', HTMLButtonElement).focus();
    });
    rows.append(row);
    nameRows();
    type.focus();
  };
  const nameRows = (): void => {
    [...rows.children].forEach((row, index) => {
      const [type, value, remove] = row.children;
      type!.setAttribute('aria-label', `Type of parameter ${index + 1}`);
      value!.setAttribute('aria-label', `Value of parameter ${index + 1}`);
      remove!.setAttribute('aria-label', `Remove parameter ${index + 1}`);
    });
  };
  byId('add', HTMLButtonElement).addEventListener('click', addRow);
  return {
    values: () =>
      [...rows.children].map((row) => {
        const [type, value] = row.children as unknown as [HTMLSelectElement, HTMLInputElement];
        return `${type.value}:${value.value}`;
      }),
  };
}
