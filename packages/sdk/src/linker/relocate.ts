import { dstAt, immAt, opcodeAt, relocationTypes, slotSize, srcAt } from '@switchyard/tbpf/format';
import { checkInstructions, opcodes } from './check-instructions.ts';
import { elfObject, relocationName } from './elf-object-constants.ts';
import type { Layout, Piece } from './layout.ts';
import { linkError, offsetIn } from './link-error.ts';
import type { LinkedImage } from './linked-image.ts';
import { isPlainName } from './object-bytes.ts';
import type { InputSymbol } from './object-file.ts';
import { type InputRelocation, relocationsOf } from './relocations.ts';
import type { OwnedSymbol, SymbolTable } from './symbol-table.ts';

/** Longest name of a syscall that the loader finds (tbpf.md §8.4.7). */
const maxSyscallName = 63;

/** Functions that compilers call by themselves; none of them is a syscall. */
const compilerSupport = /^(mem(cpy|move|set|cmp)|bcmp|strlen|__[a-z]+[0-9])$/;

/** `src` of a call which names a function of the contract, as the compiler marks it. */
const pseudoCall = 1;

/** Copies one piece into the image and resolves all that it refers to. */
export function relocatePiece(piece: Piece, layout: Layout, symbols: SymbolTable, image: LinkedImage): void {
  image.copy(piece.address, piece.section.bytes);
  const rows = relocationsOf(piece.object, piece.section);
  if (piece.kind !== 'text') {
    for (const row of rows) relocateDataWord(piece, row, layout, symbols, image);
    return;
  }
  checkInstructions(piece.object, piece.section);
  const relocated = new Set(rows.map((row) => row.offset));
  for (const row of rows) relocateInstruction(piece, row, layout, symbols, image);
  checkPlainCalls(piece, relocated, image);
}

function relocateInstruction(
  piece: Piece,
  row: InputRelocation,
  layout: Layout,
  symbols: SymbolTable,
  image: LinkedImage,
): void {
  const slot = row.offset / slotSize;
  const opcode = Number.isInteger(slot) ? opcodeAt(piece.section.bytes, slot) : -1;
  if (row.type === relocationTypes.absolute64 && opcode === opcodes.loadImmediate64) {
    relocateLoad(piece, row, layout, symbols, image);
  } else if (row.type === relocationTypes.call && opcode === opcodes.call) {
    relocateCall(piece, row, layout, symbols, image);
  } else {
    const name = relocationName(row.type);
    throw failure(piece, row.offset, `relocation ${name} is not supported on this instruction`);
  }
}

/** `lddw` of an address: the value goes into both immediates; the loader moves it by 2^32. */
function relocateLoad(
  piece: Piece,
  row: InputRelocation,
  layout: Layout,
  symbols: SymbolTable,
  image: LinkedImage,
): void {
  const slot = row.offset / slotSize;
  if (row.offset + 2 * slotSize > piece.section.size) {
    throw failure(piece, row.offset, 'a 64-bit load has no second half');
  }
  const low = immAt(piece.section.bytes, slot);
  const high = immAt(piece.section.bytes, slot + 1);
  if (high !== (low < 0 ? -1 : 0) && high !== 0) {
    throw failure(piece, row.offset, 'the offset from the symbol is above 4 GiB');
  }
  const target = addressOf(piece, row, low, layout, symbols);
  image.writeU32(piece.address + row.offset + 4, target);
  image.writeU32(piece.address + row.offset + 12, 0);
  image.relativeAt(piece.address + row.offset);
}

/** A pointer in constant data: the loader reads it as 32 bits at +4 and writes 64 bits at +0 (tbpf.md §8.4.7). */
function relocateDataWord(
  piece: Piece,
  row: InputRelocation,
  layout: Layout,
  symbols: SymbolTable,
  image: LinkedImage,
): void {
  if (row.type !== elfObject.relocationAbsolute64InData) {
    throw failure(piece, row.offset, `relocation ${relocationName(row.type)} is not supported in data`);
  }
  const view = new DataView(piece.section.bytes.buffer, piece.section.bytes.byteOffset, piece.section.size);
  const addend = Number(view.getBigInt64(row.offset, true));
  const target = addressOf(piece, row, addend, layout, symbols);
  image.writeU32(piece.address + row.offset, 0);
  image.writeU32(piece.address + row.offset + 4, target);
  image.relativeAt(piece.address + row.offset);
}

