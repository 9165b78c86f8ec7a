import { Op } from './opcodes.ts';
import { F32, F64, I32, I64, type ValueType } from './value-types.ts';

/**
 * What follows an opcode in the binary. `none` and `control` carry nothing; `control` are those whose effect on the operands isn't a
 * fixed list of types.
 */
export type Immediates =
  | 'none'
  | 'control'
  | 'blockType'
  | 'label'
  | 'labels'
  | 'function'
  | 'typeAndTable'
  | 'local'
  | 'global'
  | 'memory'
  | 'memoryIndex'
  | 'i32'
  | 'i64'
  | 'f32'
  | 'f64'
  | 'dataAndMemory'
  | 'data'
  | 'twoMemories'
  | 'elementAndTable'
  | 'element'
  | 'twoTables';

/** One instruction of the specification's §5.4, with the operands that it takes (the last is on top) and gives. */
export interface Instruction {
  /** As in {@link Op}. */
  readonly code: number;
  /** As in the text format: `i32.add`. */
  readonly name: string;
  readonly immediates: Immediates;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

const TYPES: Readonly<Record<string, ValueType>> = { i: I32, l: I64, f: F32, d: F64 };

/** `operands` as letters, `li:i` for [i64 i32] → [i32]: i is i32, l is i64, f is f32, d is f64. */
function row(code: number, name: string, immediates: Immediates, operands = ':'): Instruction {
  const [parameters, results] = operands.split(':').map((part) => [...part].map((letter) => TYPES[letter]!));
  return { code, name, immediates, parameters: parameters!, results: results! };
}

// biome-ignore format: a row a line
export const instructions: readonly Instruction[] = [
  row(Op.unreachable, 'unreachable', 'control'),
  row(Op.nop, 'nop', 'none'),
  row(Op.block, 'block', 'blockType'),
  row(Op.loop, 'loop', 'blockType'),
  row(Op.if, 'if', 'blockType'),
  row(Op.else, 'else', 'control'),
  row(Op.end, 'end', 'control'),
  row(Op.br, 'br', 'label'),
  row(Op.brIf, 'br_if', 'label'),
  row(Op.brTable, 'br_table', 'labels'),
  row(Op.return, 'return', 'control'),
  row(Op.call, 'call', 'function'),
  row(Op.callIndirect, 'call_indirect', 'typeAndTable'),
  row(Op.drop, 'drop', 'control'),
  row(Op.select, 'select', 'control'),
  row(Op.localGet, 'local.get', 'local'),
  row(Op.localSet, 'local.set', 'local'),
  row(Op.localTee, 'local.tee', 'local'),
  row(Op.globalGet, 'global.get', 'global'),
  row(Op.globalSet, 'global.set', 'global'),
  row(Op.i32Load, 'i32.load', 'memory', 'i:i'),
  row(Op.i64Load, 'i64.load', 'memory', 'i:l'),
  row(Op.f32Load, 'f32.load', 'memory', 'i:f'),
  row(Op.f64Load, 'f64.load', 'memory', 'i:d'),
  row(Op.i32Load8S, 'i32.load8_s', 'memory', 'i:i'),
  row(Op.i32Load8U, 'i32.load8_u', 'memory', 'i:i'),
  row(Op.i32Load16S, 'i32.load16_s', 'memory', 'i:i'),
  row(Op.i32Load16U, 'i32.load16_u', 'memory', 'i:i'),
  row(Op.i64Load8S, 'i64.load8_s', 'memory', 'i:l'),
  row(Op.i64Load8U, 'i64.load8_u', 'memory', 'i:l'),
  row(Op.i64Load16S, 'i64.load16_s', 'memory', 'i:l'),
  row(Op.i64Load16U, 'i64.load16_u', 'memory', 'i:l'),
  row(Op.i64Load32S, 'i64.load32_s', 'memory', 'i:l'),
  row(Op.i64Load32U, 'i64.load32_u', 'memory', 'i:l'),
  row(Op.i32Store, 'i32.store', 'memory', 'ii:'),
  row(Op.i64Store, 'i64.store', 'memory', 'il:'),
  row(Op.f32Store, 'f32.store', 'memory', 'if:'),
  row(Op.f64Store, 'f64.store', 'memory', 'id:'),
  row(Op.i32Store8, 'i32.store8', 'memory', 'ii:'),
  row(Op.i32Store16, 'i32.store16', 'memory', 'ii:'),
  row(Op.i64Store8, 'i64.store8', 'memory', 'il:'),
  row(Op.i64Store16, 'i64.store16', 'memory', 'il:'),
  row(Op.i64Store32, 'i64.store32', 'memory', 'il:'),
  row(Op.memorySize, 'memory.size', 'memoryIndex', ':i'),
  row(Op.memoryGrow, 'memory.grow', 'memoryIndex', 'i:i'),
  row(Op.i32Const, 'i32.const', 'i32', ':i'),
  row(Op.i64Const, 'i64.const', 'i64', ':l'),
  row(Op.f32Const, 'f32.const', 'f32', ':f'),
  row(Op.f64Const, 'f64.const', 'f64', ':d'),
  row(Op.i32Eqz, 'i32.eqz', 'none', 'i:i'),
  row(Op.i32Eq, 'i32.eq', 'none', 'ii:i'),
  row(Op.i32Ne, 'i32.ne', 'none', 'ii:i'),
  row(Op.i32LtS, 'i32.lt_s', 'none', 'ii:i'),
  row(Op.i32LtU, 'i32.lt_u', 'none', 'ii:i'),
  row(Op.i32GtS, 'i32.gt_s', 'none', 'ii:i'),
  row(Op.i32GtU, 'i32.gt_u', 'none', 'ii:i'),
  row(Op.i32LeS, 'i32.le_s', 'none', 'ii:i'),
  row(Op.i32LeU, 'i32.le_u', 'none', 'ii:i'),
  row(Op.i32GeS, 'i32.ge_s', 'none', 'ii:i'),
  row(Op.i32GeU, 'i32.ge_u', 'none', 'ii:i'),
  row(Op.i64Eqz, 'i64.eqz', 'none', 'l:i'),
  row(Op.i64Eq, 'i64.eq', 'none', 'll:i'),
  row(Op.i64Ne, 'i64.ne', 'none', 'll:i'),
  row(Op.i64LtS, 'i64.lt_s', 'none', 'll:i'),
  row(Op.i64LtU, 'i64.lt_u', 'none', 'll:i'),
  row(Op.i64GtS, 'i64.gt_s', 'none', 'll:i'),
  row(Op.i64GtU, 'i64.gt_u', 'none', 'll:i'),
  row(Op.i64LeS, 'i64.le_s', 'none', 'll:i'),
  row(Op.i64LeU, 'i64.le_u', 'none', 'll:i'),
  row(Op.i64GeS, 'i64.ge_s', 'none', 'll:i'),
  row(Op.i64GeU, 'i64.ge_u', 'none', 'll:i'),
  row(Op.f32Eq, 'f32.eq', 'none', 'ff:i'),
  row(Op.f32Ne, 'f32.ne', 'none', 'ff:i'),
  row(Op.f32Lt, 'f32.lt', 'none', 'ff:i'),
  row(Op.f32Gt, 'f32.gt', 'none', 'ff:i'),
  row(Op.f32Le, 'f32.le', 'none', 'ff:i'),
  row(Op.f32Ge, 'f32.ge', 'none', 'ff:i'),
  row(Op.f64Eq, 'f64.eq', 'none', 'dd:i'),
  row(Op.f64Ne, 'f64.ne', 'none', 'dd:i'),
  row(Op.f64Lt, 'f64.lt', 'none', 'dd:i'),
  row(Op.f64Gt, 'f64.gt', 'none', 'dd:i'),
  row(Op.f64Le, 'f64.le', 'none', 'dd:i'),
  row(Op.f64Ge, 'f64.ge', 'none', 'dd:i'),
  row(Op.i32Clz, 'i32.clz', 'none', 'i:i'),
  row(Op.i32Ctz, 'i32.ctz', 'none', 'i:i'),
  row(Op.i32Popcnt, 'i32.popcnt', 'none', 'i:i'),
  row(Op.i32Add, 'i32.add', 'none', 'ii:i'),
  row(Op.i32Sub, 'i32.sub', 'none', 'ii:i'),
  row(Op.i32Mul, 'i32.mul', 'none', 'ii:i'),
  row(Op.i32DivS, 'i32.div_s', 'none', 'ii:i'),
  row(Op.i32DivU, 'i32.div_u', 'none', 'ii:i'),
  row(Op.i32RemS, 'i32.rem_s', 'none', 'ii:i'),
  row(Op.i32RemU, 'i32.rem_u', 'none', 'ii:i'),
  row(Op.i32And, 'i32.and', 'none', 'ii:i'),
  row(Op.i32Or, 'i32.or', 'none', 'ii:i'),
  row(Op.i32Xor, 'i32.xor', 'none', 'ii:i'),
  row(Op.i32Shl, 'i32.shl', 'none', 'ii:i'),
  row(Op.i32ShrS, 'i32.shr_s', 'none', 'ii:i'),
  row(Op.i32ShrU, 'i32.shr_u', 'none', 'ii:i'),
  row(Op.i32Rotl, 'i32.rotl', 'none', 'ii:i'),
  row(Op.i32Rotr, 'i32.rotr', 'none', 'ii:i'),
  row(Op.i64Clz, 'i64.clz', 'none', 'l:l'),
  row(Op.i64Ctz, 'i64.ctz', 'none', 'l:l'),
  row(Op.i64Popcnt, 'i64.popcnt', 'none', 'l:l'),
  row(Op.i64Add, 'i64.add', 'none', 'll:l'),
  row(Op.i64Sub, 'i64.sub', 'none', 'll:l'),
  row(Op.i64Mul, 'i64.mul', 'none', 'll:l'),
  row(Op.i64DivS, 'i64.div_s', 'none', 'll:l'),
  row(Op.i64DivU, 'i64.div_u', 'none', 'll:l'),
  row(Op.i64RemS, 'i64.rem_s', 'none', 'll:l'),
  row(Op.i64RemU, 'i64.rem_u', 'none', 'll:l'),
  row(Op.i64And, 'i64.and', 'none', 'll:l'),
  row(Op.i64Or, 'i64.or', 'none', 'll:l'),
  row(Op.i64Xor, 'i64.xor', 'none', 'll:l'),
  row(Op.i64Shl, 'i64.shl', 'none', 'll:l'),
  row(Op.i64ShrS, 'i64.shr_s', 'none', 'll:l'),
  row(Op.i64ShrU, 'i64.shr_u', 'none', 'll:l'),
  row(Op.i64Rotl, 'i64.rotl', 'none', 'll:l'),
  row(Op.i64Rotr, 'i64.rotr', 'none', 'll:l'),
  row(Op.f32Abs, 'f32.abs', 'none', 'f:f'),
  row(Op.f32Neg, 'f32.neg', 'none', 'f:f'),
  row(Op.f32Ceil, 'f32.ceil', 'none', 'f:f'),
  row(Op.f32Floor, 'f32.floor', 'none', 'f:f'),
  row(Op.f32Trunc, 'f32.trunc', 'none', 'f:f'),
  row(Op.f32Nearest, 'f32.nearest', 'none', 'f:f'),
  row(Op.f32Sqrt, 'f32.sqrt', 'none', 'f:f'),
  row(Op.f32Add, 'f32.add', 'none', 'ff:f'),
  row(Op.f32Sub, 'f32.sub', 'none', 'ff:f'),
  row(Op.f32Mul, 'f32.mul', 'none', 'ff:f'),
  row(Op.f32Div, 'f32.div', 'none', 'ff:f'),
  row(Op.f32Min, 'f32.min', 'none', 'ff:f'),
  row(Op.f32Max, 'f32.max', 'none', 'ff:f'),
  row(Op.f32Copysign, 'f32.copysign', 'none', 'ff:f'),
  row(Op.f64Abs, 'f64.abs', 'none', 'd:d'),
  row(Op.f64Neg, 'f64.neg', 'none', 'd:d'),
  row(Op.f64Ceil, 'f64.ceil', 'none', 'd:d'),
  row(Op.f64Floor, 'f64.floor', 'none', 'd:d'),
  row(Op.f64Trunc, 'f64.trunc', 'none', 'd:d'),
  row(Op.f64Nearest, 'f64.nearest', 'none', 'd:d'),
  row(Op.f64Sqrt, 'f64.sqrt', 'none', 'd:d'),
  row(Op.f64Add, 'f64.add', 'none', 'dd:d'),
  row(Op.f64Sub, 'f64.sub', 'none', 'dd:d'),
  row(Op.f64Mul, 'f64.mul', 'none', 'dd:d'),
  row(Op.f64Div, 'f64.div', 'none', 'dd:d'),
  row(Op.f64Min, 'f64.min', 'none', 'dd:d'),
  row(Op.f64Max, 'f64.max', 'none', 'dd:d'),
  row(Op.f64Copysign, 'f64.copysign', 'none', 'dd:d'),
  row(Op.i32WrapI64, 'i32.wrap_i64', 'none', 'l:i'),
  row(Op.i32TruncF32S, 'i32.trunc_f32_s', 'none', 'f:i'),
  row(Op.i32TruncF32U, 'i32.trunc_f32_u', 'none', 'f:i'),
  row(Op.i32TruncF64S, 'i32.trunc_f64_s', 'none', 'd:i'),
  row(Op.i32TruncF64U, 'i32.trunc_f64_u', 'none', 'd:i'),
  row(Op.i64ExtendI32S, 'i64.extend_i32_s', 'none', 'i:l'),
  row(Op.i64ExtendI32U, 'i64.extend_i32_u', 'none', 'i:l'),
  row(Op.i64TruncF32S, 'i64.trunc_f32_s', 'none', 'f:l'),
  row(Op.i64TruncF32U, 'i64.trunc_f32_u', 'none', 'f:l'),
  row(Op.i64TruncF64S, 'i64.trunc_f64_s', 'none', 'd:l'),
  row(Op.i64TruncF64U, 'i64.trunc_f64_u', 'none', 'd:l'),
  row(Op.f32ConvertI32S, 'f32.convert_i32_s', 'none', 'i:f'),
  row(Op.f32ConvertI32U, 'f32.convert_i32_u', 'none', 'i:f'),
  row(Op.f32ConvertI64S, 'f32.convert_i64_s', 'none', 'l:f'),
  row(Op.f32ConvertI64U, 'f32.convert_i64_u', 'none', 'l:f'),
  row(Op.f32DemoteF64, 'f32.demote_f64', 'none', 'd:f'),
  row(Op.f64ConvertI32S, 'f64.convert_i32_s', 'none', 'i:d'),
  row(Op.f64ConvertI32U, 'f64.convert_i32_u', 'none', 'i:d'),
  row(Op.f64ConvertI64S, 'f64.convert_i64_s', 'none', 'l:d'),
  row(Op.f64ConvertI64U, 'f64.convert_i64_u', 'none', 'l:d'),
  row(Op.f64PromoteF32, 'f64.promote_f32', 'none', 'f:d'),
  row(Op.i32ReinterpretF32, 'i32.reinterpret_f32', 'none', 'f:i'),
  row(Op.i64ReinterpretF64, 'i64.reinterpret_f64', 'none', 'd:l'),
  row(Op.f32ReinterpretI32, 'f32.reinterpret_i32', 'none', 'i:f'),
  row(Op.f64ReinterpretI64, 'f64.reinterpret_i64', 'none', 'l:d'),
  row(Op.i32Extend8S, 'i32.extend8_s', 'none', 'i:i'),
  row(Op.i32Extend16S, 'i32.extend16_s', 'none', 'i:i'),
  row(Op.i64Extend8S, 'i64.extend8_s', 'none', 'l:l'),
  row(Op.i64Extend16S, 'i64.extend16_s', 'none', 'l:l'),
  row(Op.i64Extend32S, 'i64.extend32_s', 'none', 'l:l'),
  row(Op.i32TruncSatF32S, 'i32.trunc_sat_f32_s', 'none', 'f:i'),
  row(Op.i32TruncSatF32U, 'i32.trunc_sat_f32_u', 'none', 'f:i'),
  row(Op.i32TruncSatF64S, 'i32.trunc_sat_f64_s', 'none', 'd:i'),
  row(Op.i32TruncSatF64U, 'i32.trunc_sat_f64_u', 'none', 'd:i'),
  row(Op.i64TruncSatF32S, 'i64.trunc_sat_f32_s', 'none', 'f:l'),
  row(Op.i64TruncSatF32U, 'i64.trunc_sat_f32_u', 'none', 'f:l'),
  row(Op.i64TruncSatF64S, 'i64.trunc_sat_f64_s', 'none', 'd:l'),
  row(Op.i64TruncSatF64U, 'i64.trunc_sat_f64_u', 'none', 'd:l'),
  row(Op.memoryInit, 'memory.init', 'dataAndMemory', 'iii:'),
  row(Op.dataDrop, 'data.drop', 'data'),
  row(Op.memoryCopy, 'memory.copy', 'twoMemories', 'iii:'),
  row(Op.memoryFill, 'memory.fill', 'memoryIndex', 'iii:'),
  row(Op.tableInit, 'table.init', 'elementAndTable', 'iii:'),
  row(Op.elemDrop, 'elem.drop', 'element'),
  row(Op.tableCopy, 'table.copy', 'twoTables', 'iii:'),
];

/** Place of an opcode in arrays with a slot for each: the byte itself, or 256 + n for 0xfc n. */
export function slotOf(code: number): number {
  return code < 0x100 ? code : 0x100 + (code & 0xff);
}

/** Slots of such an array. */
export const SLOTS = 0x200;

const bySlot: readonly (Instruction | undefined)[] = Array.from({ length: SLOTS }, (_, slot) =>
  instructions.find(({ code }) => slotOf(code) === slot),
);

/** The row of an opcode, or undefined where there is none. */
export function instructionOf(code: number): Instruction | undefined {
  const row = bySlot[slotOf(code)];
  return row?.code === code ? row : undefined;
}

const ACCESS_WIDTH = /(?:load|store)(\d*)/;

/** log2 of the bytes that a load or store touches: its natural alignment, the largest that it may state (§3.3.7). */
export function naturalAlignment({ name }: Instruction): number {
  const bits = Number(ACCESS_WIDTH.exec(name)?.[1] || name.slice(1, 3));
  return Math.log2(bits / 8);
}
