import { type FunctionBody, I32, I64, Op as Wasm } from '@switchyard/wasm-builder';
import {
  InterpreterCell,
  REGION_RECORD_BYTES,
  RegionRecord,
  regionRecord,
} from '../linear/interpreter-cells.ts';
import { Cell, STACK_PAGE_BYTES } from '../linear/layout.ts';
import { inputSlot, stackSlot } from '../memory/address-space.ts';

/** log2 of a page of the stack. */
export const PAGE_SHIFT = 31 - Math.clz32(STACK_PAGE_BYTES);

/** Locals of an address in a region. */
export interface RegionPlace {
  /** i64: number of the region. */
  readonly region: number;
  /** i32: offset of the region's record from the first one. */
  readonly record: number;
  /** i64: offset in the region's bytes, gaps left out. */
  readonly place: number;
}

/**
 * Writes the search for an address by all rules of spec §3.4 but the length; `fail` is written where it lies in no region, before one, or
 * in a gap, and has to leave.
 */
export function findRegion(body: FunctionBody, address: number, fail: () => void): RegionPlace {
  const region = body.addLocal(I64);
  const record = body.addLocal(I32);
  const place = body.addLocal(I64);
  const gap = body.addLocal(I64);
  const quotient = body.addLocal(I64);
  const failIf = (): void => {
    body.if();
    fail();
    body.end();
  };
  body.localGet(address);
  body.i64Const(32);
  body.op(Wasm.i64ShrU);
  body.localTee(region);
  body.i64Const(inputSlot);
  body.op(Wasm.i64GtU);
  failIf();
  body.localGet(region);
  body.op(Wasm.i32WrapI64);
  body.i32Const(REGION_RECORD_BYTES);
  body.op(Wasm.i32Mul);
  body.localSet(record);
  body.localGet(address);
  body.localGet(record);
  body.memory(Wasm.i64Load, regionRecord(0) + RegionRecord.base);
  body.op(Wasm.i64Sub);
  body.localTee(place);
  body.i64Const(0);
  body.op(Wasm.i64LtS);
  failIf();
  isRegion(body, region, stackSlot);
  pushCell(body, Wasm.i32Load, InterpreterCell.gap);
  body.i32Const(0);
  body.op(Wasm.i32Ne);
  body.op(Wasm.i32And);
  body.if();
  pushCell(body, Wasm.i64Load32U, InterpreterCell.gap);
  body.localSet(gap);
  body.localGet(place);
  body.localGet(gap);
  body.op(Wasm.i64DivU);
  body.localTee(quotient);
  body.op(Wasm.i32WrapI64);
  body.i32Const(1);
  body.op(Wasm.i32And);
  failIf();
  body.localGet(place);
  body.localGet(quotient);
  body.i64Const(1);
  body.op(Wasm.i64ShrU);
  body.localGet(gap);
  body.op(Wasm.i64Mul);
  body.op(Wasm.i64Sub);
  body.localSet(place);
  body.end();
  return { region, record, place };
}

/** Pushes whether the region is this one. */
export function isRegion(body: FunctionBody, region: number, wanted: number): void {
  body.localGet(region);
  body.i64Const(wanted);
  body.op(Wasm.i64Eq);
}

/** Pushes a cell. */
export function pushCell(body: FunctionBody, load: number, at: number): void {
  body.i32Const(0);
  body.memory(load, at);
}

/** Notes that the heap has been written to. */
export function markHeap(body: FunctionBody): void {
  body.i32Const(0);
  body.i32Const(1);
  body.memory(Wasm.i32Store8, Cell.heapDirty);
}
