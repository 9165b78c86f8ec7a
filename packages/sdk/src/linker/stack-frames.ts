import { dstAt, immAt, offAt, opcodeAt, slotSize, srcAt } from '@switchyard/tbpf/format';
import { classes, opcodes } from './check-instructions.ts';
import type { KeptSection } from './kept-sections.ts';
import { linkError } from './link-error.ts';
import type { InputSection } from './read-sections.ts';

/** Bytes of a frame of the machine (tbpf.md §3.5). */
export const machineFrame = 4096;

/** Bytes of stack that clang allows a function unless it is told otherwise. */
const clangFrame = 512;

/** V3 moves the stack by multiples of this (tbpf.md §7.2). */
const frameUnit = 64;

const framePointer = 10;

/**
 * Bytes of stack that the most demanding of the kept functions uses, a multiple of 64; 0 when none uses any. The compiler's own table
 * says it (`.stack_sizes`, which `-fstack-size-section` writes); code without one has what clang allows.
 * @throws VmError LINK_FAILED when it is more than a frame of the machine.
 */
export function largestFrame(kept: readonly KeptSection[]): number {
  let largest = 0;
  const tables = stackTables(kept);
  for (const one of kept) {
    if (one.kind !== 'text' || !usesStack(one.bytes)) continue;
    const { object, section } = one;
    const frame = tables.get(section) ?? assumedFrame(one.bytes);
    if (frame > machineFrame) {
      throw linkError(`a function uses ${frame} bytes of stack; a frame has ${machineFrame}`, {
        object: object.name,
        at: section.name,
        hint: 'Put large buffers on the heap (TOS_HEAP), or split the function.',
      });
    }
    largest = Math.max(largest, frame);
  }
  return Math.ceil(largest / frameUnit) * frameUnit;
}

/** The largest size that the compiler's tables say, by section of code. */
function stackTables(kept: readonly KeptSection[]): Map<InputSection, number> {
  const sizes = new Map<InputSection, number>();
  for (const { sections } of new Set(kept.map(({ object }) => object))) {
    for (const { name, link, bytes } of sections) {
      const code = sections[link];
      const size = name === '.stack_sizes' ? largestIn(bytes) : undefined;
      if (size === undefined || code === undefined) continue;
      sizes.set(code, Math.max(size, sizes.get(code) ?? 0));
    }
  }
  return sizes;
}

function usesStack(code: Uint8Array): boolean {
  for (let slot = 0; slot < code.length / slotSize; slot++) {
    if (opcodeAt(code, slot) === opcodes.loadImmediate64) slot++;
    else if (srcAt(code, slot) === framePointer || dstAt(code, slot) === framePointer) return true;
  }
  return false;
}

/** The largest size of a table of rows of an address (u64) and a size (ULEB128); undefined for a table without a whole row. */
function largestIn(table: Uint8Array): number | undefined {
  let largest: number | undefined;
  for (let at = 8; at < table.length; at += 8) {
    let size = 0;
    let scale = 1;
    let byte = 0x80;
    while ((byte & 0x80) !== 0 && at < table.length) {
      byte = table[at++]!;
      size += (byte & 0x7f) * scale;
      scale *= 128;
    }
    if ((byte & 0x80) === 0) largest = Math.max(size, largest ?? 0);
  }
  return largest;
}

/** Without the compiler's word: clang's limit, or a whole frame when an access or an address beyond it shows that it was raised. */
function assumedFrame(code: Uint8Array): number {
  for (let slot = 0; slot < code.length / slotSize; slot++) {
    const opcode = opcodeAt(code, slot);
    if (opcode === opcodes.loadImmediate64) {
      slot++;
      continue;
    }
    const instructionClass = opcode & 7;
    const base =
      instructionClass === classes.load
        ? srcAt(code, slot)
        : instructionClass === classes.store || instructionClass === classes.storeRegister
          ? dstAt(code, slot)
          : undefined;
    if (base === framePointer && offAt(code, slot) < -clangFrame) return machineFrame;
    const isFramePointerCopy = opcode === opcodes.moveRegister64 && srcAt(code, slot) === framePointer;
    if (!isFramePointerCopy || (slot + 1) * slotSize >= code.length) continue;
    const isOffset = opcodeAt(code, slot + 1) === opcodes.addImmediate64;
    if (isOffset && immAt(code, slot + 1) < -clangFrame) return machineFrame;
  }
  return clangFrame;
}
