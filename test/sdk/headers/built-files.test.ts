import { readdirSync, readFileSync } from 'node:fs';
import { build } from '@switchyard/sdk';
import { describe, expect, test } from 'vitest';
import { clang14Problem, headerPath } from './header-contract.ts';

const names = readdirSync(headerPath(''), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const problem = clang14Problem();

describe.skipIf(problem !== undefined)(
  `with clang 14${problem === undefined ? '' : ` (skipped: ${problem})`}`,
  () => {
    test.each(names)('fixtures/headers/%s is what its source gives, without a warning', (name) => {
      const { elf, warnings } = build({ sources: [headerPath(`${name}/${name}.c`)], strict: true });
      expect(warnings).toEqual([]);
      expect(elf).toEqual(new Uint8Array(readFileSync(headerPath(`${name}/${name}.so`))));
    });
  },
);
