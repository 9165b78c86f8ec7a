import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { bytesToHex, hexToBytes } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { nodeNatives } from '../natives/table.ts';
import { encodeModule } from '../wire/encode-module.ts';
import { decodeModule } from '../wire/module-wire.ts';
import { assemble } from './assemble.ts';
import { disassemble } from './disassemble.ts';

function built(source: string): string {
  const outcome = assemble(source, nodeNatives);
  if (!outcome.ok) throw new Error(outcome.message);
  return bytesToHex(encodeModule(outcome.module));
}

function refusal(source: string): string {
  const outcome = assemble(source, nodeNatives);
  return outcome.ok ? 'assembled' : outcome.message;
}

describe('the assembler', () => {
  test("takes the reference's text: ids, backward labels, chunk names", () => {
    expect(
      built('#main\nCONSTANT 0\n:top\nmemoryset 1\nJUMP :top\n#f\nINVOKECHUNK #main 2\nSYSCALL 27'),
    ).toBe(
      `0000${'0002'}${'0000000b'}000000${'020100'}${'0e03000000'}${'00000007'}1700000218${'1b00'}000000`,
    );
  });

  test('takes literals, names of constants, natives and types, forward labels, entries and hooks', () => {
    const source = `
      // a comment
      .const LIMIT = u64:7
      .entry #main
      .hook 0 #init
      #init
        CONSTANT u64:0
      #main
        CONSTANT LIMIT
        CAST string
        SYSCALL string.len
        MATCH 0 :end
      :end`;
    expect(built(source)).toBe(
      '00020004000000000000000700040000000000000000' +
        '000200000003000100' +
        '0000000e0000001607181b003e000e000000' +
        '00010001' +
        '01000000',
    );
  });

  test('pools equal literals', () => {
    expect(built('#a\nCONSTANT [u8:1, {"k"=>null}]\nCONSTANT [u8:1, {"k"=>null}]').slice(0, 4)).toBe('0001');
  });

  test.each([
    ['POP', 'line 1: expected a chunk first: #name'],
    ['#a\nFOO', 'line 2: unknown mnemonic "FOO"'],
    ['#a\nPOPN', 'line 2: POPN takes count; found 0'],
    ['#a\nPOPN 256', 'line 2: expected a number from 0 to 255, found "256"'],
    ['#a\nJUMP :no', 'line 2: there is no label :no in this chunk'],
    ['#a\nSYSCALL no.such', 'line 2: there is no native "no.such"'],
    ['#a\nCONSTANT u8:256', 'line 2: 256 does not fit in u8'],
    ['#a\nCONSTANT "open', 'line 2: expected a value such as u64:5 or "text"'],
    ['#a\n#a', 'line 2: chunk #a is already there'],
    ['.entry #b\n#a', 'line 1: there is no chunk #b'],
  ])('refuses %j and says where', (source, message) => {
    expect(refusal(source)).toBe(message);
  });
});

describe('the disassembler', () => {
  test('gives text that assembles to the same bytes, for every module of the vectors that decodes', () => {
    const folder = new URL('../../../../fixtures/vectors/legacy/', import.meta.url);
    let modules = 0;
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl.gz'))) {
      const text = gunzipSync(readFileSync(new URL(file, folder))).toString('utf8');
      const lines = text.trim().split('\n');
      for (const line of lines.filter((_, index) => index % 5 === 0)) {
        const decoded = decodeModule(
          hexToBytes(/"code":"([0-9a-f]*)"/.exec(line)?.[1] ?? '') ?? new Uint8Array(),
        );
        if (!decoded.ok) continue;
        modules++;
        expect(built(disassemble(decoded.module, nodeNatives))).toBe(
          bytesToHex(encodeModule(decoded.module)),
        );
      }
    }
    expect(modules).toBeGreaterThan(2500);
  });
});
