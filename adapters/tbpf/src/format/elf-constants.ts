/** Constants of the ELF subset TBPF files use (spec §8.1). */
export const elf = Object.freeze({
  headerSize: 64,
  programHeaderSize: 56,
  sectionHeaderSize: 64,
  symbolSize: 24,
  dynamicSize: 16,
  relocationSize: 16,
  /** 64-bit file. */
  class64: 2,
  /** Little-endian file. */
  dataLittleEndian: 1,
  currentVersion: 1,
  typeDynamic: 3,
  machineBpf: 247,
  machineTbpf: 263,
  segmentLoad: 1,
  segmentDynamic: 2,
  segmentExecute: 1,
  segmentWrite: 2,
  segmentRead: 4,
  sectionNull: 0,
  sectionProgramBits: 1,
  sectionSymbolTable: 2,
  sectionStringTable: 3,
  sectionDynamic: 6,
  sectionNoBits: 8,
  sectionRelocations: 9,
  sectionDynamicSymbols: 11,
  flagWrite: 1,
  flagAllocate: 2,
  flagExecute: 4,
  dynamicNull: 0,
  dynamicStringTable: 5,
  dynamicSymbolTable: 6,
  dynamicStringSize: 10,
  dynamicSymbolSize: 11,
  dynamicRelocations: 17,
  dynamicRelocationsSize: 18,
  dynamicRelocationSize: 19,
  /** Tags from here on are ignored by the loader. */
  dynamicTagLimit: 35,
  symbolNoType: 0,
  symbolFunction: 2,
});

/** `7F 45 4C 46`, the first four bytes of every ELF file. */
export const elfMagic: readonly number[] = Object.freeze([0x7f, 0x45, 0x4c, 0x46]);

/** Relocation types the lenient loader applies (spec §8.4.7). */
export const relocationTypes = Object.freeze({
  /** R_BPF_64_64: symbol value into an lddw pair. */
  absolute64: 1,
  /** R_BPF_64_RELATIVE: moves an address by 2^32, in an lddw pair or in a data word. */
  relative: 8,
  /** R_BPF_64_32: function or syscall key into a call. */
  call: 10,
});

/** Base addresses of the memory map (spec §3.1). */
export const addressMap = Object.freeze({
  program: 0x1_0000_0000n,
  stack: 0x2_0000_0000n,
  heap: 0x3_0000_0000n,
  input: 0x4_0000_0000n,
});
