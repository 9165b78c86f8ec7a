import { Op } from './op.ts';
import type { TbpfVersion } from './version.ts';

/** How the operands of an instruction are encoded and written. */
export type OperandForm =
  | 'alu-imm'
  | 'alu-reg'
  | 'unary'
  | 'endian'
  | 'load'
  | 'store-imm'
  | 'store-reg'
  | 'lddw'
  | 'ja'
  | 'jump-imm'
  | 'jump-reg'
  | 'call'
  | 'callx'
  | 'exit';

/** Versions in which a byte has this meaning: `classic` is V0, V1, V3 and V4 (spec §2.2). */
export type OpcodeVersions = 'classic' | 'v2' | 'all';

/** The operand check the verifier makes for a row (spec §7.2). */
export type OperandCheck =
  | 'none'
  | 'nonzero-imm'
  | 'shift32'
  | 'shift64'
  | 'endian-width'
  | 'frame-pointer'
  | 'lddw'
  | 'jump'
  | 'call'
  | 'callx';

/** All that is true of one opcode byte. */
export interface OpcodeRow {
  readonly op: Op;
  /** The opcode byte. */
  readonly code: number;
  /** Canonical mnemonic, with the 32/64 suffix; `le` and `be` take their width from imm. */
  readonly name: string;
  readonly form: OperandForm;
  readonly versions: OpcodeVersions;
  readonly check: OperandCheck;
  /** One line for documentation; d, s, b, imm, off, EXT, zx, sx as in the specification. */
  readonly semantics: string;
}

function row(
  op: Op,
  code: number,
  name: string,
  form: OperandForm,
  versions: OpcodeVersions,
  check: OperandCheck,
  semantics: string,
): OpcodeRow {
  return Object.freeze({ op, code, name, form, versions, check, semantics });
}

