import { expect, test } from 'vitest';
import { Op } from './op.ts';
import { opcodeRows, opcodeTable } from './opcodes.ts';
import { tbpfVersions } from './version.ts';

const classicBytes = `
04 05 07 0c 0f 14 15 17 18 1c 1d 1f 24 25 27 2c 2d 2f 34 35 37 3c 3d 3f 44 45 47 4c 4d 4f 54 55
57 5c 5d 5f 61 62 63 64 65 67 69 6a 6b 6c 6d 6f 71 72 73 74 75 77 79 7a 7b 7c 7d 7f 84 85 87 8d
94 95 97 9c 9f a4 a5 a7 ac ad af b4 b5 b7 bc bd bf c4 c5 c7 cc cd cf d4 d5 dc dd`;
const v2Bytes = `
04 05 07 0c 0f 14 15 17 1c 1d 1f 25 27 2c 2d 2f 35 36 37 3c 3d 3e 3f 44 45 46 47 4c 4d 4e 4f 54
55 56 57 5c 5d 5e 5f 64 65 66 67 6c 6d 6e 6f 74 75 76 77 7c 7d 7e 7f 85 86 87 8c 8d 8e 8f 95 96
97 9c 9e 9f a4 a5 a7 ac ad af b4 b5 b6 b7 bc bd be bf c4 c5 c6 c7 cc cd ce cf d5 d6 dc dd de e6
ee f6 f7 fe`;

test.each(tbpfVersions)('V%i accepts exactly the opcode bytes of the specification', (version) => {
  const expected = (version === 2 ? v2Bytes : classicBytes).trim().split(/\s+/);
  expect(expected).toHaveLength(version === 2 ? 100 : 91);
  const bytes = opcodeTable(version).flatMap((row, code) =>
    row ? [code.toString(16).padStart(2, '0')] : [],
  );
  expect(bytes).toEqual(expected);
});

test('a row sits at its own code, and no two rows of a version share one', () => {
  for (const version of tbpfVersions) {
    const visible = opcodeRows.filter(
      (row) => row.versions === 'all' || (row.versions === 'v2') === (version === 2),
    );
    const table = opcodeTable(version);
    expect(new Set(visible.map((row) => row.code)).size).toBe(visible.length);
    for (const row of visible) expect(table[row.code]).toBe(row);
  }
});

test('operation ids are dense from 0 and end with Unknown', () => {
  const ids = [...new Set(opcodeRows.map((row) => Number(row.op)))].sort((left, right) => left - right);
  expect(ids).toEqual(ids.map((_, index) => index));
  expect(Number(Op.Unknown)).toBe(ids.length);
});

test('the register bit tells the immediate from the register form', () => {
  for (const row of opcodeRows) {
    if (row.form === 'alu-imm' || row.form === 'jump-imm') expect(row.code & 8).toBe(0);
    if (row.form === 'alu-reg' || row.form === 'jump-reg') expect(row.code & 8).toBe(8);
  }
});
