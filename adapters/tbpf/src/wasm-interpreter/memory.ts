import { Op as Wasm } from '@switchyard/wasm-builder';
import {
  COMMON_GAP,
  InterpreterCell,
  REGION_RECORD_BYTES,
  RegionRecord,
  regionRecord,
} from '../linear/interpreter-cells.ts';
import { heapSlot, inputSlot, programSlot, stackSlot } from '../memory/address-space.ts';
import { type AccessKind, accessKinds } from './access-kinds.ts';
import { ACCESSES, FIRST_ACCESS, Field, Variant, variantCode } from './instruction.ts';
import { markHeap, PAGE_SHIFT } from './region-lookup.ts';
import { type Handler, type HandlerTable, type HandlerWriter, Leave } from './writer.ts';

/*
 * Memory accesses (spec §2.6, §3.4). An instruction starts with the code that `Op` gives it, which always leaves to `access`; that does
 * the access by all rules, and gives the instruction the handler for the region it went to. Such a handler knows base, bounds and place
 * of its region, so it needs one comparison; what it cannot do, it leaves to `access` again, which then makes it a `Mixed` one.
 */

/** wideA = address less what the immediate field has been made relative to. */
function effectiveAddress(w: HandlerWriter, { from }: AccessKind): void {
  const { body, local } = w;
  if (from === 'memory') w.src64();
  else w.dst64();
  w.immediate64();
  body.op(Wasm.i64Add);
  body.localSet(local.wideA);
}

/** Does the access at the linear address that `place` pushes. */
function transfer(w: HandlerWriter, { from, op }: AccessKind, place: () => void): void {
  if (from === 'memory') {
    w.setDst(() => {
      place();
      w.body.memory(op);
    });
    return;
  }
  place();
  if (from === 'reg') w.src64();
  else w.field(Wasm.i64Load32S, Field.operand);
  w.body.memory(op);
}

/** Pushes the limit of this access in a region's record, whose own offset is already on the stack or is 0. */
function limit(w: HandlerWriter, { from, logSize }: AccessKind, record: number): void {
  const limits = from === 'memory' ? RegionRecord.loadLimits : RegionRecord.storeLimits;
  w.body.memory(Wasm.i64Load32U, record + limits + logSize * 4);
}

/** A store to the stack marks the page of its first byte; cleaning knows that it may run on into the next (see `Slot.clean`). */
function markPage(w: HandlerWriter, offset: () => void): void {
  const { body } = w;
  w.cell(Wasm.i32Load, InterpreterCell.dirtyPages);
  offset();
  body.i32Const(PAGE_SHIFT);
  body.op(Wasm.i32ShrU);
  body.op(Wasm.i32Add);
  body.i32Const(1);
  body.memory(Wasm.i32Store8);
}

/** An access that keeps to one region without gaps. */
function inRegion(region: number, kind: AccessKind): Handler {
  const record = regionRecord(region);
  return (w) => {
    const { body, local } = w;
    effectiveAddress(w, kind);
    body.localGet(local.wideA);
    body.i32Const(0);
    limit(w, kind, record);
    body.op(Wasm.i64GeU);
    w.leaveIf(Leave.access);
    const offset = (): void => {
      body.localGet(local.wideA);
      body.op(Wasm.i32WrapI64);
    };
    if (kind.from !== 'memory' && region === stackSlot) markPage(w, offset);
    if (kind.from !== 'memory' && region === heapSlot) markHeap(w.body);
    transfer(w, kind, () => {
      offset();
      w.cell(Wasm.i32Load, record + RegionRecord.linear);
      body.op(Wasm.i32Add);
    });
  };
}

/** wordA = offset in the stack's bytes of the offset wideA in its addresses, with gaps of `COMMON_GAP`. */
function withoutGaps(w: HandlerWriter): void {
  const { body, local } = w;
  body.localGet(local.wideA);
  body.i32Const(0);
  body.memory(Wasm.i64Load32U, InterpreterCell.gappedLimit);
  body.op(Wasm.i64GeU);
  w.leaveIf(Leave.access);
  body.localGet(local.wideA);
  body.op(Wasm.i32WrapI64);
  body.localTee(local.wordA);
  body.i32Const(COMMON_GAP);
  body.op(Wasm.i32And);
  w.leaveIf(Leave.access);
  // 2·k·GAP + r → k·GAP + r
  body.localGet(local.wordA);
  body.i32Const(COMMON_GAP - 1);
  body.op(Wasm.i32And);
  body.localGet(local.wordA);
  body.i32Const(1);
  body.op(Wasm.i32ShrU);
  body.i32Const(-COMMON_GAP);
  body.op(Wasm.i32And);
  body.op(Wasm.i32Or);
  body.localSet(local.wordA);
}

