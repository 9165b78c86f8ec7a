import { expect, test } from 'vitest';
import { renderOpcodeReference } from './opcode-reference.ts';
import { opcodeRows } from './opcodes.ts';

test('the page has one table row per opcode row', () => {
  const page = renderOpcodeReference();
  const rows = page.split('\n').filter((line) => /^\| [0-9a-f]{2} \|/.test(line));
  expect(rows).toHaveLength(opcodeRows.length);
  expect(page).toContain('| 07 | `add64 dst, imm` | all | d = d + b |');
  expect(page).toContain('| 2c | `mul32 dst, src` | V0, V1, V3, V4 |');
  expect(page).toContain('| 2c | `ldxb dst, [src+off]` | V2 |');
  expect(page).toContain('| dc | `be16/32/64 dst` |');
});
