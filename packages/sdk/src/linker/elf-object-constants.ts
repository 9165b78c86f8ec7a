/** What relocatable objects have and loadable files do not; the rest is `elf` of `@switchyard/tbpf/format`. */
export const elfObject = Object.freeze({
  typeRelocatable: 1,
  sectionRelocationsWithAddend: 4,
  flagThreadLocal: 0x400,
  bindingLocal: 0,
  bindingGlobal: 1,
  bindingWeak: 2,
  symbolFunction: 2,
  symbolSection: 3,
  symbolFile: 4,
  visibilityDefault: 0,
  visibilityProtected: 3,
  indexUndefined: 0,
  indexReserved: 0xff00,
  indexAbsolute: 0xfff1,
  indexCommon: 0xfff2,
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