/** An access that keeps to the gapped stack. */
function inGappedStack(kind: AccessKind): Handler {
  return (w) => {
    const { body, local } = w;
    effectiveAddress(w, kind);
    withoutGaps(w);
    const offset = (): void => body.localGet(local.wordA);
    if (kind.from !== 'memory') markPage(w, offset);
    transfer(w, kind, () => {
      offset();
      w.cell(Wasm.i32Load, regionRecord(stackSlot) + RegionRecord.linear);
      body.op(Wasm.i32Add);
    });
  };
}

/** An access that has gone to several regions: finds the region's record each time. */
function mixed(kind: AccessKind): Handler {
  return (w) => {
    const { body, local } = w;
    const isRegion = (region: number): void => {
      body.localGet(local.wideB);
      body.i64Const(region);
      body.op(Wasm.i64Eq);
    };
    effectiveAddress(w, kind);
    // wideB = region, wordB = offset of its record, wideA = offset in its addresses.
    body.localGet(local.wideA);
    body.i64Const(32);
    body.op(Wasm.i64ShrU);
    body.localTee(local.wideB);
    body.i64Const(inputSlot);
    body.op(Wasm.i64GtU);
    w.leaveIf(Leave.access);
    body.localGet(local.wideB);
    body.op(Wasm.i32WrapI64);
    body.i32Const(REGION_RECORD_BYTES);
    body.op(Wasm.i32Mul);
    body.localSet(local.wordB);
    body.localGet(local.wideA);
    body.localGet(local.wordB);
    body.memory(Wasm.i64Load, regionRecord(0) + RegionRecord.base);
    body.op(Wasm.i64Sub);
    body.localSet(local.wideA);

    isRegion(stackSlot);
    w.cell(Wasm.i32Load, InterpreterCell.gap);
    body.i32Const(0);
    body.op(Wasm.i32Ne);
    body.op(Wasm.i32And);
    body.if();
    withoutGaps(w);
    body.else();
    body.localGet(local.wideA);
    body.localGet(local.wordB);
    limit(w, kind, regionRecord(0));
    body.op(Wasm.i64GeU);
    w.leaveIf(Leave.access);
    body.localGet(local.wideA);
    body.op(Wasm.i32WrapI64);
    body.localSet(local.wordA);
    body.end();

    body.localGet(local.ip);
    w.field(Wasm.i32Load8U, Field.profile);
    body.i32Const(1);
    body.localGet(local.wideB);
    body.op(Wasm.i32WrapI64);
    body.op(Wasm.i32Shl);
    body.op(Wasm.i32Or);
    body.memory(Wasm.i32Store8, Field.profile);

    if (kind.from !== 'memory') {
      isRegion(stackSlot);
      body.if();
      markPage(w, () => body.localGet(local.wordA));
      body.end();
      isRegion(heapSlot);
      body.if();
      markHeap(w.body);
      body.end();
    }
    transfer(w, kind, () => {
      body.localGet(local.wordA);
      body.localGet(local.wordB);
      body.memory(Wasm.i32Load, regionRecord(0) + RegionRecord.linear);
      body.op(Wasm.i32Add);
    });
  };
}

/** The handlers of the variants. Nobody writes to the program, so its stores are never reached. */
const variants: readonly (readonly [Variant, (kind: AccessKind) => Handler])[] = [
  [Variant.Program, (kind) => inRegion(programSlot, kind)],
  [Variant.Stack, (kind) => inRegion(stackSlot, kind)],
  [Variant.GappedStack, inGappedStack],
  [Variant.Heap, (kind) => inRegion(heapSlot, kind)],
  [Variant.Input, (kind) => inRegion(inputSlot, kind)],
  [Variant.Mixed, mixed],
];

const first: Handler = (w) => w.leave(Leave.access);

/** Loads and stores. */
export const memoryHandlers: HandlerTable = [
  ...Array.from({ length: ACCESSES }, (_, access): HandlerTable[number] => [FIRST_ACCESS + access, first]),
  ...variants.flatMap(([variant, handler]) =>
    accessKinds.map((kind, access): HandlerTable[number] => [
      variantCode(variant, access),
      variant === Variant.Program && kind.from !== 'memory' ? first : handler(kind),
    ]),
  ),
];
