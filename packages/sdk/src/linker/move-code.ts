import { offAt, opcodeAt, slotSize, writeSlot } from '@switchyard/tbpf/format';
import { classes, opcodes } from './check-instructions.ts';
import { elfObject } from './elf-object-constants.ts';
import type { KeptSection } from './kept-sections.ts';
import { linkError, offsetIn } from './link-error.ts';
import type { InputSection } from './read-sections.ts';
import type { SymbolTable } from './symbol-table.ts';

/** Code of a section after instructions were inserted at starts and ends of functions. Offsets are bytes from the section's start. */
export interface MovedCode {
  readonly bytes: Uint8Array;
  /** Where a call of the instruction at an old offset goes: to the marker, if a function starts there. */
  entryOffset(old: number): number;
  /** Where the instruction at an old offset is. */
  codeOffset(old: number): number;
}

/** `mov64 r0, 0; ldxb r0, [r0]; exit`: what a function ends with that the compiler gave no end, since none can be reached. */
const trap = [
  { opcode: 0xb7, dst: 0, src: 0, off: 0, imm: 0 },
  { opcode: 0x71, dst: 0, src: 0, off: 0, imm: 0 },
  { opcode: opcodes.exit, dst: 0, src: 0, off: 0, imm: 0 },
];

/**
 * Begins every function of the kept code with the marker that V3 wants (tbpf.md §1.2), `add64 r10, -frameSize`, and ends those with a
 * trap that do not end in `exit` or `ja` (§7.2). A function starts at the start of a section, at a function symbol, and wherever a
 * call or an address points. Those which nothing in the contract calls get `add64 r10, 0`: the host enters them with an unused stack.
 * Jumps stay as they are, since nothing is inserted inside a function; one that leaves its function is LINK_FAILED.
 */
export function moveCode(
  kept: readonly KeptSection[],
  symbols: SymbolTable,
  frameSize: number,
): KeptSection[] {
  const starts = functionStarts(kept, symbols);
  return kept.map((one) => {
    const own = starts.get(one.section);
    return own === undefined ? one : { ...one, moved: moveSection(one, own, frameSize) };
  });
}

/** By old offset, whether something in the contract refers to the function there. */
type Starts = Map<number, boolean>;

function functionStarts(kept: readonly KeptSection[], symbols: SymbolTable): Map<InputSection, Starts> {
  const starts = new Map<InputSection, Starts>();
  for (const { kind, section } of kept) {
    if (kind === 'text' && section.size > 0) starts.set(section, new Map([[0, false]]));
  }
  for (const { sections, symbols: own } of new Set(kept.map(({ object }) => object))) {
    for (const { section, type, value } of own) {
      const code = type === elfObject.symbolFunction ? sections[section] : undefined;
      if (code !== undefined) starts.get(code)?.set(value, false);
    }
  }
  for (const { object, references } of kept) {
    for (const { symbol, addend } of references) {
      const definition = symbols.resolve(object, symbol);
      const target = definition?.object.sections[definition.symbol.section];
      if (definition === undefined || target === undefined) continue;
      starts.get(target)?.set(definition.symbol.value + addend, true);
    }
  }
  return starts;
}

function moveSection(one: KeptSection, starts: Starts, frameSize: number): MovedCode {
  const { object, section, bytes: code } = one;
  const fail = (offset: number, message: string, hint?: string) =>
    linkError(message, {
      object: object.name,
      at: offsetIn(section.name, offset),
      ...(hint === undefined ? {} : { hint }),
    });
  const inner = secondHalves(code);
  const order = [...starts.keys()].filter((offset) => offset < section.size).sort((a, b) => a - b);
  for (const offset of order) {
    if (offset < 0 || offset % slotSize !== 0 || inner.has(offset / slotSize)) {
      throw fail(offset, 'a function would start inside an instruction');
    }
  }
  const ranges = order.map((start, index) => ({ start, end: order[index + 1] ?? section.size }));
  const needsTrap = ({ start, end }: { start: number; end: number }) =>
    !endsFunction(code, start / slotSize, end / slotSize);
  const traps = ranges.filter(needsTrap).length;
  const bytes = new Uint8Array(section.size + (ranges.length + traps * trap.length) * slotSize);
  const entries = new Map<number, number>();
  const slots = new Float64Array(section.size / slotSize);
  let out = 0;
  for (const range of ranges) {
    const { start, end } = range;
    checkJumps(code, start / slotSize, end / slotSize, inner, fail);
    entries.set(start, out);
    const imm = starts.get(start) === true ? -frameSize : 0;
    writeSlot(bytes, out / slotSize, { opcode: opcodes.addImmediate64, dst: 10, src: 0, off: 0, imm });
    out += slotSize;
    bytes.set(code.subarray(start, end), out);
    for (let old = start; old < end; old += slotSize, out += slotSize) slots[old / slotSize] = out;
    if (!needsTrap(range)) continue;
    for (const slot of trap) {
      writeSlot(bytes, out / slotSize, slot);
      out += slotSize;
    }
  }
  const codeOffset = (old: number) => slots[old / slotSize] ?? bytes.length;
  return { bytes, codeOffset, entryOffset: (old) => entries.get(old) ?? codeOffset(old) };
}

/** Slots that are the second half of a 64-bit load. */
function secondHalves(code: Uint8Array): Set<number> {
  const inner = new Set<number>();
  for (let slot = 0; slot < code.length / slotSize; slot++) {
    if (opcodeAt(code, slot) === opcodes.loadImmediate64) inner.add(++slot);
  }
  return inner;
}

function endsFunction(code: Uint8Array, start: number, end: number): boolean {
  if (end === start) return false;
  const last = opcodeAt(code, end - 1);
  return last === opcodes.exit || last === opcodes.jump;
}

function checkJumps(
  code: Uint8Array,
  start: number,
  end: number,
  inner: ReadonlySet<number>,
  fail: (offset: number, message: string, hint?: string) => Error,
): void {
  for (let slot = start; slot < end; slot++) {
    const opcode = opcodeAt(code, slot);
    const isCall = opcode === opcodes.call || opcode === opcodes.callRegister || opcode === opcodes.exit;
    if ((opcode & 7) !== classes.jump || isCall || inner.has(slot)) continue;
    const target = slot + 1 + offAt(code, slot);
    if (target >= start && target < end && !inner.has(target)) continue;
    throw fail(
      slot * slotSize,
      `a jump leaves its function, which spans 0x${(start * slotSize).toString(16)} to 0x${(end * slotSize).toString(16)}`,
      'V3 has jumps inside a function only; call the function, or link for V0.',
    );
  }
}
