import { type Slot, writeSlot } from '../../../adapters/tbpf/src/isa/instruction.ts';
import { type OpcodeRow, type OperandForm, opcodeTable } from '../../../adapters/tbpf/src/isa/opcodes.ts';
import {
  featuresOf,
  type TbpfVersion,
  type VersionFeatures,
} from '../../../adapters/tbpf/src/isa/version.ts';

/** A place in the text, known once it has been set. */
export type Label = number;

/** Finished text: raw slots, and the registry that V0–V2 calls go by. */
export interface BuiltText {
  readonly text: Uint8Array;
  readonly functions: readonly (readonly [key: number, pc: number])[];
}

/** The instructions of a version, by name and by form. */
export interface InstructionSet {
  readonly features: VersionFeatures;
  /** Rows that compute: register or immediate operand, one operand, byte order. */
  readonly alu: readonly OpcodeRow[];
  readonly divisions: readonly OpcodeRow[];
  readonly loads: readonly OpcodeRow[];
  readonly stores: readonly OpcodeRow[];
  readonly jumps: readonly OpcodeRow[];
  code(name: string, form: OperandForm): number;
}

const sets = new Map<TbpfVersion, InstructionSet>();

/** The instruction set of a version. */
export function instructionSet(version: TbpfVersion): InstructionSet {
  const known = sets.get(version);
  if (known !== undefined) return known;
  const rows = opcodeTable(version).filter((row) => row !== undefined);
  const byName = new Map(rows.map((row) => [`${row.name} ${row.form}`, row.code]));
  const ofForm = (...forms: OperandForm[]): readonly OpcodeRow[] =>
    rows.filter(({ form }) => forms.includes(form));
  const set: InstructionSet = {
    features: featuresOf(version),
    alu: ofForm('alu-imm', 'alu-reg', 'unary', 'endian'),
    divisions: rows.filter(({ name }) => /div|mod|rem/.test(name)),
    loads: ofForm('load'),
    stores: ofForm('store-imm', 'store-reg'),
    jumps: ofForm('jump-imm', 'jump-reg'),
    code(name, form) {
      const code = byName.get(`${name} ${form}`);
      if (code === undefined) throw new Error(`v${version} has no ${name} of form ${form}.`);
      return code;
    },
  };
  sets.set(version, set);
  return set;
}

type Fixup = 'jump' | 'call' | 'address';

/** Writes raw instruction slots with labels for jumps, calls and code addresses. */
export class TextBuilder {
  readonly set: InstructionSet;
  readonly version: TbpfVersion;
  readonly #textOffset: number;
  readonly #slots: Slot[] = [];
  readonly #labels: (number | undefined)[] = [];
  readonly #fixups: { readonly pc: number; readonly label: Label; readonly kind: Fixup }[] = [];
  readonly #functions = new Map<number, number>();

  /** @param textOffset bytes by which the text of a V0–V2 file lies above its region's start; raw text lies there. */
  constructor(version: TbpfVersion, textOffset = 0) {
    this.version = version;
    this.#textOffset = textOffset;
    this.set = instructionSet(version);
  }

  get pc(): number {
    return this.#slots.length;
  }

  label(): Label {
    return this.#labels.push(undefined) - 1;
  }

  /** Sets a label here. */
  place(label: Label): void {
    this.#labels[label] = this.pc;
  }

  slot(opcode: number, fields: Partial<Omit<Slot, 'opcode'>> = {}): void {
    this.#slots.push({ opcode, dst: 0, src: 0, off: 0, imm: 0, ...fields });
  }

  /** An instruction with an immediate. */
  imm(name: string, dst: number, imm: number): void {
    this.slot(this.set.code(name, 'alu-imm'), { dst, imm });
  }

  /** An instruction between registers. */
  reg(name: string, dst: number, src: number): void {
    this.slot(this.set.code(name, 'alu-reg'), { dst, src });
  }

  ja(label: Label): void {
    this.#fix(label, 'jump');
    this.slot(this.set.code('ja', 'ja'));
  }

  jump(
    row: OpcodeRow,
    dst: number,
    operand: { readonly src?: number; readonly imm?: number },
    label: Label,
  ): void {
    this.#fix(label, 'jump');
    this.slot(row.code, { dst, ...operand });
  }

  /** A jump comparing with an immediate, by name. */
  jumpImm(name: string, dst: number, imm: number, label: Label): void {
    this.#fix(label, 'jump');
    this.slot(this.set.code(name, 'jump-imm'), { dst, imm });
  }

  call(label: Label): void {
    this.#fix(label, 'call');
    this.slot(this.set.code('call', 'call'), { src: this.set.features.staticSyscalls ? 1 : 0 });
  }

  syscall(key: number): void {
    this.slot(this.set.code('call', 'call'), { imm: key | 0 });
  }

  callx(register: number): void {
    const inSource = this.set.features.callxInSource;
    this.slot(this.set.code('callx', 'callx'), inSource ? { src: register } : { imm: register });
  }

  exit(): void {
    this.slot(this.set.code('exit', 'exit'));
  }

  /** Sets a register to a 64-bit constant, as the version allows. */
  constant(dst: number, value: bigint): void {
    const low = Number(BigInt.asIntN(32, value));
    const high = Number(BigInt.asIntN(32, value >> 32n));
    if (this.set.features.lddwRemoved) {
      this.imm('mov32', dst, low);
      this.imm('hor64', dst, high);
    } else {
      this.slot(this.set.code('lddw', 'lddw'), { dst, imm: low });
      this.slot(0, { imm: high });
    }
  }

  /** Sets a register to the address of a label in the text, plus some bytes. */
  codeAddress(dst: number, label: Label, addend = 0): void {
    this.imm('mov64', dst, this.set.features.lowBytecodeAddress ? 0 : 1);
    this.imm('lsh64', dst, 32);
    this.#fix(label, 'address');
    this.imm('add64', dst, addend + (this.set.features.lowBytecodeAddress ? 0 : this.#textOffset));
  }

  /** @throws Error when a label was never set. */
  finish(): BuiltText {
    const text = new Uint8Array(this.#slots.length * 8);
    for (const { pc, label, kind } of this.#fixups) {
      const target = this.#labels[label];
      if (target === undefined) throw new Error(`label ${label} was never set.`);
      this.#slots[pc] = this.#fixed(this.#slots[pc]!, pc, target, kind);
    }
    for (const [pc, slot] of this.#slots.entries()) writeSlot(text, pc, slot);
    return { text, functions: [...this.#functions].map(([pc, key]) => [key, pc] as const) };
  }

  #fix(label: Label, kind: Fixup): void {
    this.#fixups.push({ pc: this.pc, label, kind });
  }

  #fixed(slot: Slot, pc: number, target: number, kind: Fixup): Slot {
    if (kind === 'jump') return { ...slot, off: target - pc - 1 };
    if (kind === 'address') return { ...slot, imm: slot.imm + target * 8 };
    if (this.set.features.staticSyscalls) return { ...slot, imm: target - pc - 1 };
    // As the assembler numbers them: the key of a raw text's function is its slot.
    this.#functions.set(target, target);
    return { ...slot, imm: target };
  }
}
