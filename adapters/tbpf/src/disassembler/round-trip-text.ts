import { functionKey, syscallKey } from '../format/murmur3.ts';
import type { Slot } from '../isa/instruction.ts';
import type { OpcodeRow } from '../isa/opcodes.ts';
import { featuresOf, type TbpfVersion } from '../isa/version.ts';
import type { SyscallKeys } from '../loader/syscall-keys.ts';
import { jumpTarget } from './control-flow.ts';
import type { DisassemblerInput } from './disassemble.ts';
import { instructionText, printedRow, type Targets } from './instruction-text.ts';
import { type ListedInstruction, listInstructions } from './slots.ts';

/** What the round-trip form of a program depends on. */
export interface RoundTripOptions {
  readonly syscalls: SyscallKeys;
  /** Names to print at slots; of several the first that an operand can say stands in calls. */
  readonly names: ReadonlyMap<number, readonly string[]>;
  /** The text is the one of a loaded V0–V2 file: its calls hold hashes. */
  readonly hashedCalls: boolean;
}

/**
 * Prints a program so that our assembler gives back the same slots: what no instruction text expresses
 * (unknown opcodes, unused fields that are set) becomes a `.fill` of one slot, a jump whose target has
 * no line of its own keeps its offset, and functions are named so that they are registered again.
 */
export function roundTripText(program: DisassemblerInput, options: RoundTripOptions): string {
  const { text, version } = program;
  const lines = listInstructions(text).flatMap((instruction) => linesOf(instruction, program, options));
  const labels = placeLabels(program, lines, options);
  const targets: Targets = {
    jump: (instruction) =>
      labels.operand(jumpTarget(instruction)) ?? `${instruction.off < 0 ? '' : '+'}${instruction.off}`,
    call: (instruction) =>
      options.hashedCalls
        ? hashedCallText(instruction, program, options.syscalls, labels)
        : callText(instruction, program, options.syscalls, labels),
  };
  let output = '';
  for (const { instruction, row } of lines) {
    const { pc } = instruction;
    const placed = labels.at(pc);
    if (pc > 0 && placed.some((label) => isFunctionLabel(label) || options.names.has(pc))) output += '\n';
    for (const label of placed) output += `${label}:\n`;
    output += `    ${row === undefined ? fillText(instruction) : instructionText(row, instruction, version, targets)}\n`;
  }
  return output;
}

/** One line of output; without a row the slot is printed as data. */
interface Line {
  readonly instruction: ListedInstruction;
  readonly row: OpcodeRow | undefined;
}

