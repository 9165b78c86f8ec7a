import type { Layout, Piece } from './layout.ts';
import { linkError, offsetIn } from './link-error.ts';
import type { ObjectFile } from './object-file.ts';
import type { InputSection } from './read-sections.ts';
import { type InputRelocation, relocationsOf } from './relocations.ts';
import type { SymbolTable } from './symbol-table.ts';

/** A debug section of the linked file: never loaded, so it has no address. */
export interface DebugSection {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Longest section name that the loader of V0 takes, without its NUL (tbpf.md §4): `.debug_line_str`. */
const longestName = 15;

/** What every debugger needs at least, for lines; these names are short. */
const lineTables: readonly string[] = ['.debug_line', '.debug_line_str'];

/** Numbers of the relocations that clang leaves in debug sections; values are read in place and added to. */
const types = Object.freeze({ address: 2, offset: 3, offsetKeptByDynamicLinkers: 4 });

/** Addresses of code that is not in the file; readers skip what has them. Lists end at pairs of zeros and have their own mark at −1. */
const noCode = 0xffff_ffff_ffff_ffffn;
const noCodeInLists = 1n;
const lists: ReadonlySet<string> = new Set(['.debug_ranges', '.debug_loc']);

/**
 * The debug sections of all objects, those of one name one behind another, with their relocations applied: addresses are those of `.text`
 * in the linked file. An object whose debug information has a name that the loader refuses (DWARF 5 may have `.debug_str_offsets`) has the
 * other sections refer to what is not there; then the line tables alone are kept.
 */
export function createDebugInfo(
  objects: readonly ObjectFile[],
  symbols: SymbolTable,
  layout: Layout,
): DebugSection[] {
  const all = objects.flatMap((object) =>
    object.sections
      .filter(
        ({ name, flags, index }) =>
          name.startsWith('.debug_') && (flags & 2) === 0 && !object.discarded.has(index),
      )
      .map((section) => ({ object, section })),
  );
  const fits = all.every(({ section }) => section.name.length <= longestName);
  const kept = fits ? all : all.filter(({ section }) => lineTables.includes(section.name));
  const places = new Map<InputSection, number>();
  const sizes = new Map<string, number>();
  for (const { section } of kept) {
    const start = sizes.get(section.name) ?? 0;
    places.set(section, start);
    sizes.set(section.name, start + section.bytes.length);
  }
  const merged = new Map([...sizes].map(([name, size]) => [name, new Uint8Array(size)] as const));
  for (const { object, section } of kept) {
    const bytes = merged
      .get(section.name)!
      .subarray(places.get(section)!, places.get(section)! + section.size);
    bytes.set(section.bytes);
    for (const row of relocationsOf(object, section, 4)) {
      apply({ object, section, bytes, row, places, symbols, layout });
    }
  }
  return [...merged].map(([name, bytes]) => ({ name, bytes }));
}

interface Site {
  readonly object: ObjectFile;
  readonly section: InputSection;
  /** The section's bytes in the linked file. */
  readonly bytes: Uint8Array;
  readonly row: InputRelocation;
  readonly places: ReadonlyMap<InputSection, number>;
  readonly symbols: SymbolTable;
  readonly layout: Layout;
}

function apply(site: Site): void {
  const { object, section, bytes, row } = site;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = { object: object.name, at: offsetIn(section.name, row.offset) };
  switch (row.type) {
    case types.address: {
      if (row.offset + 8 > bytes.length) throw linkError('an address is outside its section', at);
      const tombstone = lists.has(section.name) ? noCodeInLists : noCode;
      const addend = view.getBigInt64(row.offset, true);
      view.setBigUint64(row.offset, addressOf(site, addend) ?? tombstone, true);
      return;
    }
    case types.offset:
    case types.offsetKeptByDynamicLinkers:
      view.setUint32(row.offset, offsetOf(site, view.getUint32(row.offset, true)), true);
      return;
    default:
      throw linkError(`relocation type ${row.type} is not supported in debug information`, at);
  }
}

/** Offset in a merged debug section; 0 for what is not in the file. */
function offsetOf({ object, row, places }: Site, addend: number): number {
  const target = object.sections[row.symbol.section];
  const start = target === undefined ? undefined : places.get(target);
  return start === undefined ? 0 : start + row.symbol.value + addend;
}

/** Address of code or data in the linked file; undefined for what is not in it. */
function addressOf({ object, row, symbols, layout }: Site, addend: bigint): bigint | undefined {
  const definition = symbols.resolve(object, row.symbol);
  const piece = definition && layout.find(definition.object, definition.symbol.section);
  if (definition === undefined || piece === undefined) return undefined;
  const offset = BigInt(definition.symbol.value) + addend;
  if (offset < 0n || offset > BigInt(piece.section.size)) return undefined;
  return placeIn(piece, Number(offset));
}

/**
 * A line table counts on from one address over a whole section, so where instructions were inserted in the midst of it (V3, sections of
 * several functions), it would count wrongly: such a section has no lines rather than wrong ones.
 */
function placeIn({ address, moved, section }: Piece, offset: number): bigint | undefined {
  if (moved === undefined) return BigInt(address + offset);
  const first = moved.codeOffset(0);
  const last = section.size - 8;
  if (moved.codeOffset(last) - first !== last) return undefined;
  return BigInt(address + first + offset);
}
