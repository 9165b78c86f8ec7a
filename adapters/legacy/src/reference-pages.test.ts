import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderOpcodeReference } from './isa/opcode-reference.ts';
import { renderNativeReference } from './natives/native-reference.ts';

// After a change: BLESS=1 npx vitest run adapters/legacy/src/reference-pages.test.ts writes the pages.
const pages = [
  ['legacy-opcodes.md', renderOpcodeReference()],
  ['legacy-natives.md', renderNativeReference()],
] as const;

describe('the committed reference page', () => {
  test.each(pages)('%s is what the tables say', (name, page) => {
    const url = new URL(`../../../docs/reference/${name}`, import.meta.url);
    if (process.env['BLESS'] === '1') writeFileSync(url, page);
    expect(readFileSync(url, 'utf8')).toBe(page);
  });
});

test('the opcode page has a row for each of the 64 bytes, with operands, size, gas and effect', () => {
  const page = renderOpcodeReference();
  expect(page.match(/^\| [0-9a-f]{2} \|/gm)).toHaveLength(64);
  expect(page).toContain('| 00 | `CONSTANT constant` | 3 | 1 | → copy of a constant; + memory |');
  expect(page).toContain('| 25 | `BITWISE_OR` | 1 | 1 | a, b → a \\| b |');
  expect(page).toContain('| 3e | `MATCH magic address` | 6 | 2 | tests the top; goes there on a miss |');
});

test('the page of natives has a row for each id, with receiver, parameters and cost', () => {
  const page = renderNativeReference();
  expect(page.match(/^\| \d+ \|/gm)).toHaveLength(217);
  expect(page).toContain('| 1 | `array.push` | yes | 1 | 2 |');
  expect(page).toContain('| 190 | `Asset.create` |  | 5 | 2,500 |');
});
