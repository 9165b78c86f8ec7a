import { readFileSync } from 'node:fs';
import { ERROR_TABLE } from '@switchyard/core';
import { expect, test } from 'vitest';
import { tosAliases, tosSyscalls } from '../../../adapters/tbpf/src/syscalls/index.ts';

const read = (name: string) =>
  readFileSync(new URL(`../../../packages/sdk/include/tos/${name}`, import.meta.url), 'utf8');

interface Declaration {
  readonly name: string;
  readonly parameters: number;
  /** The comment above; that of the first declaration of a group, or of its heading, holds for the group. */
  readonly comment: string;
}

/** Declarations of syscalls.h in order, each with the comment that speaks of it. */
function declarations(): readonly Declaration[] {
  const found: Declaration[] = [];
  let comment = '';
  let heading = '';
  for (const [, remark, name, list] of read('syscalls.h').matchAll(
    /\/\*([\s\S]*?)\*\/|^extern uint64_t (tos_\w+)\(([^)]*)\);/gm,
  )) {
    if (name === undefined) {
      comment = remark!.replace(/\s+/g, ' ');
      if (comment.startsWith(' ----')) heading = comment;
    } else {
      const parameters = list!.trim() === 'void' ? 0 : list!.split(',').length;
      found.push({ name, parameters, comment: heading + comment });
    }
  }
  return found;
}

const declared = declarations();

test('the header declares every syscall of the engine with its arguments, older names too', () => {
  const offered = [
    ...tosSyscalls.map(({ name, parameters }) => [name, parameters.length]),
    ...tosAliases.map(([alias, of]) => [alias, of.parameters.length]),
  ];
  const byName = ([a]: readonly unknown[], [b]: readonly unknown[]) => (String(a) < String(b) ? -1 : 1);
  expect(declared.map(({ name, parameters }) => [name, parameters]).sort(byName)).toEqual(
    offered.sort(byName),
  );
});

test.each(tosSyscalls.filter(({ price }) => price.base > 0))(
  'the comment of $name says its price and its limits',
  ({ name, price, limits }) => {
    const { comment } = declared.find((one) => one.name === name)!;
    const figure = (value: number | bigint) => value.toLocaleString('en');
    expect(comment).toMatch(new RegExp(`Price (of each: )?${figure(price.base)}\\b`));
    for (const { most } of limits) expect(comment).toContain(figure(most));
  },
);

test.each(tosAliases)('the comment of %s names the syscall that it stands for', (alias, of) => {
  expect(declared.find((one) => one.name === alias)!.comment).toContain(`\`${of.name}\``);
});

test('the numbers of errors in invoke.h are those of the error table', () => {
  const numbers = [...read('invoke.h').matchAll(/^ {2}TOS_ERROR_(\w+) = (\d+)/gm)].map(([, name, number]) => [
    name,
    Number(number),
  ]);
  expect(numbers.length).toBe(15);
  for (const [name, number] of numbers) {
    expect(ERROR_TABLE[name as keyof typeof ERROR_TABLE]?.number).toBe(number);
  }
});
