import { machineCode } from './check-instructions.ts';
import { classifySection, isLoadable, refuseStartupTables, type SectionKind } from './classify-section.ts';
import { elfObject } from './elf-object-constants.ts';
import { entryNameKind } from './entry-names.ts';
import { isVisibleFunction } from './exported-functions.ts';
import type { LinkedVersion } from './linked-version.ts';
import type { MovedCode } from './move-code.ts';
import type { ObjectFile } from './object-file.ts';
import type { InputSection } from './read-sections.ts';
import { type Reference, referencesOf } from './references.ts';
import type { SymbolTable } from './symbol-table.ts';

/** A section that gets into the linked file. */
export interface KeptSection {
  readonly object: ObjectFile;
  readonly section: InputSection;
  readonly kind: SectionKind;
  /** Its bytes for the machine; of moved code, `moved` has them. */
  readonly bytes: Uint8Array;
  readonly references: readonly Reference[];
  /** Where the code went when the linker inserted instructions; undefined when all is where it was. */
  readonly moved: MovedCode | undefined;
}

/** A section of an object. */
export interface SectionOfObject {
  readonly object: ObjectFile;
  readonly section: InputSection;
}

/** What gets into the linked file, and what could have, but is not needed. Both in the order of objects and sections. */
export interface KeptSections {
  readonly kept: readonly KeptSection[];
  readonly removed: readonly SectionOfObject[];
}

/**
 * Chooses the sections of the linked file: with `gcSections` those that the exported functions reach by relocations, otherwise all
 * that can be loaded. Debug information and comments never are.
 */
export function keepSections(
  objects: readonly ObjectFile[],
  symbols: SymbolTable,
  version: LinkedVersion,
  gcSections: boolean,
): KeptSections {
  for (const object of objects) refuseStartupTables(object);
  const read = new Map<InputSection, KeptSection>();
  const queue: SectionOfObject[] = gcSections ? roots(objects, symbols) : objects.flatMap(loadable);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { object, section } = next;
    if (read.has(section)) continue;
    const kind = classifySection(object, section);
    if (kind === undefined) continue;
    const bytes = kind === 'text' ? machineCode(object, section, version) : section.bytes;
    const references = referencesOf(object, section, kind);
    read.set(section, { object, section, kind, bytes, references, moved: undefined });
    for (const { symbol } of references) {
      const definition = symbols.resolve(object, symbol);
      const target = definition?.object.sections[definition.symbol.section];
      if (definition === undefined || target === undefined) continue;
      if (!definition.object.discarded.has(target.index)) {
        queue.push({ object: definition.object, section: target });
      }
    }
  }
  const all = objects.flatMap(loadable);
  return {
    kept: all.flatMap(({ section }) => read.get(section) ?? []),
    removed: all.filter(({ section }) => section.size > 0 && !read.has(section)),
  };
}

/** The sections of an object that take part in the contract, copies of groups left out. */
function loadable(object: ObjectFile): SectionOfObject[] {
  return object.sections
    .filter((section) => isLoadable(section) && !object.discarded.has(section.index))
    .map((section) => ({ object, section }));
}

/** Sections that are needed although nothing refers to them: of what can be called from outside, and of what is marked `retain`. */
function roots(objects: readonly ObjectFile[], symbols: SymbolTable): SectionOfObject[] {
  const found = objects
    .flatMap(loadable)
    .filter(({ section }) => (section.flags & elfObject.flagRetain) !== 0);
  for (const { object, symbol } of symbols.definitions()) {
    const section = object.sections[symbol.section];
    if (section === undefined) continue;
    if (isVisibleFunction(symbol) || entryNameKind(symbol.name) === 'entry') found.push({ object, section });
  }
  return found;
}
