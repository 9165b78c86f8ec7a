import { elf } from '@switchyard/tbpf/format';
import { elfObject } from './elf-object-constants.ts';
import type { NamedFunction } from './exported-functions.ts';
import type { DynamicRelocation } from './linked-image.ts';
import { StringTable } from './string-table.ts';

/** A symbol table with its strings. */
export interface SymbolSections {
  readonly symbols: Uint8Array;
  readonly strings: Uint8Array;
  /** Index of the first symbol that is not local, for `sh_info`. */
  readonly firstGlobal: number;
}

/** `.dynsym`, `.dynstr` and `.rel.dyn`. */
export interface DynamicSections extends SymbolSections {
  readonly relocations: Uint8Array;
}

interface SymbolRow {
  readonly name: string;
  readonly binding: number;
  readonly type: number;
  readonly section: number;
  readonly value: number;
  readonly size: number;
}

const nullRow: SymbolRow = { name: '', binding: 0, type: 0, section: 0, value: 0, size: 0 };

/** Section index of `.text` in every linked file. */
export const textIndex = 1;

/** Symbols and relocations as the loader reads them (tbpf.md §8.4.7). */
export function createDynamicSections(
  exported: readonly NamedFunction[],
  relocations: readonly DynamicRelocation[],
): DynamicSections {
  const selfCalled = new Set<number>();
  const undefinedNames = new Set<string>();
  for (const { target } of relocations) {
    if (target === undefined) continue;
    if ('syscall' in target) undefinedNames.add(target.syscall);
    else selfCalled.add(target.functionAddress);
  }
  const anonymous = [...selfCalled].sort((a, b) => a - b);
  const names = [...undefinedNames].sort();
  const rows: SymbolRow[] = [
    nullRow,
    ...anonymous.map((value) => functionRow({ name: '', address: value, size: 0 }, elfObject.bindingLocal)),
    ...exported.map((one) => functionRow(one, elfObject.bindingGlobal)),
    ...names.map((name) => ({ ...nullRow, name, binding: elfObject.bindingGlobal })),
  ];
  const firstName = 1 + anonymous.length + exported.length;
  const nameIndex = new Map(names.map((name, index) => [name, firstName + index]));
  const functionIndex = new Map(anonymous.map((address, index) => [address, 1 + index]));
  const symbolOf = (target: DynamicRelocation['target']): number => {
    if (target === undefined) return 0;
    return 'syscall' in target ? nameIndex.get(target.syscall)! : functionIndex.get(target.functionAddress)!;
  };
  const bytes = new Uint8Array(relocations.length * elf.relocationSize);
  const view = new DataView(bytes.buffer);
  relocations.forEach((relocation, index) => {
    view.setUint32(index * elf.relocationSize, relocation.offset, true);
    view.setUint32(index * elf.relocationSize + 8, relocation.type, true);
    view.setUint32(index * elf.relocationSize + 12, symbolOf(relocation.target), true);
  });
  return { ...encodeSymbols(rows, 1 + anonymous.length), relocations: bytes };
}

/** `.symtab` and `.strtab` with the given functions, all local. */
export function createDebugSections(functions: readonly NamedFunction[]): SymbolSections {
  const rows = functions.map((one) => functionRow(one, elfObject.bindingLocal));
  return encodeSymbols([nullRow, ...rows], 1 + rows.length);
}

/** `.symtab` and `.strtab` of a file without dynamic symbols: static functions first, then the exported ones. */
export function createStaticSections(
  exported: readonly NamedFunction[],
  functions: readonly NamedFunction[],
): SymbolSections {
  const known = new Set(exported.map(({ name, address }) => `${address} ${name}`));
  const rows = [
    nullRow,
    ...functions
      .filter(({ name, address }) => !known.has(`${address} ${name}`))
      .map((one) => functionRow(one, elfObject.bindingLocal)),
  ];
  const globals = exported.map((one) => functionRow(one, elfObject.bindingGlobal));
  return encodeSymbols([...rows, ...globals], rows.length);
}

function functionRow(named: NamedFunction, binding: number): SymbolRow {
  const { name, address, size } = named;
  return { name, binding, type: elf.symbolFunction, section: textIndex, value: address, size };
}

function encodeSymbols(rows: readonly SymbolRow[], firstGlobal: number): SymbolSections {
  const strings = new StringTable();
  const symbols = new Uint8Array(rows.length * elf.symbolSize);
  const view = new DataView(symbols.buffer);
  rows.forEach((row, index) => {
    const start = index * elf.symbolSize;
    view.setUint32(start, strings.add(row.name), true);
    view.setUint8(start + 4, (row.binding << 4) | row.type);
    view.setUint16(start + 6, row.section, true);
    view.setUint32(start + 8, row.value, true);
    view.setUint32(start + 16, row.size, true);
  });
  return { symbols, strings: strings.bytes(), firstGlobal };
}