function linesOf(
  instruction: ListedInstruction,
  program: DisassemblerInput,
  options: RoundTripOptions,
): readonly Line[] {
  const { version } = program;
  const row = printedRow(version, instruction.opcode);
  const isCall = options.hashedCalls && row?.form === 'call';
  if (row !== undefined && (isCall ? isHashedCall(instruction) : isExpressible(row, instruction, version)))
    return [{ instruction, row }];
  const { pc, second } = instruction;
  if (second === undefined) return [{ instruction, row: undefined }];
  // The second slot of an lddw which isn't one may be any instruction.
  const following: ListedInstruction = { pc: pc + 1, ...second, second: undefined };
  return [{ instruction, row: undefined }, ...linesOf(following, program, options)];
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

/** The labels of a program. */
class Labels {
  readonly #byPc = new Map<number, string[]>();
  readonly #taken = new Set<string>();
  readonly #printed: ReadonlySet<number>;

  constructor(lines: readonly Line[]) {
    this.#printed = new Set(lines.map(({ instruction }) => instruction.pc));
  }

  /** Places a name unless its slot has no line or the name is taken. */
  add(pc: number, name: string): void {
    if (!this.#printed.has(pc) || this.#taken.has(name)) return;
    this.#taken.add(name);
    const placed = this.#byPc.get(pc);
    if (placed === undefined) this.#byPc.set(pc, [name]);
    else placed.push(name);
  }

  /** Places a name where there is none that an operand can say. */
  need(pc: number, name: string): void {
    if (this.operand(pc) === undefined) this.add(pc, name);
  }

  at(pc: number): readonly string[] {
    return this.#byPc.get(pc) ?? [];
  }

  /** The label by which an instruction refers to a slot. */
  operand(pc: number): string | undefined {
    return this.#byPc.get(pc)?.find(isLabelOperand);
  }

  /** The label by which a call of a loaded V0–V2 file refers to a function: any but `entrypoint`, which has a key of its own. */
  called(pc: number): string | undefined {
    return this.#byPc.get(pc)?.find((name) => name !== 'entrypoint' && isLabelOperand(name));
  }
}

/** Names every line that is entered or jumped to. */
function placeLabels(
  program: DisassemblerInput,
  lines: readonly Line[],
  { names, hashedCalls }: RoundTripOptions,
): Labels {
  const { version, functions, entryPc } = program;
  const { staticSyscalls } = featuresOf(version);
  const labels = new Labels(lines);
  if (entryPc !== 0) labels.add(entryPc, 'entrypoint');
  for (const [pc, given] of names) {
    for (const name of given) if (isGivenNameUsable(name, pc, entryPc)) labels.add(pc, name);
  }
  for (const [key, { pc, name }] of functions.entries()) {
    if (hashedCalls) {
      if (key === functionKey(pc) && labels.called(pc) === undefined) labels.add(pc, `function_${pc}`);
      continue;
    }
    // In V0-V2 the assembler registers a function under its slot; one with a hashed key is reached by that key only.
    if (!staticSyscalls && key !== pc) continue;
    labels.need(pc, isUsableName(name, pc) ? name : `function_${pc}`);
  }
  for (const { instruction, row } of lines) {
    if (staticSyscalls && row?.form === 'call' && instruction.src === 1) {
      const pc = instruction.pc + 1 + instruction.imm;
      labels.need(pc, `function_${pc}`);
    }
  }
  for (const { instruction, row } of lines) {
    if (row?.form === 'ja' || row?.form === 'jump-imm' || row?.form === 'jump-reg') {
      const pc = jumpTarget(instruction);
      labels.need(pc, `lbb_${pc}`);
    }
  }
  return labels;
}

/** A name that registers a function again, and that isn't the made-up name of another slot. */
function isUsableName(name: string, pc: number): boolean {
  if (name === 'entrypoint') return true;
  return /^function_\w+$/.test(name) && (!/^function_\d+$/.test(name) || name === `function_${pc}`);
}

/** A name from outside: the grammar must take it, and it must mean nothing else to the assembler. */
function isGivenNameUsable(name: string, pc: number, entryPc: number): boolean {
  if (name === 'entrypoint') return pc === entryPc;
  return (
    /^\w+$/.test(name) &&
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
  labels: Labels,
): string {
  if (featuresOf(version).staticSyscalls && src === 1) return `call ${labels.operand(pc + 1 + imm) ?? imm}`;
  const name = syscalls.name(imm >>> 0);
  if (name !== undefined)
    return `syscall ${isLabelOperand(name) && syscallKey(name) === imm >>> 0 ? name : imm}`;
  const label = functions.get(imm)?.pc === imm ? labels.operand(imm) : undefined;
  const isRegistered = label !== undefined && isFunctionLabel(label) && !featuresOf(version).staticSyscalls;
  return isRegistered ? `call ${label}` : `syscall ${imm}`;
}

/** Whether a call instruction of a loaded V0–V2 file can be said: its src field is the second operand. */
function isHashedCall({ dst, off }: Slot): boolean {
  return dst === 0 && off === 0;
}

/** A call of a loaded V0–V2 file (`.calls hashed`): the src field is said where it is not the usual one. */
function hashedCallText(
  { pc, src, imm }: ListedInstruction,
  { functions }: DisassemblerInput,
  syscalls: SyscallKeys,
  labels: Labels,
): string {
  const key = imm >>> 0;
  const target = syscalls.has(key) ? undefined : functions.get(key)?.pc;
  if (target !== undefined && key === functionKey(target)) {
    return `call ${labels.called(target) ?? relative(target - pc - 1)}${src === 1 ? '' : `, ${src}`}`;
  }
  const isEntry = key === syscallKey('entrypoint') && target !== undefined;
  if (isEntry && labels.at(target).includes('entrypoint')) {
    return `call entrypoint${src === 1 ? '' : `, ${src}`}`;
  }
  const name = syscalls.name(key);
  const isSayable = name !== undefined && isLabelOperand(name) && syscallKey(name) === key;
  return `syscall ${isSayable ? name : imm}${src === 0 ? '' : `, ${src}`}`;
}

function relative(distance: number): string {
  return `${distance < 0 ? '' : '+'}${distance}`;
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
