import { type FunctionBody, I32, I64, Op as Wasm } from '@switchyard/wasm-builder';
import {
  InterpreterCell,
  REGION_RECORD_BYTES,
  RegionRecord,
  regionRecord,
} from '../linear/interpreter-cells.ts';
import { Cell, INSTRUCTION_BYTES, STACK_PAGE_BYTES, Status } from '../linear/layout.ts';
import { heapSlot, inputSlot, stackSlot } from '../memory/address-space.ts';
import { accessKinds, FIRST_STORE } from './access-kinds.ts';
import { ACCESSES, Code, FIRST_ACCESS, Field, Variant } from './instruction.ts';

const PAGE_SHIFT = 31 - Math.clz32(STACK_PAGE_BYTES);

/** The region that a variant's handlers keep to, a hexadecimal digit each; 0 for `Mixed`, whose offsets are relative to nothing. */
const REGION_OF_VARIANT = 0x04_3221;

const NO_VARIANT = -1;

/**
 * Writes `access() -> i32`: does the memory access at Cell.pc by all rules of spec §3.4 and goes on to the next instruction (Done), or
 * writes the fault cells (AccessViolation). It keeps the profile, and gives the instruction the handlers for what it has seen.
 */
export function writeAccess(body: FunctionBody): void {
  const ip = body.addLocal(I32);
  const access = body.addLocal(I32);
  const variant = body.addLocal(I32);
  const region = body.addLocal(I64);
  const record = body.addLocal(I32);
  const address = body.addLocal(I64);
  /** Of the first byte, in the region. */
  const offset = body.addLocal(I64);
  const quotient = body.addLocal(I64);
  const gap = body.addLocal(I64);
  const place = body.addLocal(I32);
  const wanted = body.addLocal(I32);

  const cell = (load: number, at: number): void => {
    body.i32Const(0);
    body.memory(load, at);
  };
  const i32 = (local: number, value: number, op: number): void => {
    body.localGet(local);
    body.i32Const(value);
    body.op(op);
  };
  /** Pushes an i64 or i32 of a register field's register. */
  const register = (field: number): void => {
    body.localGet(ip);
    body.memory(Wasm.i32Load8U, field);
    body.memory(Wasm.i64Load, Cell.registers);
  };
  const isStore = (): void => i32(access, FIRST_STORE, Wasm.i32GeU);
  /** Pushes 1 << logSize, or the shift itself. */
  const logSize = (): void => i32(access, 3, Wasm.i32And);

  cell(Wasm.i32Load, InterpreterCell.code);
  cell(Wasm.i32Load, Cell.pc);
  body.i32Const(INSTRUCTION_BYTES);
  body.op(Wasm.i32Mul);
  body.op(Wasm.i32Add);
  body.localTee(ip);
  body.memory(Wasm.i32Load8U, Field.op);
  body.localTee(access);
  body.i32Const(Code.variants);
  body.op(Wasm.i32GeU);
  body.if();
  i32(access, Code.variants, Wasm.i32Sub);
  body.localTee(access);
  body.i32Const(ACCESSES);
  body.op(Wasm.i32DivU);
  body.localSet(variant);
  i32(access, ACCESSES, Wasm.i32RemU);
  body.localSet(access);
  body.else();
  body.i32Const(NO_VARIANT);
  body.localSet(variant);
  i32(access, FIRST_ACCESS, Wasm.i32Sub);
  body.localSet(access);
  body.end();

  // address = base register + offset; with a variant's handlers the offset has its region's base taken off.
  isStore();
  body.if(I64);
  register(Field.dst);
  body.else();
  register(Field.src);
  body.end();
  body.localGet(ip);
  body.memory(Wasm.i64Load, Field.immediate);
  body.op(Wasm.i64Add);
  variantBase();
  body.op(Wasm.i64Add);
  body.localSet(address);

  const refused = body.block();
  body.localGet(address);
  body.i64Const(32);
  body.op(Wasm.i64ShrU);
  body.localTee(region);
  body.i64Const(inputSlot);
  body.op(Wasm.i64GtU);
  body.brIf(refused);
  body.localGet(region);
  body.op(Wasm.i32WrapI64);
  body.i32Const(REGION_RECORD_BYTES);
  body.op(Wasm.i32Mul);
  body.localSet(record);
  body.localGet(address);
  body.localGet(record);
  body.memory(Wasm.i64Load, regionRecord(0) + RegionRecord.base);
  body.op(Wasm.i64Sub);
  body.localSet(offset);
  skipGaps();
  // Beyond the region, or not all of it inside.
  body.localGet(offset);
  isStore();
  body.if(I64);
  limit(RegionRecord.storeLimits);
  body.else();
  limit(RegionRecord.loadLimits);
  body.end();
  body.op(Wasm.i64GeU);
  body.brIf(refused);

  isStore();
  body.if();
  markDirty();
  body.end();
  transfer();
  keepProfile();
  body.i32Const(0);
  cell(Wasm.i32Load, Cell.pc);
  body.i32Const(1);
  body.op(Wasm.i32Add);
  body.memory(Wasm.i32Store, Cell.pc);
  body.i32Const(Status.Done);
  body.op(Wasm.return);
  body.end();
  body.i32Const(0);
  isStore();
  body.memory(Wasm.i32Store, Cell.faultIsWrite);
  body.i32Const(0);
  body.localGet(address);
  body.memory(Wasm.i64Store, Cell.faultAddress);
  body.i32Const(0);
  body.i32Const(1);
  logSize();
  body.op(Wasm.i32Shl);
  body.memory(Wasm.i32Store, Cell.faultSize);
  body.i32Const(Status.AccessViolation);
  body.finish();

  /** Pushes the base of the variant's region, or 0. */
  function variantBase(): void {
    i32(variant, Variant.Mixed, Wasm.i32LtU);
    body.if(I64);
    body.i32Const(REGION_OF_VARIANT);
    i32(variant, 2, Wasm.i32Shl);
    body.op(Wasm.i32ShrU);
    body.i32Const(7);
    body.op(Wasm.i32And);
    body.i32Const(REGION_RECORD_BYTES);
    body.op(Wasm.i32Mul);
    body.memory(Wasm.i64Load, regionRecord(0) + RegionRecord.base);
    body.else();
    body.i64Const(0);
    body.end();
  }

  /** On a gapped stack: offset = (q ÷ 2) · gap + offset mod gap, where q, which must be even, is offset ÷ gap. */
  function skipGaps(): void {
    body.localGet(region);
    body.i64Const(stackSlot);
    body.op(Wasm.i64Eq);
    cell(Wasm.i32Load, InterpreterCell.gap);
    body.i32Const(0);
    body.op(Wasm.i32Ne);
    body.op(Wasm.i32And);
    body.if();
    cell(Wasm.i64Load32U, InterpreterCell.gap);
    body.localSet(gap);
    body.localGet(offset);
    body.localGet(gap);
    body.op(Wasm.i64DivU);
    body.localTee(quotient);
    body.op(Wasm.i32WrapI64);
    body.i32Const(1);
    body.op(Wasm.i32And);
    body.brIf(refused);
    body.localGet(offset);
    body.localGet(quotient);
    body.i64Const(1);
    body.op(Wasm.i64ShrU);
    body.localGet(gap);
    body.op(Wasm.i64Mul);
    body.op(Wasm.i64Sub);
    body.localSet(offset);
    body.end();
  }

  /** Pushes the limit for this size. */
  function limit(limits: number): void {
    body.localGet(record);
    logSize();
    body.i32Const(2);
    body.op(Wasm.i32Shl);
    body.op(Wasm.i32Add);
    body.memory(Wasm.i64Load32U, regionRecord(0) + limits);
  }

  function markDirty(): void {
    body.localGet(region);
    body.i64Const(stackSlot);
    body.op(Wasm.i64Eq);
    body.if();
    cell(Wasm.i32Load, InterpreterCell.dirtyPages);
    body.localGet(offset);
    body.op(Wasm.i32WrapI64);
    body.i32Const(PAGE_SHIFT);
    body.op(Wasm.i32ShrU);
    body.op(Wasm.i32Add);
    body.i32Const(1);
    body.memory(Wasm.i32Store8);
    body.end();
    body.localGet(region);
    body.i64Const(heapSlot);
    body.op(Wasm.i64Eq);
    body.if();
    body.i32Const(0);
    body.i32Const(1);
    body.memory(Wasm.i32Store8, Cell.heapDirty);
    body.end();
  }

  function transfer(): void {
    body.localGet(offset);
    body.op(Wasm.i32WrapI64);
    body.localGet(record);
    body.memory(Wasm.i32Load, regionRecord(0) + RegionRecord.linear);
    body.op(Wasm.i32Add);
    body.localSet(place);
    const done = body.block();
    const cases = accessKinds.map(() => body.block()).reverse();
    body.localGet(access);
    body.brTable(cases, cases[0]!);
    for (const { from, op } of accessKinds) {
      body.end();
      if (from === 'memory') {
        body.localGet(ip);
        body.memory(Wasm.i32Load8U, Field.dst);
        body.localGet(place);
        body.memory(op);
        body.memory(Wasm.i64Store, Cell.registers);
      } else {
        body.localGet(place);
        if (from === 'reg') {
          register(Field.src);
        } else {
          body.localGet(ip);
          body.memory(Wasm.i64Load32S, Field.operand);
        }
        body.memory(op);
      }
      body.br(done);
    }
    body.end();
  }

  /** Notes the region, and chooses the handlers: this region's at first, the mixed ones once another region's did not fit. */
  function keepProfile(): void {
    body.localGet(ip);
    body.localGet(ip);
    body.memory(Wasm.i32Load8U, Field.profile);
    body.i32Const(1);
    body.localGet(region);
    body.op(Wasm.i32WrapI64);
    body.op(Wasm.i32Shl);
    body.op(Wasm.i32Or);
    body.memory(Wasm.i32Store8, Field.profile);

    body.localGet(record);
    body.memory(Wasm.i32Load, regionRecord(0) + RegionRecord.variant);
    body.localTee(wanted);
    body.localGet(variant);
    body.op(Wasm.i32Ne);
    i32(wanted, NO_VARIANT, Wasm.i32Ne);
    body.op(Wasm.i32And);
    i32(variant, Variant.Mixed, Wasm.i32Ne);
    body.op(Wasm.i32And);
    body.if();
    i32(variant, NO_VARIANT, Wasm.i32Ne);
    body.if();
    body.i32Const(Variant.Mixed);
    body.localSet(wanted);
    body.end();
    // The offset field, from the old variant's base to the new one's.
    body.localGet(ip);
    body.localGet(ip);
    body.memory(Wasm.i64Load, Field.immediate);
    variantBase();
    body.op(Wasm.i64Add);
    body.localGet(wanted);
    body.localSet(variant);
    variantBase();
    body.op(Wasm.i64Sub);
    body.memory(Wasm.i64Store, Field.immediate);
    body.localGet(ip);
    i32(variant, ACCESSES, Wasm.i32Mul);
    body.localGet(access);
    body.op(Wasm.i32Add);
    body.i32Const(Code.variants);
    body.op(Wasm.i32Add);
    body.memory(Wasm.i32Store8, Field.op);
    body.end();
  }
}
