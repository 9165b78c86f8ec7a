import { slotSize } from '@switchyard/tbpf/format';
import { elfObject } from './elf-object-constants.ts';
import { entryNameKind } from './entry-names.ts';
import type { Layout } from './layout.ts';
import { linkError } from './link-error.ts';
import { isPlainName } from './object-bytes.ts';
import type { ObjectFile } from './object-file.ts';
import type { InputSymbol } from './read-symbols.ts';
import type { OwnedSymbol, SymbolTable } from './symbol-table.ts';

/** A function of the contract with its place. */
export interface NamedFunction {
  readonly name: string;
  readonly address: number;
  readonly size: number;
}

/** Longest symbol name that the loader reads. */
const maxNameLength = 63;

/** The global, visible functions, by address and name: what can be called from outside. */
export function exportedFunctions(symbols: SymbolTable, layout: Layout): NamedFunction[] {
  const functions: NamedFunction[] = [];
  for (const owned of symbols.definitions()) {
    const isEntry = entryNameKind(owned.symbol.name) === 'entry';
    const place = placeOf(owned, layout);
    if (isEntry && place === undefined) {
      throw linkError(`${owned.symbol.name} is not a function`, {
        object: owned.object.name,
        at: `symbol ${owned.symbol.name}`,
        hint: 'The names entrypoint, entry_N and hook_N are for functions only.',
      });
    }
    if (isVisibleFunction(owned.symbol) && place !== undefined) functions.push(place);
  }
  return sorted(functions);
}

/** Whether a global symbol is a function that can be called from outside: neither `static` nor `TOS_INTERNAL`. */
export function isVisibleFunction({ type, visibility }: InputSymbol): boolean {
  const isVisible =
    visibility === elfObject.visibilityDefault || visibility === elfObject.visibilityProtected;
  return isVisible && type === elfObject.symbolFunction;
}

/**
 * All functions, static ones too, for fault messages. A static function with the name of an entry is left out, so that a symbol
 * table never makes a private function callable as an entry.
 */
export function debugFunctions(objects: readonly ObjectFile[], layout: Layout): NamedFunction[] {
  const functions: NamedFunction[] = [];
  const seen = new Set<string>();
  for (const object of objects) {
    for (const symbol of object.symbols) {
      const isLocal = symbol.binding === elfObject.bindingLocal;
      const isPrivateEntry = isLocal && entryNameKind(symbol.name) !== 'plain';
      const place = isPrivateEntry ? undefined : placeOf({ object, symbol }, layout);
      const key = place === undefined ? '' : `${place.address} ${place.name}`;
      if (place === undefined || seen.has(key)) continue;
      seen.add(key);
      functions.push(place);
    }
  }
  return sorted(functions);
}

/** The name and place of a symbol that is a function of the kept code; undefined for anything else. */
export function placeOf({ object, symbol }: OwnedSymbol, layout: Layout): NamedFunction | undefined {
  const { name, size, value } = symbol;
  if (symbol.type !== elfObject.symbolFunction || name.length > maxNameLength || !isPlainName(name))
    return undefined;
  const piece = layout.find(object, symbol.section);
  if (piece === undefined || piece.kind !== 'text') return undefined;
  const { address, moved, section } = piece;
  const at = { object: object.name, at: `symbol ${name}` };
  if (section.size === 0 && value === 0) {
    throw linkError(`function ${name} has no code; the compiler found that it cannot run`, {
      ...at,
      hint: 'It has undefined behaviour, such as no return at its end or __builtin_unreachable().',
    });
  }
  const isInside = value % slotSize === 0 && value + size <= section.size && value < section.size;
  if (!isInside) {
    throw linkError(`function ${name} is not whole instructions of its section ${section.name}`, at);
  }
  if (moved === undefined) return { name, address: address + value, size };
  const start = moved.entryOffset(value);
  const last = Math.max(value, value + size - slotSize);
  return { name, address: address + start, size: moved.codeOffset(last) + slotSize - start };
}

function sorted(functions: NamedFunction[]): NamedFunction[] {
  return functions.sort((a, b) => a.address - b.address || (a.name < b.name ? -1 : 1));
}
