/** What relocatable objects have and loadable files do not; the rest is `elf` of `@switchyard/tbpf/format`. */
export const elfObject = Object.freeze({
  typeRelocatable: 1,
  sectionRelocationsWithAddend: 4,
  /** Tables of functions that run before or after the program. */
  sectionStartupTables: Object.freeze([14, 15, 16]) as readonly number[],
  sectionGroup: 17,
  flagThreadLocal: 0x400,
  /** SHF_GNU_RETAIN: the section stays although nothing refers to it. */
  flagRetain: 0x20_0000,
  /** First word of a section group of which a program has one copy only. */
  groupComdat: 1,
  bindingLocal: 0,
  bindingGlobal: 1,
  bindingWeak: 2,
  symbolFunction: 2,
  symbolSection: 3,
  visibilityDefault: 0,
  visibilityHidden: 2,
  visibilityProtected: 3,
  indexUndefined: 0,
  indexReserved: 0xff00,
  indexAbsolute: 0xfff1,
  indexCommon: 0xfff2,
  /** The number of the section is in another table, as there are more than 65,279. */
  indexExtended: 0xffff,
  /** R_BPF_64_ABS64: a pointer in data. The loader does not know it. */
  relocationAbsolute64InData: 2,
});

/** Names of the relocation types that LLVM's BPF target knows, by number. */
export const relocationNames: Readonly<Record<number, string>> = Object.freeze({
  0: 'R_BPF_NONE',
  1: 'R_BPF_64_64',
  2: 'R_BPF_64_ABS64',
  3: 'R_BPF_64_ABS32',
  4: 'R_BPF_64_NODYLD32',
  8: 'R_BPF_64_RELATIVE',
  10: 'R_BPF_64_32',
});

/** `R_BPF_64_ABS32 (3)`, for messages. */
export function relocationName(type: number): string {
  const name = relocationNames[type];
  return name === undefined ? `type ${type}` : `${name} (${type})`;
}
