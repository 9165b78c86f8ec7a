/// <reference path="./elfy.d.ts" />
import elfy, { type ParsedElf } from 'elfy';
import { elf } from '../../format/elf-constants.ts';
import type { ElfContainer, ElfContainerReader, ElfSectionHeader } from './container-reader.ts';
import { containerReader as portable } from './portable-reader.ts';

/**
 * Reads ELF containers with elfy, which needs Node's Buffer. What elfy reads wrong or not at all is
 * taken from the bytes: identification, type and machine (names, undefined for BPF), flags (name maps),
 * alignment and entry size (read at 46 and 54 instead of 48 and 56), numbers above 2^53. Files on which elfy throws, or for
 * which it takes more than linear time, are read without it.
 */
export const containerReader: ElfContainerReader = { read };

// Node's global; the package is compiled without Node's types.
declare const Buffer: { from(memory: ArrayBufferLike, offset: number, length: number): Uint8Array };

function read(bytes: Uint8Array): ElfContainer | undefined {
  const raw = portable.read(bytes);
  if (raw === undefined || !isReadableByElfy(bytes, raw)) return raw;
  const parsed = parse(bytes);
  if (parsed === undefined) return raw;
  const { programs, sections } = parsed.body;
  if (programs.length !== raw.programHeaders.length || sections.length !== raw.sectionHeaders.length) {
    return raw;
  }
  return {
    header: {
      ident: raw.header.ident,
      type: raw.header.type,
      machine: raw.header.machine,
      version: parsed.version,
      entry: exact(parsed.entry, raw.header.entry),
      programHeaderOffset: exact(parsed.phoff, raw.header.programHeaderOffset),
      sectionHeaderOffset: exact(parsed.shoff, raw.header.sectionHeaderOffset),
      flags: parsed.flags,
      headerSize: parsed.ehsize,
      programHeaderSize: parsed.phentsize,
      programHeaderCount: parsed.phnum,
      sectionHeaderSize: parsed.shentsize,
      sectionHeaderCount: parsed.shnum,
      sectionNamesIndex: parsed.shstrndx,
    },
    programHeaders: programs.map((program, index) => {
      const stored = raw.programHeaders[index]!;
      return {
        type: stored.type,
        flags: stored.flags,
        offset: exact(program.offset, stored.offset),
        virtualAddress: exact(program.vaddr, stored.virtualAddress),
        physicalAddress: exact(program.paddr, stored.physicalAddress),
        fileSize: exact(program.filesz, stored.fileSize),
        memorySize: exact(program.memsz, stored.memorySize),
        align: exact(program.align, stored.align),
      };
    }),
    sectionHeaders: sections.map((section, index) => {
      const stored = raw.sectionHeaders[index]!;
      return {
        nameOffset: stored.nameOffset,
        type: stored.type,
        flags: stored.flags,
        address: exact(section.addr, stored.address),
        offset: exact(section.off, stored.offset),
        size: exact(section.size, stored.size),
        link: section.link,
        info: section.info,
        addressAlign: stored.addressAlign,
        entrySize: stored.entrySize,
      };
    }),
  };
}

/** elfy's double where it is exact, else the stored number. */
function exact(value: number, stored: bigint): bigint {
  return Number.isSafeInteger(value) ? BigInt(value) : stored;
}

function parse(bytes: Uint8Array): ParsedElf | undefined {
  try {
    return elfy.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch {
    // elfy throws Error, AssertionError or TypeError on what it cannot read; none of it says more
    // than that.
    return undefined;
  }
}

/** Whether elfy would read the same structures, in time and memory linear in the file. */
function isReadableByElfy(bytes: Uint8Array, { header, sectionHeaders }: ElfContainer): boolean {
  const names = sectionHeaders[header.sectionNamesIndex];
  return (
    header.ident[4] === elf.class64 &&
    header.ident[5] === elf.dataLittleEndian &&
    header.programHeaderSize === elf.programHeaderSize &&
    header.sectionHeaderSize === elf.sectionHeaderSize &&
    names !== undefined &&
    sectionHeaders.every((section) => hasShortName(bytes, names, section))
  );
}

const longestName = 256n;

/** elfy copies each section's name, however long; a shared endless name would cost quadratic memory. */
function hasShortName(bytes: Uint8Array, names: ElfSectionHeader, section: ElfSectionHeader): boolean {
  const start = names.offset + BigInt(section.nameOffset);
  const limit = BigInt(bytes.length);
  let end = start + longestName;
  if (end > limit) end = limit;
  if (start >= end) return true;
  return bytes.subarray(Number(start), Number(end)).includes(0);
}