/** Every opcode byte of every version, grouped by family (spec §2.3–2.8). */
export const opcodeRows: readonly OpcodeRow[] = [
  row(Op.Add32Imm, 0x04, 'add32', 'alu-imm', 'all', 'none', 'd = EXT(d + b)'),
  row(Op.Add32Reg, 0x0c, 'add32', 'alu-reg', 'all', 'none', 'd = EXT(d + b)'),
  row(Op.Sub32Imm, 0x14, 'sub32', 'alu-imm', 'all', 'none', 'd = EXT(d - b); V2: d = zx(b - d)'),
  row(Op.Sub32Reg, 0x1c, 'sub32', 'alu-reg', 'all', 'none', 'd = EXT(d - b)'),
  row(Op.Mul32Imm, 0x24, 'mul32', 'alu-imm', 'classic', 'none', 'd = EXT(d * b)'),
  row(Op.Mul32Reg, 0x2c, 'mul32', 'alu-reg', 'classic', 'none', 'd = EXT(d * b)'),
  row(Op.Div32Imm, 0x34, 'div32', 'alu-imm', 'classic', 'nonzero-imm', 'd = zx(u32(d) / b)'),
  row(Op.Div32Reg, 0x3c, 'div32', 'alu-reg', 'classic', 'none', 'd = zx(u32(d) / b); b = 0: DivideByZero'),
  row(Op.Or32Imm, 0x44, 'or32', 'alu-imm', 'all', 'none', 'd = zx(d | b)'),
  row(Op.Or32Reg, 0x4c, 'or32', 'alu-reg', 'all', 'none', 'd = zx(d | b)'),
  row(Op.And32Imm, 0x54, 'and32', 'alu-imm', 'all', 'none', 'd = zx(d & b)'),
  row(Op.And32Reg, 0x5c, 'and32', 'alu-reg', 'all', 'none', 'd = zx(d & b)'),
  row(Op.Lsh32Imm, 0x64, 'lsh32', 'alu-imm', 'all', 'shift32', 'd = zx(d << (b mod 32))'),
  row(Op.Lsh32Reg, 0x6c, 'lsh32', 'alu-reg', 'all', 'none', 'd = zx(d << (b mod 32))'),
  row(Op.Rsh32Imm, 0x74, 'rsh32', 'alu-imm', 'all', 'shift32', 'd = zx(u32(d) >> (b mod 32))'),
  row(Op.Rsh32Reg, 0x7c, 'rsh32', 'alu-reg', 'all', 'none', 'd = zx(u32(d) >> (b mod 32))'),
  row(Op.Neg32, 0x84, 'neg32', 'unary', 'classic', 'none', 'd = zx(-d)'),
  row(Op.Mod32Imm, 0x94, 'mod32', 'alu-imm', 'classic', 'nonzero-imm', 'd = zx(u32(d) mod b)'),
  row(Op.Mod32Reg, 0x9c, 'mod32', 'alu-reg', 'classic', 'none', 'd = zx(u32(d) mod b); b = 0: DivideByZero'),
  row(Op.Xor32Imm, 0xa4, 'xor32', 'alu-imm', 'all', 'none', 'd = zx(d ^ b)'),
  row(Op.Xor32Reg, 0xac, 'xor32', 'alu-reg', 'all', 'none', 'd = zx(d ^ b)'),
  row(Op.Mov32Imm, 0xb4, 'mov32', 'alu-imm', 'all', 'none', 'd = zx(b)'),
  row(Op.Mov32Reg, 0xbc, 'mov32', 'alu-reg', 'all', 'none', 'd = zx(s); V2 and later: d = sx(s)'),
  row(Op.Arsh32Imm, 0xc4, 'arsh32', 'alu-imm', 'all', 'shift32', 'd = zx(s32(d) >> (b mod 32))'),
  row(Op.Arsh32Reg, 0xcc, 'arsh32', 'alu-reg', 'all', 'none', 'd = zx(s32(d) >> (b mod 32))'),
  row(
    Op.Le,
    0xd4,
    'le',
    'endian',
    'classic',
    'endian-width',
    'keep the low imm bits (16, 32 or 64), clear the rest',
  ),
  row(
    Op.Be,
    0xdc,
    'be',
    'endian',
    'all',
    'endian-width',
    'byte-reverse the low imm bits (16, 32 or 64), clear the rest',
  ),
  row(Op.Add64Imm, 0x07, 'add64', 'alu-imm', 'all', 'frame-pointer', 'd = d + b'),
  row(Op.Add64Reg, 0x0f, 'add64', 'alu-reg', 'all', 'none', 'd = d + b'),
  row(Op.Sub64Imm, 0x17, 'sub64', 'alu-imm', 'all', 'none', 'd = d - b; V2: d = b - d'),
  row(Op.Sub64Reg, 0x1f, 'sub64', 'alu-reg', 'all', 'none', 'd = d - b'),
  row(Op.Mul64Imm, 0x27, 'mul64', 'alu-imm', 'classic', 'none', 'd = d * b'),
  row(Op.Mul64Reg, 0x2f, 'mul64', 'alu-reg', 'classic', 'none', 'd = d * b'),
  row(Op.Div64Imm, 0x37, 'div64', 'alu-imm', 'classic', 'nonzero-imm', 'd = d / b unsigned'),
  row(Op.Div64Reg, 0x3f, 'div64', 'alu-reg', 'classic', 'none', 'd = d / b unsigned; b = 0: DivideByZero'),
  row(Op.Or64Imm, 0x47, 'or64', 'alu-imm', 'all', 'none', 'd = d | b'),
  row(Op.Or64Reg, 0x4f, 'or64', 'alu-reg', 'all', 'none', 'd = d | b'),
  row(Op.And64Imm, 0x57, 'and64', 'alu-imm', 'all', 'none', 'd = d & b'),
  row(Op.And64Reg, 0x5f, 'and64', 'alu-reg', 'all', 'none', 'd = d & b'),
  row(Op.Lsh64Imm, 0x67, 'lsh64', 'alu-imm', 'all', 'shift64', 'd = d << (b mod 64)'),
  row(Op.Lsh64Reg, 0x6f, 'lsh64', 'alu-reg', 'all', 'none', 'd = d << (b mod 64)'),
  row(Op.Rsh64Imm, 0x77, 'rsh64', 'alu-imm', 'all', 'shift64', 'd = d >> (b mod 64) logical'),
  row(Op.Rsh64Reg, 0x7f, 'rsh64', 'alu-reg', 'all', 'none', 'd = d >> (b mod 64) logical'),
  row(Op.Neg64, 0x87, 'neg64', 'unary', 'classic', 'none', 'd = -d'),
  row(Op.Mod64Imm, 0x97, 'mod64', 'alu-imm', 'classic', 'nonzero-imm', 'd = d mod b unsigned'),
  row(Op.Mod64Reg, 0x9f, 'mod64', 'alu-reg', 'classic', 'none', 'd = d mod b unsigned; b = 0: DivideByZero'),
  row(Op.Xor64Imm, 0xa7, 'xor64', 'alu-imm', 'all', 'none', 'd = d ^ b'),
  row(Op.Xor64Reg, 0xaf, 'xor64', 'alu-reg', 'all', 'none', 'd = d ^ b'),
  row(Op.Mov64Imm, 0xb7, 'mov64', 'alu-imm', 'all', 'none', 'd = b'),
  row(Op.Mov64Reg, 0xbf, 'mov64', 'alu-reg', 'all', 'none', 'd = b'),
  row(Op.Arsh64Imm, 0xc7, 'arsh64', 'alu-imm', 'all', 'shift64', 'd = signed d >> (b mod 64)'),
  row(Op.Arsh64Reg, 0xcf, 'arsh64', 'alu-reg', 'all', 'none', 'd = signed d >> (b mod 64)'),
  row(Op.Hor64, 0xf7, 'hor64', 'alu-imm', 'v2', 'none', 'd = d | (u32(imm) << 32)'),
  row(
    Op.Uhmul64Imm,
    0x36,
    'uhmul64',
    'alu-imm',
    'v2',
    'none',
    'd = unsigned 128-bit d * b >> 64; imm zero-extended',
  ),
  row(
    Op.Uhmul64Reg,
    0x3e,
    'uhmul64',
    'alu-reg',
    'v2',
    'none',
    'd = unsigned 128-bit d * b >> 64; imm zero-extended',
  ),
  row(Op.Udiv32Imm, 0x46, 'udiv32', 'alu-imm', 'v2', 'nonzero-imm', 'd = zx(u32(d) / u32(b))'),
  row(Op.Udiv32Reg, 0x4e, 'udiv32', 'alu-reg', 'v2', 'none', 'd = zx(u32(d) / u32(b)); b = 0: DivideByZero'),
  row(Op.Udiv64Imm, 0x56, 'udiv64', 'alu-imm', 'v2', 'nonzero-imm', 'd = d / b unsigned; imm zero-extended'),
  row(
    Op.Udiv64Reg,
    0x5e,
    'udiv64',
    'alu-reg',
    'v2',
    'none',
    'd = d / b unsigned; imm zero-extended; b = 0: DivideByZero',
  ),
  row(Op.Urem32Imm, 0x66, 'urem32', 'alu-imm', 'v2', 'nonzero-imm', 'd = zx(u32(d) mod u32(b))'),
  row(
    Op.Urem32Reg,
    0x6e,
    'urem32',
    'alu-reg',
    'v2',
    'none',
    'd = zx(u32(d) mod u32(b)); b = 0: DivideByZero',
  ),
  row(
    Op.Urem64Imm,
    0x76,
    'urem64',
    'alu-imm',
    'v2',
    'nonzero-imm',
    'd = d mod b unsigned; imm zero-extended',
  ),
  row(
    Op.Urem64Reg,
    0x7e,
    'urem64',
    'alu-reg',
    'v2',
    'none',
    'd = d mod b unsigned; imm zero-extended; b = 0: DivideByZero',
  ),
  row(Op.Lmul32Imm, 0x86, 'lmul32', 'alu-imm', 'v2', 'none', 'd = zx(u32(d) * u32(b))'),
  row(Op.Lmul32Reg, 0x8e, 'lmul32', 'alu-reg', 'v2', 'none', 'd = zx(u32(d) * u32(b))'),
  row(Op.Lmul64Imm, 0x96, 'lmul64', 'alu-imm', 'v2', 'none', 'd = low 64 bits of d * b'),
  row(Op.Lmul64Reg, 0x9e, 'lmul64', 'alu-reg', 'v2', 'none', 'd = low 64 bits of d * b'),
  row(Op.Shmul64Imm, 0xb6, 'shmul64', 'alu-imm', 'v2', 'none', 'd = signed 128-bit d * b >> 64'),
  row(Op.Shmul64Reg, 0xbe, 'shmul64', 'alu-reg', 'v2', 'none', 'd = signed 128-bit d * b >> 64'),
  row(
    Op.Sdiv32Imm,
    0xc6,
    'sdiv32',
    'alu-imm',
    'v2',
    'nonzero-imm',
    'd = zx(s32(d) / s32(b)) truncating; MIN by -1: DivideOverflow',
  ),
  row(
    Op.Sdiv32Reg,
    0xce,
    'sdiv32',
    'alu-reg',
    'v2',
    'none',
    'd = zx(s32(d) / s32(b)) truncating; b = 0: DivideByZero; MIN by -1: DivideOverflow',
  ),
  row(
    Op.Sdiv64Imm,
    0xd6,
    'sdiv64',
    'alu-imm',
    'v2',
    'nonzero-imm',
    'd = signed d / b truncating; MIN by -1: DivideOverflow',
  ),
  row(
    Op.Sdiv64Reg,
    0xde,
    'sdiv64',
    'alu-reg',
    'v2',
    'none',
    'd = signed d / b truncating; b = 0: DivideByZero; MIN by -1: DivideOverflow',
  ),
  row(
    Op.Srem32Imm,
    0xe6,
    'srem32',
    'alu-imm',
    'v2',
    'nonzero-imm',
    'd = zx(s32(d) rem s32(b)), sign of the dividend; MIN by -1: DivideOverflow',
  ),
  row(
    Op.Srem32Reg,
    0xee,
    'srem32',
    'alu-reg',
    'v2',
    'none',
    'd = zx(s32(d) rem s32(b)), sign of the dividend; b = 0: DivideByZero; MIN by -1: DivideOverflow',
  ),
  row(
    Op.Srem64Imm,
    0xf6,
    'srem64',
    'alu-imm',
    'v2',
    'nonzero-imm',
    'd = signed d rem b, sign of the dividend; MIN by -1: DivideOverflow',
  ),
  row(
    Op.Srem64Reg,
    0xfe,
    'srem64',
    'alu-reg',
    'v2',
    'none',
    'd = signed d rem b, sign of the dividend; b = 0: DivideByZero; MIN by -1: DivideOverflow',
  ),
  row(Op.Ldxb, 0x71, 'ldxb', 'load', 'classic', 'none', 'd = 1 byte at s + off, zero-extended'),
  row(Op.Ldxb, 0x2c, 'ldxb', 'load', 'v2', 'none', 'd = 1 byte at s + off, zero-extended'),
  row(Op.Ldxh, 0x69, 'ldxh', 'load', 'classic', 'none', 'd = 2 bytes at s + off, zero-extended'),
  row(Op.Ldxh, 0x3c, 'ldxh', 'load', 'v2', 'none', 'd = 2 bytes at s + off, zero-extended'),
  row(Op.Ldxw, 0x61, 'ldxw', 'load', 'classic', 'none', 'd = 4 bytes at s + off, zero-extended'),
  row(Op.Ldxw, 0x8c, 'ldxw', 'load', 'v2', 'none', 'd = 4 bytes at s + off, zero-extended'),
  row(Op.Ldxdw, 0x79, 'ldxdw', 'load', 'classic', 'none', 'd = 8 bytes at s + off, zero-extended'),
  row(Op.Ldxdw, 0x9c, 'ldxdw', 'load', 'v2', 'none', 'd = 8 bytes at s + off, zero-extended'),
  row(Op.Stb, 0x72, 'stb', 'store-imm', 'classic', 'none', '1 byte at d + off = imm'),
  row(Op.Stb, 0x27, 'stb', 'store-imm', 'v2', 'none', '1 byte at d + off = imm'),
  row(Op.Sth, 0x6a, 'sth', 'store-imm', 'classic', 'none', '2 bytes at d + off = imm'),
  row(Op.Sth, 0x37, 'sth', 'store-imm', 'v2', 'none', '2 bytes at d + off = imm'),
  row(Op.Stw, 0x62, 'stw', 'store-imm', 'classic', 'none', '4 bytes at d + off = imm'),
  row(Op.Stw, 0x87, 'stw', 'store-imm', 'v2', 'none', '4 bytes at d + off = imm'),
  row(Op.Stdw, 0x7a, 'stdw', 'store-imm', 'classic', 'none', '8 bytes at d + off = imm'),
  row(Op.Stdw, 0x97, 'stdw', 'store-imm', 'v2', 'none', '8 bytes at d + off = imm'),
  row(Op.Stxb, 0x73, 'stxb', 'store-reg', 'classic', 'none', '1 byte at d + off = s'),
  row(Op.Stxb, 0x2f, 'stxb', 'store-reg', 'v2', 'none', '1 byte at d + off = s'),
  row(Op.Stxh, 0x6b, 'stxh', 'store-reg', 'classic', 'none', '2 bytes at d + off = s'),
  row(Op.Stxh, 0x3f, 'stxh', 'store-reg', 'v2', 'none', '2 bytes at d + off = s'),
  row(Op.Stxw, 0x63, 'stxw', 'store-reg', 'classic', 'none', '4 bytes at d + off = s'),
  row(Op.Stxw, 0x8f, 'stxw', 'store-reg', 'v2', 'none', '4 bytes at d + off = s'),
  row(Op.Stxdw, 0x7b, 'stxdw', 'store-reg', 'classic', 'none', '8 bytes at d + off = s'),
  row(Op.Stxdw, 0x9f, 'stxdw', 'store-reg', 'v2', 'none', '8 bytes at d + off = s'),
  row(
    Op.Lddw,
    0x18,
    'lddw',
    'lddw',
    'classic',
    'lddw',
    'd = 64-bit constant from the imm fields of two slots',
  ),
  row(Op.Ja, 0x05, 'ja', 'ja', 'all', 'jump', 'jump'),
  row(Op.JeqImm, 0x15, 'jeq', 'jump-imm', 'all', 'jump', 'jump if d = b'),
  row(Op.JeqReg, 0x1d, 'jeq', 'jump-reg', 'all', 'jump', 'jump if d = b'),
  row(Op.JgtImm, 0x25, 'jgt', 'jump-imm', 'all', 'jump', 'jump if d > b unsigned'),
  row(Op.JgtReg, 0x2d, 'jgt', 'jump-reg', 'all', 'jump', 'jump if d > b unsigned'),
  row(Op.JgeImm, 0x35, 'jge', 'jump-imm', 'all', 'jump', 'jump if d >= b unsigned'),
  row(Op.JgeReg, 0x3d, 'jge', 'jump-reg', 'all', 'jump', 'jump if d >= b unsigned'),
  row(Op.JsetImm, 0x45, 'jset', 'jump-imm', 'all', 'jump', 'jump if (d & b) is not 0'),
  row(Op.JsetReg, 0x4d, 'jset', 'jump-reg', 'all', 'jump', 'jump if (d & b) is not 0'),
  row(Op.JneImm, 0x55, 'jne', 'jump-imm', 'all', 'jump', 'jump if d is not b'),
  row(Op.JneReg, 0x5d, 'jne', 'jump-reg', 'all', 'jump', 'jump if d is not b'),
  row(Op.JsgtImm, 0x65, 'jsgt', 'jump-imm', 'all', 'jump', 'jump if d > b signed'),
  row(Op.JsgtReg, 0x6d, 'jsgt', 'jump-reg', 'all', 'jump', 'jump if d > b signed'),
  row(Op.JsgeImm, 0x75, 'jsge', 'jump-imm', 'all', 'jump', 'jump if d >= b signed'),
  row(Op.JsgeReg, 0x7d, 'jsge', 'jump-reg', 'all', 'jump', 'jump if d >= b signed'),
  row(Op.JltImm, 0xa5, 'jlt', 'jump-imm', 'all', 'jump', 'jump if d < b unsigned'),
  row(Op.JltReg, 0xad, 'jlt', 'jump-reg', 'all', 'jump', 'jump if d < b unsigned'),
  row(Op.JleImm, 0xb5, 'jle', 'jump-imm', 'all', 'jump', 'jump if d <= b unsigned'),
  row(Op.JleReg, 0xbd, 'jle', 'jump-reg', 'all', 'jump', 'jump if d <= b unsigned'),
  row(Op.JsltImm, 0xc5, 'jslt', 'jump-imm', 'all', 'jump', 'jump if d < b signed'),
  row(Op.JsltReg, 0xcd, 'jslt', 'jump-reg', 'all', 'jump', 'jump if d < b signed'),
  row(Op.JsleImm, 0xd5, 'jsle', 'jump-imm', 'all', 'jump', 'jump if d <= b signed'),
  row(Op.JsleReg, 0xdd, 'jsle', 'jump-reg', 'all', 'jump', 'jump if d <= b signed'),
  row(Op.Call, 0x85, 'call', 'call', 'all', 'call', 'call a function or a syscall'),
  row(
    Op.Callx,
    0x8d,
    'callx',
    'callx',
    'all',
    'callx',
    'call the address held in a register; register number in imm, V2: src',
  ),
  row(Op.Exit, 0x95, 'exit', 'exit', 'all', 'none', 'return to the caller, or end the run with r0'),
];

function tableFor(versions: OpcodeVersions): readonly (OpcodeRow | undefined)[] {
  const table = new Array<OpcodeRow | undefined>(256).fill(undefined);
  for (const entry of opcodeRows) {
    if (entry.versions === 'all' || entry.versions === versions) table[entry.code] = entry;
  }
  return Object.freeze(table);
}

const classicTable = tableFor('classic');
const v2Table = tableFor('v2');

/** Returns the 256 rows of a version by opcode byte; an invalid byte has no row. */
export function opcodeTable(version: TbpfVersion): readonly (OpcodeRow | undefined)[] {
  return version === 2 ? v2Table : classicTable;
}
