import { elf, opcodeTable, relocationTypes, slotSize, writeSlot } from '@switchyard/tbpf/format';
import { opcodes } from './check-instructions.ts';
import { elfObject } from './elf-object-constants.ts';
import type { ObjectFile } from './object-file.ts';
import type { InputSection } from './read-sections.ts';
import type { InputSymbol } from './read-symbols.ts';

/** An instruction of a stub; `call` is where the syscall is called. */
type Row = readonly [mnemonic: string, dst: number, src: number, off: number, imm: number];

const call: Row = ['call', 0, 1, 0, -1];

/** Syscalls leave r1 to r5 as they were (tbpf.md §5.3), so that the destination is still in r1. */
const returnDestination: readonly Row[] = [call, ['mov64-reg', 0, 1, 0, 0], ['exit', 0, 0, 0, 0]];

/** `r4 = &order; tos_memcmp(r1, r2, r3, r4); return (int32_t)order;` */
const returnOrder: readonly Row[] = [
  ['mov64-reg', 4, 10, 0, 0],
  ['add64-imm', 4, 0, 0, -8],
  call,
  ['ldxw', 0, 10, -8, 0],
  ['lsh64-imm', 0, 0, 0, 32],
  ['arsh64-imm', 0, 0, 0, 32],
  ['exit', 0, 0, 0, 0],
];

/**
 * Functions of the C library that compilers call by themselves, each over the syscall that does the work. `memcpy` moves, since C's
 * compilers also copy a struct onto itself, which `tos_memcpy` refuses as an overlap.
 */
const stubs: Readonly<Record<string, { readonly syscall: string; readonly code: readonly Row[] }>> = {
  memcpy: { syscall: 'tos_memmove', code: returnDestination },
  memmove: { syscall: 'tos_memmove', code: returnDestination },
  memset: { syscall: 'tos_memset', code: returnDestination },
  memcmp: { syscall: 'tos_memcmp', code: returnOrder },
  bcmp: { syscall: 'tos_memcmp', code: returnOrder },
};

/** Bytes of stack that `returnOrder` uses. */
const stackSize = 8;

/** The linker's own object that defines `name`, hidden from outside; undefined when it has none. */
export function builtinObject(name: string): ObjectFile | undefined {
  const stub = Object.hasOwn(stubs, name) ? stubs[name] : undefined;
  if (stub === undefined) return undefined;
  const code = encode(stub.code);
  const rows = new Uint8Array(elf.relocationSize);
  const view = new DataView(rows.buffer);
  view.setUint32(0, stub.code.indexOf(call) * slotSize, true);
  view.setUint32(8, relocationTypes.call, true);
  view.setUint32(12, 2, true);
  const stackRow = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, stackSize);
  const sections = [
    section(0, '', 0, 0, new Uint8Array(0)),
    section(1, `.text.${name}`, elf.sectionProgramBits, elf.flagAllocate | elf.flagExecute, code),
    section(2, '.symtab', elf.sectionSymbolTable, 0, new Uint8Array(0)),
    { ...section(3, `.rel.text.${name}`, elf.sectionRelocations, 0, rows), link: 2, info: 1 },
    { ...section(4, '.stack_sizes', elf.sectionProgramBits, 0, stackRow), link: 1 },
  ];
  return {
    name: `the linker's ${name}`,
    sections,
    symbols: [
      symbol(0, '', 0, 0, 0),
      symbol(1, name, elfObject.symbolFunction, 1, code.length),
      symbol(2, stub.syscall, 0, elfObject.indexUndefined, 0),
    ],
    symbolTable: 2,
    relocationTables: new Map([[1, [sections[3]!]]]),
    groups: [],
    discarded: new Set(),
  };
}

/** Opcode bytes of the mnemonics above. */
const codes: ReadonlyMap<string, number> = new Map(
  opcodeTable(0).flatMap((row) => {
    if (row === undefined) return [];
    const form = row.form === 'alu-imm' ? '-imm' : row.form === 'alu-reg' ? '-reg' : '';
    return [[`${row.name}${form}`, row.code] as const];
  }),
);

function encode(rows: readonly Row[]): Uint8Array {
  const code = new Uint8Array(rows.length * slotSize);
  rows.forEach(([mnemonic, dst, src, off, imm], slot) => {
    writeSlot(code, slot, { opcode: codes.get(mnemonic) ?? opcodes.exit, dst, src, off, imm });
  });
  return code;
}

function section(index: number, name: string, type: number, flags: number, bytes: Uint8Array): InputSection {
  return { index, name, type, flags, size: bytes.length, alignment: 8, link: 0, info: 0, bytes };
}

function symbol(index: number, name: string, type: number, inSection: number, size: number): InputSymbol {
  const binding = index === 0 ? elfObject.bindingLocal : elfObject.bindingGlobal;
  const isDefined = inSection !== elfObject.indexUndefined;
  const visibility = isDefined ? elfObject.visibilityHidden : elfObject.visibilityDefault;
  return { index, name, binding, type, visibility, section: inSection, value: 0, size };
}
