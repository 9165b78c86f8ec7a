import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assemble } from '../assembler/assemble.ts';
import { defaultTbpfConfig } from '../config.ts';
import { functionKey, syscallKey } from '../format/murmur3.ts';
import { opcodeRows } from '../isa/opcodes.ts';
import { type TbpfVersion, tbpfVersions } from '../isa/version.ts';
import { loadRawText, type RawFunction } from '../loader/raw-text.ts';
import { noSyscalls, type SyscallKeys, syscallKeysOf } from '../loader/syscall-keys.ts';
import { disassemble } from './disassemble.ts';

function optionsFor(version: TbpfVersion) {
  return { config: { ...defaultTbpfConfig, enabledVersions: [0, version] as const } };
}

function executableOf(text: Uint8Array, version: TbpfVersion, functions?: readonly RawFunction[]) {
  const loaded = loadRawText(text, version, noSyscalls, defaultTbpfConfig, functions);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  return loaded.executable;
}

/** Assembles and disassembles a source in the reference form. */
function reprint(version: TbpfVersion, source: string, syscalls: SyscallKeys = noSyscalls): string {
  const outcome = assemble(source, optionsFor(version));
  if (!outcome.ok) throw new Error(outcome.message);
  return disassemble(executableOf(outcome.text, version, outcome.functions), { syscalls });
}

const classicAlu = ['add', 'sub', 'mul', 'div', 'or', 'and', 'lsh', 'rsh', 'mod', 'xor', 'mov', 'arsh'];
const pqr = opcodeRows.filter((row) => (row.code & 7) === 6 && row.form === 'alu-imm').map((row) => row.name);
const conditions = opcodeRows.filter((row) => row.form === 'jump-imm').map((row) => row.name);

describe('reference form, spec §10.3', () => {
  test.each<[TbpfVersion, string]>([
    [0, '    exit'],
    [3, '    syscall 5'],
    [4, '    add64 r1, r3\n    add64 r1, -5\n    neg32 r1\n    neg64 r1'],
    [4, '    ldxw r1, [r2+0x5]\n    ldxw r1, [r2-0x5]\n    ldxdw r1, [r2-0x8000]\n    ldxb r1, [r2+0x0]'],
    [2, '    stw [r2+0x5], 7\n    stxdw [r2-0x5], r8\n    ldxh r1, [r2+0x7999]\n    hor64 r1, 5'],
    [4, '    be16 r1\n    be32 r1\n    be64 r1\n    le16 r1\n    le32 r1\n    le64 r1'],
    [4, '    lddw r1, 0x1234abcd5678eeff\n    lddw r1, 0xff11ee22dd33cc44\n    lddw r1, 0x0'],
    [4, '    ja lbb_1\nlbb_1:\n    exit'],
    [4, '    jeq r1, 4, lbb_1\nlbb_1:\n    exit'],
    [4, '    jeq r1, r3, lbb_1\nlbb_1:\n    exit'],
    [4, '    call function_1\n\nfunction_1:\n    exit'],
    [4, '    callx r3\n    exit'],
    [2, '    callx r3\n    exit'],
    [0, '    jne r1, 1, lbb_3\n    mov64 r0, 1\n    ja lbb_4\nlbb_3:\n    mov64 r0, 2\nlbb_4:\n    exit'],
    [4, classicAlu.map((name) => `    ${name}64 r1, r2\n    ${name}32 r1, 2`).join('\n')],
    [2, pqr.map((name) => `    ${name} r1, r2\n    ${name} r1, 2`).join('\n')],
    [4, `${conditions.map((name) => `    ${name} r1, 2, lbb_11`).join('\n')}\nlbb_11:\n    exit`],
    [4, `${conditions.map((name) => `    ${name} r1, r2, lbb_11`).join('\n')}\nlbb_11:\n    exit`],
  ])('V%i prints what it was assembled from: %j', (version, body) => {
    const source = `entrypoint:\n${body}\n`;
    expect(reprint(version, source)).toBe(source);
  });

  test('an empty program prints as nothing', () => {
    expect(reprint(0, '')).toBe('');
  });

  test('calls of V0-V2 print as syscalls, registered syscalls by name', () => {
    const source = 'entrypoint:\n    call function_b\n    syscall log\n    exit\nfunction_b:\n    exit\n';
    expect(reprint(0, source, syscallKeysOf(['log']))).toBe(
      'entrypoint:\n    syscall 3\n    syscall log\n    exit\n\nfunction_b:\n    exit\n'.replace(
        'lbb_1:\n',
        '',
      ),
    );
  });

  test('after an lddw a V3 call loses the name of its target', () => {
    const source = 'entrypoint:\nlddw r1, 1\ncall function_4\nexit\nfunction_4:\nexit';
    expect(reprint(3, source)).toBe(
      'entrypoint:\n    lddw r1, 0x1\n    call 1\n    exit\n\nfunction_4:\n    exit\n',
    );
  });

  test('unknown opcodes and targets, and code that nothing reaches', () => {
    const source = '.fill 1, 0xff\n.fill 1, 0x140f8\nja +100\nexit\nexit';
    expect(reprint(0, source)).toBe(
      'entrypoint:\n    unknown opcode=0xff\n    unknown opcode=0xf8\n    ja [invalid]\nlbb_3:\n    exit\nlbb_4:\n    exit\n',
    );
  });
});

