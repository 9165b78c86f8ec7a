import { type FunctionBody, I32, I64, Op as Wasm } from '@switchyard/wasm-builder';
import { InterpreterCell, RegionRecord, regionRecord } from '../linear/interpreter-cells.ts';
import { heapSlot, stackSlot } from '../memory/address-space.ts';
import { findRegion, isRegion, markHeap, PAGE_SHIFT, pushCell } from './region-lookup.ts';

/** What `locate` answers for a range that is not mapped so. */
export const NOT_MAPPED = -1;

/** `locate(address, length, write) -> i32`: where at least one byte lies in linear memory, by the rules of spec §3.4, or NOT_MAPPED. */
export function writeLocate(body: FunctionBody): void {
  const [address, length, write] = [0, 1, 2];
  const offset = findRegion(body, address, () => {
    body.i32Const(NOT_MAPPED);
    body.op(Wasm.return);
  });
  body.localGet(offset.place);
  body.localGet(length);
  body.op(Wasm.i64Add);
  body.localGet(write);
  body.if(I64);
  body.localGet(offset.record);
  body.memory(Wasm.i64Load32U, regionRecord(0) + RegionRecord.storeLimits);
  body.else();
  body.localGet(offset.record);
  body.memory(Wasm.i64Load32U, regionRecord(0) + RegionRecord.loadLimits);
  body.end();
  body.op(Wasm.i64GtU);
  body.if();
  body.i32Const(NOT_MAPPED);
  body.op(Wasm.return);
  body.end();
  body.localGet(offset.place);
  body.op(Wasm.i32WrapI64);
  body.localGet(offset.record);
  body.memory(Wasm.i32Load, regionRecord(0) + RegionRecord.linear);
  body.op(Wasm.i32Add);
  body.finish();
}

/** `mark(address, length)`: marks what is written at an address that `locate` has found. */
export function writeMark(body: FunctionBody): void {
  const [address, length] = [0, 1];
  const offset = findRegion(body, address, () => body.op(Wasm.return));
  const firstPage = body.addLocal(I32);
  isRegion(body, offset.region, stackSlot);
  body.if();
  body.localGet(offset.place);
  body.i64Const(PAGE_SHIFT);
  body.op(Wasm.i64ShrU);
  body.op(Wasm.i32WrapI64);
  body.localTee(firstPage);
  pushCell(body, Wasm.i32Load, InterpreterCell.dirtyPages);
  body.op(Wasm.i32Add);
  body.i32Const(1);
  body.localGet(offset.place);
  body.localGet(length);
  body.op(Wasm.i64Add);
  body.i64Const(1);
  body.op(Wasm.i64Sub);
  body.i64Const(PAGE_SHIFT);
  body.op(Wasm.i64ShrU);
  body.op(Wasm.i32WrapI64);
  body.localGet(firstPage);
  body.op(Wasm.i32Sub);
  body.i32Const(1);
  body.op(Wasm.i32Add);
  body.memoryFill();
  body.end();
  isRegion(body, offset.region, heapSlot);
  body.if();
  markHeap(body);
  body.end();
  body.finish();
}
