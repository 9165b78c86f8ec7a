import { VmError } from '@switchyard/core';
import { isArchive, readArchive } from './archive.ts';
import { builtinObject } from './builtins.ts';
import { elfObject } from './elf-object-constants.ts';
import { defaultEntryName, entryNameKind } from './entry-names.ts';
import { linkError } from './link-error.ts';
import { type LinkInput, type ObjectFile, parseObject } from './object-file.ts';
import type { InputSymbol } from './read-symbols.ts';

/** Most objects of one contract, drawn members included. */
export const maxObjects = 1024;

/** The objects of a contract in link order, and those that nobody named. */
export interface SelectedObjects {
  readonly objects: readonly ObjectFile[];
  /** Members that were drawn from archives, as `lib.a(member.o)`, in the order of drawing. */
  readonly members: readonly string[];
  /** Functions that the linker supplies. */
  readonly builtins: readonly string[];
}

/**
 * Parses the inputs and draws from the archives each member that defines a name which is wanted and undefined, until nothing changes;
 * so the order of archives only decides between members which define the same name. Without any entry, `entrypoint` is wanted. Then
 * come the linker's own functions. Weak undefined names draw nothing.
 */
export function selectObjects(inputs: readonly LinkInput[]): SelectedObjects {
  const selection = new Selection();
  const archives: LinkInput[] = [];
  for (const input of inputs) {
    if (isArchive(input.bytes)) archives.push(input);
    else selection.add(parseObject(input));
  }
  if (archives.length > 0) draw(archives, selection);
  const builtins: string[] = [];
  for (const name of [...selection.wanted].sort()) {
    const object = builtinObject(name);
    if (object === undefined) continue;
    builtins.push(name);
    selection.add(object);
  }
  return { objects: selection.objects, members: selection.members, builtins };
}

function draw(archives: readonly LinkInput[], selection: Selection): void {
  const members = new Map<string, ObjectFile>();
  for (const archive of archives) {
    for (const member of readArchive(archive)) {
      const object = parseObject(member);
      for (const symbol of object.symbols) {
        if (isDefinition(symbol) && !members.has(symbol.name)) members.set(symbol.name, object);
      }
    }
  }
  if (!selection.hasEntry) selection.want(defaultEntryName);
  // Names that the drawn members want come to the end of the set while it is walked.
  for (const name of selection.wanted) {
    const member = members.get(name);
    if (member === undefined) continue;
    selection.members.push(member.name);
    selection.add(member);
  }
}

/** The objects so far, with the names that they define and want. */
class Selection {
  readonly objects: ObjectFile[] = [];
  readonly members: string[] = [];
  /** Undefined names in the order in which they came up. */
  readonly wanted = new Set<string>();
  readonly #defined = new Set<string>();
  readonly #groups = new Set<string>();

  get hasEntry(): boolean {
    for (const name of this.#defined) if (entryNameKind(name) === 'entry') return true;
    return false;
  }

  want(name: string): void {
    if (!this.#defined.has(name)) this.wanted.add(name);
  }

  add(parsed: ObjectFile): void {
    if (this.objects.length >= maxObjects) {
      throw new VmError('LINK_FAILED', `there are more than ${maxObjects} objects to link`, {
        hint: 'Merge objects, or leave out what is not needed.',
      });
    }
    const object = this.#withoutKnownGroups(parsed);
    this.objects.push(object);
    const isLeftOut = ({ section }: InputSymbol) => object.discarded.has(section);
    for (const symbol of object.symbols) {
      if (!isDefinition(symbol) || isLeftOut(symbol)) continue;
      this.#defined.add(symbol.name);
      this.wanted.delete(symbol.name);
    }
    for (const symbol of object.symbols) {
      const isUndefined = symbol.section === elfObject.indexUndefined || isLeftOut(symbol);
      if (symbol.binding === elfObject.bindingGlobal && isUndefined) this.want(symbol.name);
    }
  }

  /** The object without the sections of groups that an earlier object has. */
  #withoutKnownGroups(object: ObjectFile): ObjectFile {
    const discarded = new Set<number>();
    const grouped = new Set<number>();
    for (const { index, signature, members } of object.groups) {
      const isKnown = this.#groups.has(signature);
      this.#groups.add(signature);
      for (const member of members) {
        if (grouped.has(member)) {
          const section = object.sections[index]!;
          throw linkError(`section ${member} is in two groups`, {
            object: object.name,
            at: `${section.name}, section ${index}`,
          });
        }
        grouped.add(member);
        if (isKnown) discarded.add(member);
      }
    }
    return discarded.size === 0 ? object : { ...object, discarded };
  }
}

/** Whether a symbol defines its name for other objects. */
function isDefinition({ binding, section, name }: InputSymbol): boolean {
  const isShared = binding === elfObject.bindingGlobal || binding === elfObject.bindingWeak;
  return isShared && section !== elfObject.indexUndefined && name !== '';
}
