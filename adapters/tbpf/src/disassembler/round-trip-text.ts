import { syscallKey } from '../format/murmur3.ts';
import type { Slot } from '../isa/instruction.ts';
import type { OpcodeRow } from '../isa/opcodes.ts';
import { featuresOf, type TbpfVersion } from '../isa/version.ts';
import type { SyscallKeys } from '../loader/syscall-keys.ts';
import { jumpTarget } from './control-flow.ts';
import type { DisassemblerInput } from './disassemble.ts';
import { instructionText, printedRow, type Targets } from './instruction-text.ts';
import { type ListedInstruction, listInstructions } from './slots.ts';

/**
 * Prints a program so that our assembler gives back the same slots: what no instruction text expresses
 * (unknown opcodes, unused fields that are set) becomes a `.fill` of one slot, a jump whose target has
 * no line of its own keeps its offset, and functions are named so that they are registered again.
 */
export function roundTripText(
  program: DisassemblerInput,
  syscalls: SyscallKeys,
  names: ReadonlyMap<number, string>,
): string {
  const { text, version } = program;
  const lines = listInstructions(text).flatMap((instruction) => linesOf(instruction, version));
  const labels = placeLabels(program, lines, names);
  const targets: Targets = {
    jump: (instruction) =>
      labels.get(jumpTarget(instruction)) ?? `${instruction.off < 0 ? '' : '+'}${instruction.off}`,
    call: (instruction) => callText(instruction, program, syscalls, labels),
  };
  let output = '';
  for (const { instruction, row } of lines) {
    const label = labels.get(instruction.pc);
    if (label !== undefined) {
      output += `${(isFunctionLabel(label) || names.has(instruction.pc)) && instruction.pc > 0 ? '\n' : ''}${label}:\n`;
    }
    output += `    ${row === undefined ? fillText(instruction) : instructionText(row, instruction, version, targets)}\n`;
  }
  return output;
}

/** One line of output; without a row the slot is printed as data. */
interface Line {
  readonly instruction: ListedInstruction;
  readonly row: OpcodeRow | undefined;
}

function linesOf(instruction: ListedInstruction, version: TbpfVersion): readonly Line[] {
  const row = printedRow(version, instruction.opcode);
  if (row !== undefined && isExpressible(row, instruction, version)) return [{ instruction, row }];
  const { pc, second } = instruction;
  if (second === undefined) return [{ instruction, row: undefined }];
  // The second slot of an lddw which isn't one may be any instruction.
  const following: ListedInstruction = { pc: pc + 1, ...second, second: undefined };
  return [{ instruction, row: undefined }, ...linesOf(following, version)];
}

/** Whether the assembler gives this slot for the instruction's text: the fields that aren't in the text are zero. */
function isExpressible(row: OpcodeRow, instruction: ListedInstruction, version: TbpfVersion): boolean {
  const { dst, src, off, imm, second } = instruction;
  const features = featuresOf(version);
  switch (row.form) {
    case 'alu-imm':
      // The V0 assembler turns `add64 r10, imm` into something else.
      return src === 0 && off === 0 && (features.dynamicFrames || row.code !== 0x07 || dst !== 10);
    case 'alu-reg':
      return off === 0 && imm === 0;
    case 'unary':
      return src === 0 && off === 0 && imm === 0;
    case 'endian':
      return src === 0 && off === 0 && (imm === 16 || imm === 32 || imm === 64);
    case 'load':
    case 'store-reg':
    case 'jump-reg':
      return imm === 0;
    case 'store-imm':
    case 'jump-imm':
      return src === 0;
    case 'lddw':
      return src === 0 && off === 0 && second !== undefined && isPlainSecond(second);
    case 'ja':
      return dst === 0 && src === 0 && imm === 0;
    case 'call':
      return dst === 0 && off === 0 && (src === 0 || (src === 1 && features.staticSyscalls));
    case 'callx':
      return (
        dst === 0 && off === 0 && (features.callxInSource ? imm === 0 : src === 0 && imm >= 0 && imm <= 0xff)
      );
    case 'exit':
      return dst === 0 && src === 0 && off === 0 && imm === 0;
  }
}

