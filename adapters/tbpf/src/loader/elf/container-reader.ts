/** The file header (spec §8.1), fields as stored. */
export interface ElfHeader {
  /** The 16 identification bytes. */
  readonly ident: Uint8Array;
  readonly type: number;
  readonly machine: number;
  readonly version: number;
  readonly entry: bigint;
  readonly programHeaderOffset: bigint;
  readonly sectionHeaderOffset: bigint;
  readonly flags: number;
  readonly headerSize: number;
  readonly programHeaderSize: number;
  readonly programHeaderCount: number;
  readonly sectionHeaderSize: number;
  readonly sectionHeaderCount: number;
  readonly sectionNamesIndex: number;
}

/** A program header (spec §8.1), fields as stored. */
export interface ElfProgramHeader {
  readonly type: number;
  readonly flags: number;
  readonly offset: bigint;
  readonly virtualAddress: bigint;
  readonly physicalAddress: bigint;
  readonly fileSize: bigint;
  readonly memorySize: bigint;
  readonly align: bigint;
}

/** A section header (spec §8.1), fields as stored; the name is an offset into the string table. */
export interface ElfSectionHeader {
  readonly nameOffset: number;
  readonly type: number;
  readonly flags: bigint;
  readonly address: bigint;
  readonly offset: bigint;
  readonly size: bigint;
  readonly link: number;
  readonly info: number;
  readonly addressAlign: bigint;
  readonly entrySize: bigint;
}

/** What a reader finds in a file. Nothing is validated; that is the loaders' work. */
export interface ElfContainer {
  readonly header: ElfHeader;
  /** All program headers, or none when their table is not wholly inside the file. */
  readonly programHeaders: readonly ElfProgramHeader[];
  /** All section headers, or none when their table is not wholly inside the file. */
  readonly sectionHeaders: readonly ElfSectionHeader[];
}

/** Reads the container structures of an ELF file: 64-bit, little-endian, standard entry sizes. */
export interface ElfContainerReader {
  /** Reads a container; undefined when the file is shorter than a file header. Never throws. */
  read(bytes: Uint8Array): ElfContainer | undefined;
}
