import { addressMap, elf } from '../../format/elf-constants.ts';
import type { ElfSectionHeader } from '../elf/container-reader.ts';
import { checkedAdd, saturatingAdd } from '../elf/file-ranges.ts';
import { fail, failOutOfBounds } from '../load-failure.ts';
import type { ParsedElf } from './parse.ts';

/** Validates a parsed file in the order of spec §8.4.3 and returns its text section; throws `LoadFailure`. */
export function validateElf({ bytes, header, sections, names }: ParsedElf): ElfSectionHeader {
  if (header.ident[7] !== 0) fail('WrongAbi');
  if (header.machine !== elf.machineBpf && header.machine !== elf.machineTbpf) fail('WrongMachine');
  if (header.type !== elf.typeDynamic) fail('WrongType');
  const textSections = sections.filter((_, index) => names[index] === '.text');
  const text = textSections[0];
  if (text === undefined || textSections.length !== 1) return fail('NotOneTextSection');
  for (const [index, section] of sections.entries()) {
    const name = names[index]!;
    if (isWritableData(name, section)) fail('WritableSectionNotSupported', name);
  }
  for (const section of sections) {
    if (checkedAdd(section.offset, section.size) > BigInt(bytes.length)) failOutOfBounds();
  }
  const isInside = header.entry >= text.address && header.entry < saturatingAdd(text.address, text.size);
  if (!isInside) fail('EntrypointOutOfBounds');
  return text;
}

const writableAndAllocated = BigInt(elf.flagWrite | elf.flagAllocate);

function isWritableData(name: string, section: ElfSectionHeader): boolean {
  if (name.startsWith('.bss')) return true;
  const isWritable = (section.flags & writableAndAllocated) === writableAndAllocated;
  return isWritable && name.startsWith('.data') && !name.startsWith('.data.rel');
}

/** Address of the first text byte (spec §8.4.4); throws `LoadFailure`. */
export function placeText(text: ElfSectionHeader, rejectBrokenElfs: boolean): bigint {
  const address = saturatingAdd(text.address, addressMap.program);
  if (address > addressMap.stack) failOutOfBounds();
  if (rejectBrokenElfs && text.address !== text.offset) failOutOfBounds();
  return address;
}
