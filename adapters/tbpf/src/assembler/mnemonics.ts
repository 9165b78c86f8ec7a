import { opcodeRows } from '../isa/opcodes.ts';
import { featuresOf, type TbpfVersion } from '../isa/version.ts';

/** How a mnemonic takes its operands (spec §10.2). */
export type MnemonicKind =
  | 'alu'
  | 'unary'
  | 'endian'
  | 'load'
  | 'store-imm'
  | 'store-reg'
  | 'lddw'
  | 'ja'
  | 'jump'
  | 'call'
  | 'syscall'
  | 'callx'
  | 'exit';

/** What a mnemonic assembles to; of two forms, the code of the immediate one. */
export interface Mnemonic {
  readonly kind: MnemonicKind;
  readonly code: number;
  /** Immediate of `le` and `be`; 0 for others. */
  readonly width: number;
}

// The choice of an opcode ignores whether a version knows it: `mul64` is 27/2f in V2 too, where those
// bytes are stores, and `hor32` is f4/fc, which no version knows. So the arithmetic is listed here and not read from
// the rows of a version.
const alu: Readonly<Record<string, number>> = {
  add: 0x00,
  sub: 0x10,
  mul: 0x20,
  div: 0x30,
  or: 0x40,
  and: 0x50,
  lsh: 0x60,
  rsh: 0x70,
  mod: 0x90,
  xor: 0xa0,
  mov: 0xb0,
  arsh: 0xc0,
  hor: 0xf0,
};

const fixed: readonly (readonly [name: string, kind: MnemonicKind, code: number, width?: number])[] = [
  ['neg', 'unary', 0x87],
  ['neg64', 'unary', 0x87],
  ['neg32', 'unary', 0x84],
  ['le16', 'endian', 0xd4, 16],
  ['le32', 'endian', 0xd4, 32],
  ['le64', 'endian', 0xd4, 64],
  ['be16', 'endian', 0xdc, 16],
  ['be32', 'endian', 0xdc, 32],
  ['be64', 'endian', 0xdc, 64],
  ['lddw', 'lddw', 0x18],
  ['ja', 'ja', 0x05],
  ['call', 'call', 0x85],
  ['syscall', 'syscall', 0x85],
  ['callx', 'callx', 0x8d],
  ['exit', 'exit', 0x95],
];

function buildMap(movedMemory: boolean): ReadonlyMap<string, Mnemonic> {
  const map = new Map<string, Mnemonic>();
  const add = (name: string, kind: MnemonicKind, code: number, width = 0) =>
    map.set(name, { kind, code, width });
  for (const [name, kind, code, width] of fixed) add(name, kind, code, width);
  for (const [name, operation] of Object.entries(alu)) {
    add(name, 'alu', operation | 7);
    add(`${name}64`, 'alu', operation | 7);
    add(`${name}32`, 'alu', operation | 4);
  }
  for (const row of opcodeRows) {
    if (row.form === 'alu-imm' && (row.code & 7) === 6) {
      add(row.name, 'alu', row.code);
      if (row.name.endsWith('64')) add(row.name.slice(0, -2), 'alu', row.code);
    } else if (row.form === 'jump-imm') add(row.name, 'jump', row.code);
    else if (row.form === 'load' || row.form === 'store-imm' || row.form === 'store-reg') {
      if ((row.versions === 'v2') === movedMemory) add(row.name, row.form, row.code);
    }
  }
  return map;
}

const maps = { moved: buildMap(true), classic: buildMap(false) };

/** The mnemonics of a version. */
export function mnemonicsOf(version: TbpfVersion): ReadonlyMap<string, Mnemonic> {
  return featuresOf(version).movedMemory ? maps.moved : maps.classic;
}