function isPlainSecond({ opcode, dst, src, off }: Slot): boolean {
  return opcode === 0 && dst === 0 && src === 0 && off === 0;
}

/** Names every line that is entered or jumped to. */
function placeLabels(
  program: DisassemblerInput,
  lines: readonly Line[],
  names: ReadonlyMap<number, string>,
): ReadonlyMap<number, string> {
  const { version, functions, entryPc } = program;
  const { staticSyscalls } = featuresOf(version);
  const printed = new Set(lines.map(({ instruction }) => instruction.pc));
  const labels = new Map<number, string>();
  const taken = new Set<string>();
  const place = (pc: number, name: string) => {
    if (!printed.has(pc) || labels.has(pc) || taken.has(name)) return;
    labels.set(pc, name);
    taken.add(name);
  };
  if (entryPc !== 0) place(entryPc, 'entrypoint');
  for (const [pc, name] of names) if (isGivenNameUsable(name, pc, entryPc)) place(pc, name);
  for (const [key, { pc, name }] of functions.entries()) {
    // In V0-V2 the assembler registers a function under its slot; one with a hashed key is reached by that key only.
    if (!staticSyscalls && key !== pc) continue;
    place(pc, isUsableName(name, pc) ? name : `function_${pc}`);
  }
  for (const { instruction, row } of lines) {
    if (staticSyscalls && row?.form === 'call' && instruction.src === 1) {
      const pc = instruction.pc + 1 + instruction.imm;
      place(pc, `function_${pc}`);
    }
  }
  for (const { instruction, row } of lines) {
    if (row?.form === 'ja' || row?.form === 'jump-imm' || row?.form === 'jump-reg') {
      const pc = jumpTarget(instruction);
      place(pc, `lbb_${pc}`);
    }
  }
  return labels;
}

/** A name that registers a function again, and that isn't the made-up name of another slot. */
function isUsableName(name: string, pc: number): boolean {
  if (name === 'entrypoint') return true;
  return /^function_\w+$/.test(name) && (!/^function_\d+$/.test(name) || name === `function_${pc}`);
}

/** A name from outside: it must be one that an operand can say, and mean nothing else to the assembler. */
function isGivenNameUsable(name: string, pc: number, entryPc: number): boolean {
  if (name === 'entrypoint') return pc === entryPc;
  return (
    isLabelOperand(name) &&
    !/^lbb_\d+$/.test(name) &&
    (!/^function_\d+$/.test(name) || name === `function_${pc}`)
  );
}

function isFunctionLabel(label: string): boolean {
  return label === 'entrypoint' || label.startsWith('function_');
}

function callText(
  { pc, src, imm }: ListedInstruction,
  { version, functions }: DisassemblerInput,
  syscalls: SyscallKeys,
  labels: ReadonlyMap<number, string>,
): string {
  if (featuresOf(version).staticSyscalls && src === 1) return `call ${labels.get(pc + 1 + imm) ?? imm}`;
  const name = syscalls.name(imm >>> 0);
  if (name !== undefined)
    return `syscall ${isLabelOperand(name) && syscallKey(name) === imm >>> 0 ? name : imm}`;
  const label = functions.get(imm)?.pc === imm ? labels.get(imm) : undefined;
  const isRegistered = label !== undefined && isFunctionLabel(label) && !featuresOf(version).staticSyscalls;
  return isRegistered ? `call ${label}` : `syscall ${imm}`;
}

/** Whether the grammar takes a name as a label operand. */
function isLabelOperand(name: string): boolean {
  return /^(?![r\d])\w+$/.test(name);
}

function fillText({ opcode, dst, src, off, imm }: Slot): string {
  const bytes = [imm >>> 0, off & 0xffff, (src << 4) | dst, opcode];
  const widths = [8, 4, 2, 2];
  return `.fill 1, 0x${bytes.map((value, index) => value.toString(16).padStart(widths[index]!, '0')).join('')}`;
}
