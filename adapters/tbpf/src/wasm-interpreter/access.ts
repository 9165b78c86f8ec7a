import { type FunctionBody, I32, I64, Op as Wasm } from '@switchyard/wasm-builder';
import {
  InterpreterCell,
  REGION_RECORD_BYTES,
  RegionRecord,
  regionRecord,
} from '../linear/interpreter-cells.ts';
import { Cell, INSTRUCTION_BYTES, Status } from '../linear/layout.ts';
import { heapSlot, stackSlot } from '../memory/address-space.ts';
import { accessKinds, FIRST_STORE } from './access-kinds.ts';
import { ACCESSES, Code, FIRST_ACCESS, Field, Variant } from './instruction.ts';
import { findRegion, isRegion, markHeap, PAGE_SHIFT, pushCell, type RegionPlace } from './region-lookup.ts';

/** The region that a variant's handlers keep to, a hexadecimal digit each; 0 for `Mixed`, whose offsets are relative to nothing. */
const REGION_OF_VARIANT = 0x04_3221;

const NO_VARIANT = -1;

/**
 * Writes `access() -> i32`: does the memory access at Cell.pc by all rules of spec §3.4 and goes on to the next instruction (Done), or
 * writes the fault cells (AccessViolation). It keeps the profile, and gives the instruction the handlers for what it has seen.
 */
export function writeAccess(body: FunctionBody): void {
  new AccessWriter(body).write();
}

class AccessWriter {
  private readonly body: FunctionBody;
  /** i32: linear address of the instruction. */
  private readonly ip: number;
  /** i32: which of the twelve accesses. */
  private readonly access: number;
  /** i32: the variant whose handlers the instruction has, or NO_VARIANT. */
  private readonly variant: number;
  /** i32: the variant of the region found. */
  private readonly wanted: number;
  private readonly address: number;
  /** i32: where the access lies in linear memory. */
  private readonly place: number;

  constructor(body: FunctionBody) {
    this.body = body;
    this.ip = body.addLocal(I32);
    this.access = body.addLocal(I32);
    this.variant = body.addLocal(I32);
    this.wanted = body.addLocal(I32);
    this.address = body.addLocal(I64);
    this.place = body.addLocal(I32);
  }

  write(): void {
    const { body } = this;
    this.readInstruction();
    this.computeAddress();
    const refused = body.block();
    const found = findRegion(body, this.address, () => body.br(refused));
    this.pushIsOutside(found);
    body.brIf(refused);
    this.pushIsStore();
    body.if();
    this.markDirty(found);
    body.end();
    this.transfer(found);
    this.keepProfile(found);
    this.chooseHandlers(found);
    body.i32Const(0);
    pushCell(body, Wasm.i32Load, Cell.pc);
    body.i32Const(1);
    body.op(Wasm.i32Add);
    body.memory(Wasm.i32Store, Cell.pc);
    body.i32Const(Status.Done);
    body.op(Wasm.return);
    body.end();
    this.fault();
    body.finish();
  }

  private readInstruction(): void {
    const { body, ip, access, variant } = this;
    pushCell(body, Wasm.i32Load, InterpreterCell.code);
    pushCell(body, Wasm.i32Load, Cell.pc);
    body.i32Const(INSTRUCTION_BYTES);
    body.op(Wasm.i32Mul);
    body.op(Wasm.i32Add);
    body.localTee(ip);
    body.memory(Wasm.i32Load8U, Field.op);
    body.localSet(access);
    this.with(access, Code.variants, Wasm.i32GeU);
    body.if();
    this.with(access, Code.variants, Wasm.i32Sub);
    body.localTee(access);
    body.i32Const(ACCESSES);
    body.op(Wasm.i32DivU);
    body.localSet(variant);
    this.with(access, ACCESSES, Wasm.i32RemU);
    body.localSet(access);
    body.else();
    body.i32Const(NO_VARIANT);
    body.localSet(variant);
    this.with(access, FIRST_ACCESS, Wasm.i32Sub);
    body.localSet(access);
    body.end();
  }

  /** Base register + offset; with a variant's handlers the offset has its region's base taken off. */
  private computeAddress(): void {
    const { body } = this;
    this.pushIsStore();
    body.if(I64);
    this.pushRegister(Field.dst);
    body.else();
    this.pushRegister(Field.src);
    body.end();
    body.localGet(this.ip);
    body.memory(Wasm.i64Load, Field.immediate);
    body.op(Wasm.i64Add);
    this.pushVariantBase();
    body.op(Wasm.i64Add);
    body.localSet(this.address);
  }

  /** Pushes whether not all of the access is inside of its region, or the region is not for it. */
  private pushIsOutside({ place, record }: RegionPlace): void {
    const { body } = this;
    const limit = (limits: number): void => {
      body.localGet(record);
      this.with(this.access, 3, Wasm.i32And);
      body.i32Const(2);
      body.op(Wasm.i32Shl);
      body.op(Wasm.i32Add);
      body.memory(Wasm.i64Load32U, regionRecord(0) + limits);
    };
    body.localGet(place);
    this.pushIsStore();
    body.if(I64);
    limit(RegionRecord.storeLimits);
    body.else();
    limit(RegionRecord.loadLimits);
    body.end();
    body.op(Wasm.i64GeU);
  }