/** A slot of random bytes, half of the time with a valid opcode and mostly empty fields. */
const slots = fc.oneof(
  fc.uint8Array({ minLength: 8, maxLength: 8 }),
  fc
    .record({
      opcode: fc.constantFrom(...opcodeRows.map((row) => row.code), 0),
      registers: fc.constantFrom(0x00, 0x01, 0x10, 0x21, 0x0a, 0xa0),
      off: fc.constantFrom(0, 0, 1, -1, 2, -2, 5, -32768),
      imm: fc.constantFrom(0, 0, 1, 2, 16, 32, 64, -1, 5, -5, 0x7fffffff),
    })
    .map(({ opcode, registers, off, imm }) => {
      const bytes = new Uint8Array(8);
      const view = new DataView(bytes.buffer);
      view.setUint8(0, opcode);
      view.setUint8(1, registers);
      view.setInt16(2, off, true);
      view.setInt32(4, imm, true);
      return bytes;
    }),
);

const texts = fc
  .array(slots, { maxLength: 24 })
  .map((list) => Uint8Array.from(list.flatMap((slot) => [...slot])));
const runs = { numRuns: 800, seed: 20261120 };

describe('round trip', () => {
  test.each(tbpfVersions)('V%i: any slots come back the same', (version) => {
    fc.assert(
      fc.property(texts, fc.nat(24), (text, entry) => {
        const entryPc = Math.min(entry, Math.max(0, text.length / 8 - 1));
        const functions: RawFunction[] = entryPc > 0 ? [[entryPc, entryPc, 'entrypoint']] : [];
        const executable = executableOf(text, version, functions);
        const source = disassemble(executable, { roundTrip: true, syscalls: syscallKeysOf(['log', 'read']) });
        const again = assemble(source, optionsFor(version));
        if (!again.ok) throw new Error(`${again.message}\n${source}`);
        expect(Buffer.compare(again.text, text)).toBe(0);
        // The start is kept, unless it lies in the second slot of an lddw, which has no line.
        if (source.includes('entrypoint:')) expect(again.entryPc).toBe(entryPc);
      }),
      runs,
    );
  });

  test.each([0, 1, 2] as const)(
    'V%i: any slots of a loaded file come back the same, calls as calls',
    (version) => {
      const called = [0, 1, 3, 7, 12];
      const keys = [...called.map(functionKey), syscallKey('entrypoint'), syscallKey('log'), 0xffff_ffff];
      const call = fc
        .record({ key: fc.constantFrom(...keys), registers: fc.constantFrom(0x10, 0x10, 0x00, 0xf0, 0x11) })
        .map(({ key, registers }) => {
          const bytes = new Uint8Array(8);
          bytes.set([0x85, registers]);
          new DataView(bytes.buffer).setUint32(4, key, true);
          return bytes;
        });
      const loadedTexts = fc
        .array(fc.oneof(slots, call), { minLength: 1, maxLength: 24 })
        .map((list) => Uint8Array.from(list.flatMap((slot) => [...slot])));
      fc.assert(
        fc.property(loadedTexts, fc.nat(24), (text, entry) => {
          const entryPc = Math.min(entry, text.length / 8 - 1);
          const functions: RawFunction[] = [
            [syscallKey('entrypoint'), entryPc, 'entrypoint'],
            ...called.map((pc): RawFunction => [functionKey(pc), pc, '']),
          ];
          const executable = executableOf(text, version, functions);
          const source = disassemble(executable, {
            roundTrip: true,
            syscalls: syscallKeysOf(['log']),
            file: {
              textAddress: 0x1_0000_0040n,
              readOnly: { address: 0x1_0000_0040n, bytes: text },
              globals: [],
            },
          });
          const again = assemble(source, optionsFor(version));
          if (!again.ok) throw new Error(`${again.message}\n${source}`);
          expect(Buffer.compare(again.text, text)).toBe(0);
        }),
        runs,
      );
    },
  );

  test.each(tbpfVersions)('V%i: the reference form is printed for any slots', (version) => {
    fc.assert(
      fc.property(texts, (text) => typeof disassemble(executableOf(text, version)) === 'string'),
      { ...runs, numRuns: 500 },
    );
  });

  test('an assembled program keeps its functions and names', () => {
    for (const version of tbpfVersions) {
      const source =
        'add64 r10, 0\nlbb_1:\njeq r1, 0, lbb_1\ncall function_twice\nsyscall log\nja +0\nexit\nfunction_twice:\nadd64 r10, 0\nlsh64 r0, 1\nexit';
      const first = assemble(source, optionsFor(version));
      if (!first.ok) throw new Error(first.message);
      const printed = disassemble(executableOf(first.text, version, first.functions), {
        roundTrip: true,
        syscalls: syscallKeysOf(['log']),
      });
      expect(printed).toContain('    call function_twice\n    syscall log\n');
      expect(printed).toContain('\n\nfunction_twice:\n');
      expect(assemble(printed, optionsFor(version))).toMatchObject({ ok: true, text: first.text });
    }
  });

  test('what no instruction expresses is printed as data', () => {
    const outcome = assemble('.fill 1, 0x0000000100000095\nexit', optionsFor(0));
    if (!outcome.ok) throw new Error(outcome.message);
    const printed = disassemble(executableOf(outcome.text, 0), { roundTrip: true });
    expect(printed).toBe('    .fill 1, 0x0000000100000095\n    exit\n');
  });
});

test('no text makes the assembler throw', () => {
  const words = fc.constantFrom(
    'add64',
    'lddw',
    'call',
    'syscall',
    'ja',
    'jeq',
    'exit',
    'callx',
    '.fill',
    '.version v0',
    '.calls hashed',
    '.text',
    '.rodata',
    '.byte',
    '.global',
    'be16',
    'stdw',
    'r1',
    'r99',
    '-',
    '+',
    '5',
    '0x',
    '0xff',
    '99999999999999999999',
    ',',
    ', ',
    ' ',
    '\n',
    ':',
    'function_1',
    'entrypoint',
    '[',
    ']',
    '[r1+5]',
    '.',
    '_',
    'é',
    '\ud800',
  );
  const sources = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(words).map((list) => list.join('')),
  );
  fc.assert(
    fc.property(sources, fc.constantFrom(...tbpfVersions), (source, version) => {
      const outcome = assemble(source, optionsFor(version));
      return outcome.ok || outcome.message.length > 0;
    }),
    { numRuns: 3_000, seed: 20261120 },
  );
});