function addressOf(
  piece: Piece,
  row: InputRelocation,
  addend: number,
  layout: Layout,
  symbols: SymbolTable,
): number {
  const definition = symbols.resolve(piece.object, row.symbol);
  if (definition === undefined) {
    throw failure(piece, row.offset, `${row.symbol.name} is not defined, but its address is taken`, {
      hint: 'A syscall can only be called. Define the symbol, or call the syscall by its name.',
    });
  }
  const target = definitionAddress(piece, row.offset, definition, layout) + addend;
  if (!(target > 0 && target < 2 ** 32)) {
    throw failure(
      piece,
      row.offset,
      `an offset of ${addend} from ${nameOf(definition.symbol)} leaves the contract`,
    );
  }
  return target;
}

function relocateCall(
  piece: Piece,
  row: InputRelocation,
  layout: Layout,
  symbols: SymbolTable,
  image: LinkedImage,
): void {
  const slot = row.offset / slotSize;
  const imm = immAt(piece.section.bytes, slot);
  const definition = symbols.resolve(piece.object, row.symbol);
  if (definition === undefined) {
    if (imm !== -1) throw failure(piece, row.offset, `a call of ${row.symbol.name} has an offset`);
    checkUndefinedName(piece, row);
    image.syscallAt(piece.address + row.offset, row.symbol.name);
    return;
  }
  // The compiler counts from the slot after the call: a symbol's own address is −1 here.
  const target = definitionAddress(piece, row.offset, definition, layout) + (imm + 1) * slotSize;
  const isCode = target >= layout.text.address && target < layout.text.address + layout.text.size;
  if (!isCode || (target - layout.text.address) % slotSize !== 0) {
    throw failure(piece, row.offset, `${nameOf(definition.symbol)} is called, but is not code`);
  }
  image.callAt(piece.address + row.offset, target);
}

function checkUndefinedName(piece: Piece, row: InputRelocation): void {
  const { name } = row.symbol;
  if (compilerSupport.test(name)) {
    throw failure(piece, row.offset, `${name} is called, which no contract has`, {
      hint: 'The compiler calls it for copies of large structs, 128-bit or floating arithmetic; use tos_memcpy and 64-bit integers.',
    });
  }
  if (name.length > maxSyscallName || !isPlainName(name) || name === '') {
    throw failure(piece, row.offset, `the undefined name ${name} cannot be a syscall`, {
      hint: `A syscall's name has 1 to ${maxSyscallName} printable ASCII characters.`,
    });
  }
}

/** Calls that the assembler resolved: inside the section, and marked as calls of the contract's own functions. */
function checkPlainCalls(piece: Piece, relocated: ReadonlySet<number>, image: LinkedImage): void {
  const { bytes, size } = piece.section;
  for (let offset = 0; offset < size; offset += slotSize) {
    const slot = offset / slotSize;
    if (opcodeAt(bytes, slot) !== opcodes.call || relocated.has(offset)) continue;
    if (srcAt(bytes, slot) !== pseudoCall || dstAt(bytes, slot) !== 0) {
      throw failure(
        piece,
        offset,
        `helper number ${immAt(bytes, slot)} is called; syscalls are called by name`,
      );
    }
    const target = offset + (immAt(bytes, slot) + 1) * slotSize;
    if (target < 0 || target >= size) throw failure(piece, offset, 'a call leaves its section');
    image.callAt(piece.address + offset, piece.address + target);
  }
}

/** The address of a defined symbol, which must be in a section that is kept. */
export function definitionAddress(
  from: Piece,
  offset: number,
  definition: OwnedSymbol,
  layout: Layout,
): number {
  const { object, symbol } = definition;
  if (symbol.section >= elfObject.indexReserved) {
    throw failure(
      from,
      offset,
      `${nameOf(symbol)} is not in a section (index 0x${symbol.section.toString(16)})`,
    );
  }
  const piece = layout.find(object, symbol.section);
  if (piece === undefined) {
    const section = object.sections[symbol.section]?.name ?? `number ${symbol.section}`;
    throw failure(
      from,
      offset,
      `${nameOf(symbol)} is in section ${section}, which is not part of a contract`,
    );
  }
  if (symbol.value > piece.section.size) {
    throw failure(from, offset, `${nameOf(symbol)} is outside its section ${piece.section.name}`);
  }
  return piece.address + symbol.value;
}

function nameOf(symbol: InputSymbol): string {
  return symbol.name === '' ? `symbol ${symbol.index}` : symbol.name;
}

function failure(piece: Piece, offset: number, message: string, options: { hint?: string } = {}): Error {
  return linkError(message, {
    object: piece.object.name,
    at: offsetIn(piece.section.name, offset),
    ...options,
  });
}