  private markDirty({ region, place }: RegionPlace): void {
    const { body } = this;
    isRegion(body, region, stackSlot);
    body.if();
    pushCell(body, Wasm.i32Load, InterpreterCell.dirtyPages);
    body.localGet(place);
    body.op(Wasm.i32WrapI64);
    body.i32Const(PAGE_SHIFT);
    body.op(Wasm.i32ShrU);
    body.op(Wasm.i32Add);
    body.i32Const(1);
    body.memory(Wasm.i32Store8);
    body.end();
    isRegion(body, region, heapSlot);
    body.if();
    markHeap(body);
    body.end();
  }

  /** Does the access. */
  private transfer({ place, record }: RegionPlace): void {
    const { body, ip } = this;
    body.localGet(place);
    body.op(Wasm.i32WrapI64);
    body.localGet(record);
    body.memory(Wasm.i32Load, regionRecord(0) + RegionRecord.linear);
    body.op(Wasm.i32Add);
    body.localSet(this.place);
    const done = body.block();
    const cases = accessKinds.map(() => body.block()).reverse();
    body.localGet(this.access);
    body.brTable(cases, cases[0]!);
    for (const { from, op } of accessKinds) {
      body.end();
      if (from === 'memory') {
        body.localGet(ip);
        body.memory(Wasm.i32Load8U, Field.dst);
        body.localGet(this.place);
        body.memory(op);
        body.memory(Wasm.i64Store, Cell.registers);
      } else {
        body.localGet(this.place);
        if (from === 'reg') {
          this.pushRegister(Field.src);
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

  private keepProfile({ region }: RegionPlace): void {
    const { body, ip } = this;
    body.localGet(ip);
    body.localGet(ip);
    body.memory(Wasm.i32Load8U, Field.profile);
    body.i32Const(1);
    body.localGet(region);
    body.op(Wasm.i32WrapI64);
    body.op(Wasm.i32Shl);
    body.op(Wasm.i32Or);
    body.memory(Wasm.i32Store8, Field.profile);
  }

  /** This region's handlers at first, the mixed ones once an access was not for the region whose handlers it had. */
  private chooseHandlers({ record }: RegionPlace): void {
    const { body, ip, variant, wanted } = this;
    body.localGet(record);
    body.memory(Wasm.i32Load, regionRecord(0) + RegionRecord.variant);
    body.localTee(wanted);
    body.localGet(variant);
    body.op(Wasm.i32Ne);
    this.with(wanted, NO_VARIANT, Wasm.i32Ne);
    body.op(Wasm.i32And);
    this.with(variant, Variant.Mixed, Wasm.i32Ne);
    body.op(Wasm.i32And);
    body.if();
    this.with(variant, NO_VARIANT, Wasm.i32Ne);
    body.if();
    body.i32Const(Variant.Mixed);
    body.localSet(wanted);
    body.end();
    // The offset field, from the old variant's base to the new one's.
    body.localGet(ip);
    body.localGet(ip);
    body.memory(Wasm.i64Load, Field.immediate);
    this.pushVariantBase();
    body.op(Wasm.i64Add);
    body.localGet(wanted);
    body.localSet(variant);
    this.pushVariantBase();
    body.op(Wasm.i64Sub);
    body.memory(Wasm.i64Store, Field.immediate);
    body.localGet(ip);
    this.with(variant, ACCESSES, Wasm.i32Mul);
    body.localGet(this.access);
    body.op(Wasm.i32Add);
    body.i32Const(Code.variants);
    body.op(Wasm.i32Add);
    body.memory(Wasm.i32Store8, Field.op);
    body.end();
  }

  /** Writes the fault cells and pushes AccessViolation. */
  private fault(): void {
    const { body } = this;
    body.i32Const(0);
    this.pushIsStore();
    body.memory(Wasm.i32Store, Cell.faultIsWrite);
    body.i32Const(0);
    body.localGet(this.address);
    body.memory(Wasm.i64Store, Cell.faultAddress);
    body.i32Const(0);
    body.i32Const(1);
    this.with(this.access, 3, Wasm.i32And);
    body.op(Wasm.i32Shl);
    body.memory(Wasm.i32Store, Cell.faultSize);
    body.i32Const(Status.AccessViolation);
  }

  private pushIsStore(): void {
    this.with(this.access, FIRST_STORE, Wasm.i32GeU);
  }

  private pushRegister(field: number): void {
    this.body.localGet(this.ip);
    this.body.memory(Wasm.i32Load8U, field);
    this.body.memory(Wasm.i64Load, Cell.registers);
  }

  /** Pushes the base of the variant's region, or 0. */
  private pushVariantBase(): void {
    const { body, variant } = this;
    this.with(variant, Variant.Mixed, Wasm.i32LtU);
    body.if(I64);
    body.i32Const(REGION_OF_VARIANT);
    this.with(variant, 2, Wasm.i32Shl);
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

  /** Pushes local op value, all i32. */
  private with(local: number, value: number, op: number): void {
    this.body.localGet(local);
    this.body.i32Const(value);
    this.body.op(op);
  }
}
