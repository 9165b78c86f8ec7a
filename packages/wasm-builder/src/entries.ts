import { type BodyContext, requireIndex } from './body-context.ts';
import type { ByteBuffer } from './byte-buffer.ts';
import { type Constant, encodeConstant } from './constant.ts';
import { refuseAbove, WasmBuilderError } from './error.ts';
import { ENGINE_LIMITS } from './limits.ts';
import { FUNCREF, I32 } from './value-types.ts';

/** Least and most size of a table (entries) or a memory (pages of 64 KiB); without `maximum` it may grow as far as the engine lets it. */
export interface Limits {
  readonly minimum: number;
  readonly maximum?: number;
}

export function requireLimits({ minimum, maximum }: Limits, least: number, most: number, what: string): void {
  refuseAbove(least, minimum, what);
  if (maximum !== undefined) refuseAbove(most, maximum, `${what} as maximum`);
  const isRange = minimum >= 0 && minimum <= (maximum ?? minimum);
  if (!isRange || !Number.isInteger(minimum) || !Number.isInteger(maximum ?? 0)) {
    throw new WasmBuilderError('BAD_VALUE', `${what}: ${minimum} to ${maximum} is no range of whole numbers`);
  }
}

/** Flag (1 with maximum), minimum, maximum (specification §5.3.7). */
export function encodeLimits(out: ByteBuffer, { minimum, maximum }: Limits): void {
  out.u8(maximum === undefined ? 0 : 1);
  out.u32(minimum);
  if (maximum !== undefined) out.u32(maximum);
}

/**
 * An element segment. `active` is copied into its table at instantiation, `passive` by `tableInit`; `declared` only states that its
 * functions may be referred to. `null` is the empty reference.
 */
export type Elements =
  | {
      readonly mode: 'active';
      readonly offset: Constant;
      readonly table?: number;
      readonly functions: readonly (number | null)[];
    }
  | { readonly mode: 'passive' | 'declared'; readonly functions: readonly (number | null)[] };

const NOT_ACTIVE = 1;
const TABLE_OR_DECLARED = 2;
const EXPRESSIONS = 4;
const ELEMENT_KIND_FUNCTION = 0x00;
const REF_NULL = 0xd0;
const REF_FUNC = 0xd2;
const END = 0x0b;

/**
 * Flags, table and offset where active, kind, functions (specification §5.5.12). The forms with expressions (flag 4) are used only where
 * there is a null.
 */
export function encodeElements(
  out: ByteBuffer,
  elements: Elements,
  context: BodyContext,
  importedGlobals: number,
): void {
  const { mode, functions } = elements;
  refuseAbove(ENGINE_LIMITS.tableEntries, functions.length, 'entries of an element segment');
  for (const index of functions) {
    if (index !== null) requireIndex(index, context.functionTypes.length, 'function');
  }
  const expressions = functions.includes(null) ? EXPRESSIONS : 0;
  if (mode === 'active') {
    const { table = 0, offset } = elements;
    requireIndex(table, context.tableCount, 'table');
    out.u32(expressions | (table === 0 ? 0 : TABLE_OR_DECLARED));
    if (table !== 0) out.u32(table);
    encodeConstant(out, offset, I32, context, importedGlobals);
    if (table !== 0) out.u8(expressions === 0 ? ELEMENT_KIND_FUNCTION : FUNCREF & 0x7f);
  } else {
    out.u32(expressions | NOT_ACTIVE | (mode === 'declared' ? TABLE_OR_DECLARED : 0));
    out.u8(expressions === 0 ? ELEMENT_KIND_FUNCTION : FUNCREF & 0x7f);
  }
  out.u32(functions.length);
  for (const index of functions) {
    if (expressions === 0) out.u32(index!);
    else if (index === null) {
      out.u8(REF_NULL);
      out.u8(FUNCREF & 0x7f);
      out.u8(END);
    } else {
      out.u8(REF_FUNC);
      out.u32(index);
      out.u8(END);
    }
  }
}
