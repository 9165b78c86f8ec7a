import { slotSize } from '@switchyard/tbpf/format';
import { elfObject } from './elf-object-constants.ts';
import type { Layout, Piece } from './layout.ts';
import { linkError, offsetIn } from './link-error.ts';
import type { Image } from './linked-image.ts';
import { isPlainName } from './object-bytes.ts';
import type { InputSymbol } from './read-symbols.ts';
import type { Reference } from './references.ts';
import type { OwnedSymbol, SymbolTable } from './symbol-table.ts';

/** Longest name of a syscall that the loader finds (tbpf.md §8.4.7). */
const maxSyscallName = 63;

/** Functions that compilers call by themselves; none of them is a syscall. The linker has `memcpy` and its like (`builtins.ts`). */
const compilerSupport = /^(strlen|__[a-z]+[0-9])$/;

/** Furthest that an address may be from the symbol that it is counted from. */
const maxAddend = 2 ** 31;

/** Copies one piece into the image and resolves all that it refers to. */
export function relocatePiece(piece: Piece, layout: Layout, symbols: SymbolTable, image: Image): void {
  image.copy(piece.offset, piece.moved?.bytes ?? piece.bytes);
  for (const reference of piece.references) {
    const within = piece.moved?.codeOffset(reference.offset) ?? reference.offset;
    const definition = symbols.resolve(piece.object, reference.symbol);
    if (reference.kind === 'call') {
      relocateCall(piece, reference, definition, layout, image, piece.offset + within);
    } else {
      relocateAddress(piece, reference, definition, layout, image, piece.offset + within);
    }
  }
}

function relocateAddress(
  piece: Piece,
  reference: Reference,
  definition: OwnedSymbol | undefined,
  layout: Layout,
  image: Image,
  offset: number,
): void {
  const { kind, symbol, addend } = reference;
  if (definition === undefined) {
    // An undefined weak symbol has the address 0, so that a contract can ask whether it is there.
    if (symbol.binding === elfObject.bindingWeak) {
      image.constantAt(offset, addend, kind === 'load' ? 'load' : 'word');
      return;
    }
    throw failure(piece, reference, `${symbol.name} is not defined, but its address is taken`, {
      hint: 'A syscall can only be called. Define the symbol, or call the syscall by its name.',
    });
  }
  const address = addressOf(piece, reference, definition, layout);
  if (kind === 'load') image.loadAt(offset, address);
  else image.wordAt(offset, address);
}

function relocateCall(
  piece: Piece,
  reference: Reference,
  definition: OwnedSymbol | undefined,
  layout: Layout,
  image: Image,
  offset: number,
): void {
  const { symbol, addend } = reference;
  if (definition === undefined) {
    if (addend !== 0) throw failure(piece, reference, `a call of ${symbol.name} has an offset`);
    checkUndefinedName(piece, reference);
    const place = `${piece.object.name}, ${offsetIn(piece.section.name, reference.offset)}`;
    image.syscallAt(offset, symbol.name, place);
    return;
  }
  const target = addressOf(piece, reference, definition, layout);
  const { address, size } = layout.text;
  if (target < address || target >= address + size || (target - address) % slotSize !== 0) {
    throw failure(piece, reference, `${nameOf(definition.symbol)} is called, but is not code`);
  }
  image.callAt(offset, target);
}

function checkUndefinedName(piece: Piece, reference: Reference): void {
  const { name, visibility } = reference.symbol;
  if (visibility === elfObject.visibilityHidden) {
    throw failure(piece, reference, `${name} is not defined, and declared to be inside the contract`, {
      hint: 'Add the source, object or archive that defines it; syscalls are declared without TOS_INTERNAL.',
    });
  }
  if (compilerSupport.test(name)) {
    throw failure(piece, reference, `${name} is called, which no contract has`, {
      hint: 'The compiler calls it for 128-bit or floating arithmetic; use 64-bit integers.',
    });
  }
  if (name.length > maxSyscallName || !isPlainName(name) || name === '') {
    throw failure(piece, reference, `the undefined name ${name} cannot be a syscall`, {
      hint: `A syscall's name has 1 to ${maxSyscallName} printable ASCII characters.`,
    });
  }
}

/** The address that a reference means; its symbol must be in a section that is kept. */
function addressOf(from: Piece, reference: Reference, definition: OwnedSymbol, layout: Layout): number {
  const { symbol } = definition;
  const { addend } = reference;
  const piece = pieceOf(from, reference, definition, layout);
  if (symbol.value > piece.section.size) {
    throw failure(from, reference, `${nameOf(symbol)} is outside its section ${piece.section.name}`);
  }
  const within = symbol.value + addend;
  const { moved, address, section } = piece;
  const isInside = moved === undefined ? address + within > 0 : within >= 0 && within < section.size;
  if (Math.abs(addend) >= maxAddend || !isInside) {
    throw failure(from, reference, `an offset of ${addend} from ${nameOf(symbol)} leaves the contract`);
  }
  return address + (moved?.entryOffset(within) ?? within);
}

function pieceOf(from: Piece, reference: Reference, definition: OwnedSymbol, layout: Layout): Piece {
  const { object, symbol } = definition;
  if (symbol.section >= elfObject.indexReserved) {
    const index = symbol.section.toString(16);
    throw failure(from, reference, `${nameOf(symbol)} is not in a section (index 0x${index})`);
  }
  const piece = layout.find(object, symbol.section);
  if (piece !== undefined) return piece;
  const section = object.sections[symbol.section]?.name ?? `number ${symbol.section}`;
  const why = object.discarded.has(symbol.section)
    ? 'which is left out: an earlier object has the same group'
    : 'which is not part of a contract';
  throw failure(from, reference, `${nameOf(symbol)} is in section ${section}, ${why}`);
}

function nameOf(symbol: InputSymbol): string {
  return symbol.name === '' ? `symbol ${symbol.index}` : symbol.name;
}

function failure(
  piece: Piece,
  { offset }: Reference,
  message: string,
  options: { hint?: string } = {},
): Error {
  return linkError(message, {
    object: piece.object.name,
    at: offsetIn(piece.section.name, offset),
    ...options,
  });
}
