import { type EstimatorClient, EstimatorError, type ValidateCodeResult } from '@switchyard/client';
import { byId, chosen, make, makeFacts } from './dom.ts';
import { type EntryChoice, entriesOf, OTHER, UNKNOWN_ENTRIES } from './entries.ts';
import { hexOfFile, hexOfText, ModuleProblem } from './module-bytes.ts';
import { showError, showFault } from './show-fault.ts';
import { grouped, printable } from './text.ts';

/** The chosen contract. */
export interface ModulePicker {
  /** Digits of the module, empty while there is none; null when a deployed contract is called. */
  code(): string | null;
}

/** Fields that load a module, have the service check it, and offer what can be called. */
export function useModulePicker(client: () => EstimatorClient): ModulePicker {
  const file = byId('file', HTMLInputElement);
  const text = byId('code', HTMLTextAreaElement);
  const told = byId('module', HTMLElement);
  let code = '';
  let choices: readonly EntryChoice[] = UNKNOWN_ENTRIES;
  let asked = 0;

  const isAddress = (): boolean => chosen('source') === 'address';
  const showSource = (): void => {
    byId('module-fields', HTMLElement).hidden = isAddress();
    byId('address-fields', HTMLElement).hidden = !isAddress();
    offer(isAddress() ? UNKNOWN_ENTRIES : choices);
  };

  async function load(read: () => Promise<string>, name: string | null): Promise<void> {
    const turn = ++asked;
    code = '';
    choices = UNKNOWN_ENTRIES;
    const isLate = (): boolean => turn !== asked;
    const show = (...children: readonly HTMLElement[]): void => {
      told.replaceChildren(...children);
      if (!isAddress()) offer(choices);
    };
    try {
      const digits = await read();
      if (isLate()) return;
      code = digits;
      if (digits === '') return show();
      show(make('p', { class: 'note' }, 'Checking…'));
      const module = await client().validateCode({ code: digits });
      if (isLate()) return;
      choices = entriesOf(module);
      show(...describe(module, name));
    } catch (error) {
      if (isLate()) return;
      const isExpected = error instanceof ModuleProblem || error instanceof EstimatorError;
      if (!isExpected) throw error;
      show(
        error instanceof ModuleProblem ? make('p', { class: 'warning' }, error.message) : showError(error),
      );
    }
  }

  file.addEventListener('change', () => {
    const given = file.files?.[0];
    if (given === undefined) return;
    text.value = '';
    load(async () => hexOfFile(new Uint8Array(await given.arrayBuffer())), given.name);
  });
  // On change, not on input: a module is pasted, and checked once.
  text.addEventListener('change', () => {
    file.value = '';
    load(async () => hexOfText(text.value), null);
  });
  for (const button of document.querySelectorAll('input[name="source"]')) {
    button.addEventListener('change', showSource);
  }
  byId('entry', HTMLSelectElement).addEventListener('change', showEntryName);
  showSource();
  return { code: () => (isAddress() ? null : code) };
}

function offer(choices: readonly EntryChoice[]): void {
  const select = byId('entry', HTMLSelectElement);
  const before = select.value;
  select.replaceChildren(...choices.map(({ value, text }) => make('option', { value }, printable(text))));
  // Of a module with entries the first of them is the likely one.
  const likely = choices.find(({ value }) => value.startsWith('entry_')) ?? choices[0]!;
  select.value = choices.some(({ value }) => value === before && value !== 'entrypoint')
    ? before
    : likely.value;
  showEntryName();
}

function showEntryName(): void {
  const isOther = byId('entry', HTMLSelectElement).value === OTHER;
  byId('entry-name', HTMLInputElement).hidden = !isOther;
}

function describe(module: ValidateCodeResult, name: string | null): readonly HTMLElement[] {
  const { valid, fault, engine, format, size, instructions, codeHash, warnings } = module;
  const sizes = [
    `${grouped(size)} bytes`,
    ...(instructions === null ? [] : [`${grouped(instructions)} instructions`]),
  ];
  const facts = makeFacts([
    ['Module', name === null ? null : printable(name)],
    ['Format', [engine, format].filter((part) => part !== null).join(', ') || null],
    ['Size', sizes.join(', ')],
    ['SHA-256', make('span', { class: 'mono', title: codeHash }, codeHash)],
  ]);
  return [
    ...(valid || fault === null ? [] : [showFault(fault)]),
    facts,
    ...warnings.map((warning) => make('p', { class: 'note' }, printable(warning))),
  ];
}
