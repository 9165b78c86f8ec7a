import { type OpcodeRow, opcodeRows, opcodeTable } from '../isa/opcodes.ts';
import { featuresOf, type TbpfVersion } from '../isa/version.ts';
import type { ListedInstruction } from './slots.ts';

/** The parts of an instruction's text that depend on the surrounding program. */
export interface Targets {
  /** Text of a jump's target. */
  jump(instruction: ListedInstruction): string;
  /** Text of a whole call or syscall. */
  call(instruction: ListedInstruction): string;
}

/** lddw, le and hor64 are printed in every version, whether it knows them or not (spec §10.3). */
const alwaysPrinted: ReadonlyMap<number, OpcodeRow> = new Map(
  opcodeRows.filter((row) => ['lddw', 'le', 'hor64'].includes(row.name)).map((row) => [row.code, row]),
);

/** The row by which an opcode byte is printed; undefined when it is unknown. */
export function printedRow(version: TbpfVersion, opcode: number): OpcodeRow | undefined {
  return opcodeTable(version)[opcode] ?? alwaysPrinted.get(opcode);
}

/** Prints one instruction (spec §10.3). */
export function instructionText(
  row: OpcodeRow,
  instruction: ListedInstruction,
  version: TbpfVersion,
  targets: Targets,
): string {
  const { dst, src, off, imm } = instruction;
  const { name } = row;
  switch (row.form) {
    case 'alu-imm':
      return `${name} r${dst}, ${imm}`;
    case 'alu-reg':
      return `${name} r${dst}, r${src}`;
    case 'unary':
      return `${name} r${dst}`;
    case 'endian':
      return `${name}${imm} r${dst}`;
    case 'load':
      return `${name} r${dst}, [r${src}${signedHex(off)}]`;
    case 'store-imm':
      return `${name} [r${dst}${signedHex(off)}], ${imm}`;
    case 'store-reg':
      return `${name} [r${dst}${signedHex(off)}], r${src}`;
    case 'lddw':
      return `${name} r${dst}, ${wideHex(imm, instruction.second?.imm ?? 0)}`;
    case 'ja':
      return `${name} ${targets.jump(instruction)}`;
    case 'jump-imm':
      return `${name} r${dst}, ${imm}, ${targets.jump(instruction)}`;
    case 'jump-reg':
      return `${name} r${dst}, r${src}, ${targets.jump(instruction)}`;
    case 'call':
      return targets.call(instruction);
    case 'callx':
      return `${name} r${featuresOf(version).callxInSource ? src : imm & 0xff}`;
    case 'exit':
      return name;
  }
}

function signedHex(value: number): string {
  return `${value < 0 ? '-' : '+'}0x${Math.abs(value).toString(16)}`;
}

function wideHex(low: number, high: number): string {
  return `0x${((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)).toString(16)}`;
}
