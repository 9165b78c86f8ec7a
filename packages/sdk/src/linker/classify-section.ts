import { elf } from '@switchyard/tbpf/format';
import { elfObject } from './elf-object-constants.ts';
import { linkError } from './link-error.ts';
import type { ObjectFile } from './object-file.ts';
import type { InputSection } from './read-sections.ts';

/** Where a section of an object goes in the linked file. */
export type SectionKind = 'text' | 'rodata' | 'relro';

/** Largest alignment that a data section may ask for. */
export const maxAlignment = 4096;

/** Whether a section is part of the contract's memory. The rest is left out here: debug information, comments, unwind tables. */
export function isLoadable({ name, flags }: InputSection): boolean {
  return (flags & elf.flagAllocate) !== 0 && !name.startsWith('.eh_frame');
}

/**
 * The kind of a section, or undefined when it is left out: debug information, comments, symbol tables. Sections which a contract
 * cannot have (writable data, thread-local data, start-up tables) are LINK_FAILED.
 */
export function classifySection(object: ObjectFile, section: InputSection): SectionKind | undefined {
  const { name, flags, size } = section;
  if (!isLoadable(section)) return undefined;
  const refuse = (message: string, hint?: string) =>
    linkError(message, {
      object: object.name,
      at: `${name}, ${size} bytes${symbolsIn(object, section)}`,
      ...(hint === undefined ? {} : { hint }),
    });
  const isWritable = (flags & elf.flagWrite) !== 0;
  const isExecutable = (flags & elf.flagExecute) !== 0;
  const isRelocatedConstant = name === '.data.rel.ro' || name.startsWith('.data.rel.ro.');
  if (size > 0 && isWritable && !isRelocatedConstant) {
    throw refuse(
      `section ${name} is writable; a contract has constants only`,
      'Declare the global const, or keep the value in storage.',
    );
  }
  if (size > 0 && (flags & elfObject.flagThreadLocal) !== 0) {
    throw refuse(`section ${name} is thread-local; a contract has no threads`);
  }
  if (section.type !== elf.sectionProgramBits && size > 0) {
    throw refuse(`section ${name} has type ${section.type}, which cannot be loaded`);
  }
  checkAlignment(object, section);
  if (isExecutable) {
    if (size % 8 !== 0) throw refuse(`section ${name} is not a whole number of instructions`);
    return 'text';
  }
  return isRelocatedConstant ? 'relro' : 'rodata';
}

function checkAlignment(object: ObjectFile, section: InputSection): void {
  const { alignment } = section;
  const isPowerOfTwo = (alignment & (alignment - 1)) === 0;
  if (!isPowerOfTwo || alignment > maxAlignment) {
    throw linkError(`an alignment of ${alignment} is not a power of two up to ${maxAlignment}`, {
      object: object.name,
      at: section.name,
    });
  }
}

/** Most symbols that a message lists. */
const maxListed = 5;

/** `, symbol counter` or `, symbols counter, total`: the named symbols of the section, to show the author what is meant. */
function symbolsIn(object: ObjectFile, section: InputSection): string {
  const names = object.symbols
    .filter((one) => one.section === section.index && one.name !== '')
    .map(({ name }) => name);
  if (names.length === 0) return '';
  const listed = names.slice(0, maxListed).join(', ');
  const more = names.length > maxListed ? ` and ${names.length - maxListed} more` : '';
  return `, symbol${names.length === 1 ? '' : 's'} ${listed}${more}`;
}

/** Nothing runs constructors; a table of them is refused although nothing refers to it. */
export function refuseStartupTables(object: ObjectFile): void {
  for (const { name, type, size } of object.sections) {
    if (size === 0 || !elfObject.sectionStartupTables.includes(type)) continue;
    throw linkError(`section ${name} lists functions to run at the start or the end; no contract runs them`, {
      object: object.name,
      at: `${name}, ${size} bytes`,
      hint: 'Do it in the entries, or in hook_0, which runs at deployment.',
    });
  }
}
