import { type BodyContext, requireIndex } from './body-context.ts';
import { type ByteBuffer, splitBigint } from './byte-buffer.ts';
import { WasmBuilderError } from './error.ts';
import { Op } from './opcodes.ts';
import { F32, F64, I32, I64, typeName, type ValueType } from './value-types.ts';

/** A constant expression (specification §3.3.10): the first value of a global, the place of a segment. */
export type Constant =
  | { readonly type: typeof I32; readonly value: number }
  | { readonly type: typeof I64; readonly value: bigint }
  | { readonly type: typeof F32 | typeof F64; readonly value: number }
  /** The value of an imported constant global. */
  | { readonly global: number };

export function i32(value: number): Constant {
  return { type: I32, value };
}

export function i64(value: bigint): Constant {
  return { type: I64, value };
}

export function f32(value: number): Constant {
  return { type: F32, value };
}

export function f64(value: number): Constant {
  return { type: F64, value };
}

/** The value of an imported constant global. */
export function globalValue(index: number): Constant {
  return { global: index };
}

/** Checks the expression against the type that its place needs, and writes it with its `end`. */
export function encodeConstant(
  out: ByteBuffer,
  constant: Constant,
  wanted: ValueType,
  context: BodyContext,
  importedGlobals: number,
): void {
  const type = 'global' in constant ? globalType(constant.global, context, importedGlobals) : constant.type;
  if (type !== wanted) {
    throw new WasmBuilderError(
      'TYPE_MISMATCH',
      `a constant of type ${typeName(type)}, ${typeName(wanted)} is needed`,
    );
  }
  if ('global' in constant) {
    out.u8(Op.globalGet);
    out.u32(constant.global);
  } else if (constant.type === I32) {
    out.u8(Op.i32Const);
    out.s32(constant.value);
  } else if (constant.type === I64) {
    const { low, high } = splitBigint(constant.value);
    out.u8(Op.i64Const);
    out.s64(low, high);
  } else if (constant.type === F32) {
    out.u8(Op.f32Const);
    out.f32(constant.value);
  } else {
    out.u8(Op.f64Const);
    out.f64(constant.value);
  }
  out.u8(Op.end);
}

function globalType(index: number, { globals }: BodyContext, importedGlobals: number): ValueType {
  requireIndex(index, importedGlobals, 'imported global');
  const { type, mutable } = globals[index]!;
  if (mutable)
    throw new WasmBuilderError('BAD_VALUE', `global ${index} is mutable, a constant needs one that isn't`);
  return type;
}
