import { dstAt, immAt, opcodeAt, relocationTypes, slotSize, srcAt } from '@switchyard/tbpf/format';
import { opcodes } from './check-instructions.ts';
import type { SectionKind } from './classify-section.ts';
import { elfObject, relocationName } from './elf-object-constants.ts';
import { linkError, offsetIn } from './link-error.ts';
import type { ObjectFile } from './object-file.ts';
import type { InputSection } from './read-sections.ts';
import type { InputSymbol } from './read-symbols.ts';
import { type InputRelocation, relocationsOf } from './relocations.ts';

/** What refers to a symbol: a 64-bit load, a call, or a pointer in data. */
export type ReferenceKind = 'load' | 'call' | 'word';

/** A place in a section that needs the address `symbol + addend`. */
export interface Reference {
  /** Byte offset of the instruction or the word in its section. */
  readonly offset: number;
  readonly kind: ReferenceKind;
  readonly symbol: InputSymbol;
  /** In bytes. */
  readonly addend: number;
}

/** `src` of a call which names a function of the contract, as the compiler marks it. */
const pseudoCall = 1;

/**
 * Everything that a kept section refers to, in ascending order of offset; what the linker cannot resolve is LINK_FAILED. Code must have
 * passed `machineCode`, so that every 64-bit load has its second half.
 */
export function referencesOf(object: ObjectFile, section: InputSection, kind: SectionKind): Reference[] {
  const rows = relocationsOf(object, section);
  if (kind !== 'text') return rows.map((row) => wordReference(object, section, row));
  const references = rows.map((row) => codeReference(object, section, row));
  return [...references, ...plainCalls(object, section, new Set(rows.map(({ offset }) => offset)))].sort(
    (a, b) => a.offset - b.offset,
  );
}

function codeReference(object: ObjectFile, section: InputSection, row: InputRelocation): Reference {
  const { offset, symbol } = row;
  const slot = offset / slotSize;
  const opcode = Number.isInteger(slot) ? opcodeAt(section.bytes, slot) : -1;
  if (row.type === relocationTypes.absolute64 && opcode === opcodes.loadImmediate64) {
    const low = immAt(section.bytes, slot);
    const high = immAt(section.bytes, slot + 1);
    if (high !== (low < 0 ? -1 : 0) && high !== 0) {
      throw failure(object, section, offset, 'the offset from the symbol is above 4 GiB');
    }
    return { offset, kind: 'load', symbol, addend: low };
  }
  if (row.type === relocationTypes.call && opcode === opcodes.call) {
    // The compiler counts from the slot after the call: a symbol's own address is −1 here.
    return { offset, kind: 'call', symbol, addend: (immAt(section.bytes, slot) + 1) * slotSize };
  }
  const name = relocationName(row.type);
  throw failure(object, section, offset, `relocation ${name} is not supported on this instruction`);
}

function wordReference(object: ObjectFile, section: InputSection, row: InputRelocation): Reference {
  const { offset, symbol, type } = row;
  if (type !== elfObject.relocationAbsolute64InData) {
    throw failure(object, section, offset, `relocation ${relocationName(type)} is not supported in data`);
  }
  const view = new DataView(section.bytes.buffer, section.bytes.byteOffset, section.size);
  return { offset, kind: 'word', symbol, addend: Number(view.getBigInt64(offset, true)) };
}

/** Calls that the assembler resolved: inside the section, and marked as calls of the contract's own functions. */
function plainCalls(object: ObjectFile, section: InputSection, relocated: ReadonlySet<number>): Reference[] {
  const { bytes, size } = section;
  const calls: Reference[] = [];
  for (let offset = 0; offset < size; offset += slotSize) {
    const slot = offset / slotSize;
    const opcode = opcodeAt(bytes, slot);
    if (opcode === opcodes.loadImmediate64) offset += slotSize;
    if (opcode !== opcodes.call || relocated.has(offset)) continue;
    if (srcAt(bytes, slot) !== pseudoCall || dstAt(bytes, slot) !== 0) {
      const message = `helper number ${immAt(bytes, slot)} is called; syscalls are called by name`;
      throw failure(object, section, offset, message);
    }
    const target = offset + (immAt(bytes, slot) + 1) * slotSize;
    if (target < 0 || target >= size) throw failure(object, section, offset, 'a call leaves its section');
    calls.push({ offset, kind: 'call', symbol: startOf(section), addend: target });
  }
  return calls;
}

/** A symbol for the start of a section, which the object need not have. */
function startOf(section: InputSection): InputSymbol {
  return {
    index: 0,
    name: '',
    binding: elfObject.bindingLocal,
    type: elfObject.symbolSection,
    visibility: elfObject.visibilityDefault,
    section: section.index,
    value: 0,
    size: 0,
  };
}

function failure(object: ObjectFile, section: InputSection, offset: number, message: string): Error {
  return linkError(message, { object: object.name, at: offsetIn(section.name, offset) });
}
