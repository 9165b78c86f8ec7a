import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contractFile } from './contract-tests.ts';

const names = readdirSync(contractFile('.')).filter((name) => existsSync(contractFile(`${name}/README.md`)));
const contracts = names.filter((name) => existsSync(contractFile(`${name}/${name}.c`)));

/** Rows `| number | name | comment |` of the members of an enum in the source. */
function rowsOf(source: string, name: 'exit_code' | 'event'): readonly string[] {
  const body = new RegExp(`enum ${name} \\{([\\s\\S]*?)\\n\\};`).exec(source)?.[1] ?? '';
  return [...body.matchAll(/^ {2}(\w+) = (\d+),\s*\/\* (.*?) \*\//gm)].map(
    ([, member, number, comment]) => `| ${number} | \`${member}\` | ${comment} |`,
  );
}

test('every contract has a page', () => {
  expect(contracts).toEqual([
    'amm',
    'caller',
    'counter',
    'dao',
    'escrow',
    'faulty',
    'hasher',
    'hello_world',
    'nft',
    'token',
    'vesting',
  ]);
});

test.each(contracts)('the page of %s lists the exit codes, events and entries of its source', (name) => {
  const page = readFileSync(contractFile(`${name}/README.md`), 'utf8');
  const source = readFileSync(contractFile(`${name}/${name}.c`), 'utf8');
  const exitCodes = rowsOf(source, 'exit_code');
  expect(exitCodes.length).toBeGreaterThan(0);
  const rows = page.split('\n').filter((line) => /^\| \d+ \| `/.test(line));
  expect(rows).toEqual([...exitCodes, ...rowsOf(source, 'event')]);

  const functions = [...source.matchAll(/^TOS_(ENTRY|HOOK)\((\d+)\)|^HASH_ENTRY\((\d+)/gm)].map(
    ([, kind, number, hashEntry]) => `${kind === 'HOOK' ? 'hook' : 'entry'}_${number ?? hashEntry}`,
  );
  const entries = [...page.matchAll(/^\| `((?:entry|hook)_\d+|entrypoint)` \|/gm)].map(([, entry]) => entry);
  expect([...entries].sort()).toEqual([...functions, 'entrypoint'].sort());
});
