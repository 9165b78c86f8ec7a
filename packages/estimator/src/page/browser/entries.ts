import type { ValidateCodeResult } from '@switchyard/client';

/** Something to call; `value` is what the select has. */
export interface EntryChoice {
  readonly value: string;
  readonly text: string;
}

/** The choice whose name is typed. */
export const OTHER = ':other';

/** The deployment of a module. */
export const DEPLOY = ':deploy';

const DEFAULT: EntryChoice = { value: 'entrypoint', text: 'entrypoint' };

/** What can be called of a module: its entries, hooks and functions, and its deployment. */
export function entriesOf(
  module: Pick<ValidateCodeResult, 'entries' | 'hooks' | 'functions'>,
): readonly EntryChoice[] {
  const names = [
    ...module.entries.map((id) => `entry_${id}`),
    ...module.hooks.map((id) => `hook_${id}`),
    ...module.functions,
  ].filter((name, index, all) => name !== DEFAULT.value && all.indexOf(name) === index);
  return [
    DEFAULT,
    ...names.map((name) => ({ value: name, text: name })),
    { value: DEPLOY, text: 'deploy it' },
    { value: OTHER, text: 'another…' },
  ];
}

/** What can be called of a contract that is known by its address only. */
export const UNKNOWN_ENTRIES: readonly EntryChoice[] = [DEFAULT, { value: OTHER, text: 'another…' }];
