import type { SectionOfObject } from './kept-sections.ts';
import type { Layout } from './layout.ts';
import type { SelectedObjects } from './select-objects.ts';

/** A section that is in the linked file. */
export interface MappedSection {
  readonly object: string;
  /** Name in the object. */
  readonly section: string;
  /** As the contract sees it, in V0 before the loader moves it by 2^32. */
  readonly address: number;
  readonly size: number;
}

/** What is in a linked file, and where it came from. */
export interface LinkMap {
  /** Ascending by address. */
  readonly sections: readonly MappedSection[];
  /** Sections that nothing reaches, with their sizes. */
  readonly removed: readonly Omit<MappedSection, 'address'>[];
  /** Members that were drawn from archives, as `lib.a(member.o)`. */
  readonly members: readonly string[];
  /** Functions that the linker supplied, such as `memcpy`. */
  readonly builtins: readonly string[];
}

/** The map of a layout. */
export function createMap(
  layout: Layout,
  removed: readonly SectionOfObject[],
  { members, builtins }: SelectedObjects,
): LinkMap {
  return {
    sections: layout.pieces
      .map(({ object, section, address, bytes, moved }) => {
        const size = (moved?.bytes ?? bytes).length;
        return { object: object.name, section: section.name, address, size };
      })
      .filter(({ size }) => size > 0),
    removed: removed.map(({ object, section }) => {
      return { object: object.name, section: section.name, size: section.size };
    }),
    members,
    builtins,
  };
}
