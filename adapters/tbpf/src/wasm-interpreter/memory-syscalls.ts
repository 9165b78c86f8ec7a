import {
  type FunctionBody,
  I32,
  I64,
  type ModuleBuilder,
  type ValueType,
  Op as Wasm,
} from '@switchyard/wasm-builder';
import { InterpreterCell } from '../linear/interpreter-cells.ts';
import { Cell } from '../linear/layout.ts';
import { leastMemoryPrice, memoryBytesPerUnit } from '../syscalls/tos-memory.ts';
import { NOT_MAPPED, writeLocate, writeMark } from './memory-ranges.ts';
import { type MemorySyscall, memorySyscalls } from './memory-syscall-names.ts';
import { pushCell } from './region-lookup.ts';

/** What the functions answer. */
const HANDLED = 0;
const NOT_HANDLED = 1;

/** Longer ranges are the host's: here all sums stay in 32 bits. */
const MOST_BYTES = 0x1000_0000;

/** Indices of the functions by name. */
export type MemoryFunctions = Readonly<Record<MemorySyscall, number>>;

/**
 * Adds the memory syscalls as functions of their arguments, three or four i64, to the module. They answer 0 when all is done, gas and r0
 * included; else nothing has changed and the host has to run the syscall, which also finds the exact error.
 */
export function writeMemorySyscalls(module: ModuleBuilder): MemoryFunctions {
  const locate = module.addFunction(module.addType([I64, I64, I32], [I32]));
  const mark = module.addFunction(module.addType([I64, I64], []));
  const entries = memorySyscalls.map((name): [MemorySyscall, number] => {
    const parameters = new Array<ValueType>(name === 'memcmp' ? 4 : 3).fill(I64);
    const index = module.addFunction(module.addType(parameters, [I32]));
    module.exportFunction(name, index);
    module.nameFunction(index, name);
    return [name, index];
  });
  writeLocate(module.body(locate));
  writeMark(module.body(mark));
  const shared = { locate, mark };
  for (const [name, index] of entries) WRITERS[name](module.body(index), shared);
  return Object.fromEntries(entries) as Record<MemorySyscall, number>;
}

interface Shared {
  readonly locate: number;
  readonly mark: number;
}

const WRITERS: Readonly<Record<MemorySyscall, (body: FunctionBody, shared: Shared) => void>> = {
  memcpy(body, shared) {
    const price = begin(body);
    // The distance of the addresses; memcpy refuses ranges that overlap.
    body.localGet(FIRST);
    body.localGet(SECOND);
    body.op(Wasm.i64Sub);
    body.localGet(SECOND);
    body.localGet(FIRST);
    body.op(Wasm.i64Sub);
    body.localGet(FIRST);
    body.localGet(SECOND);
    body.op(Wasm.i64GtU);
    body.op(Wasm.select);
    body.localGet(LENGTH);
    body.op(Wasm.i64LtU);
    refuseIf(body);
    copy(body, shared, price);
  },
  memmove(body, shared) {
    copy(body, shared, begin(body));
  },
  memset(body, shared) {
    const price = begin(body);
    const to = range(body, shared, FIRST, true);
    mark(body, shared, FIRST, LENGTH);
    body.localGet(to);
    body.localGet(SECOND);
    body.op(Wasm.i32WrapI64);
    body.localGet(LENGTH);
    body.op(Wasm.i32WrapI64);
    body.memoryFill();
    succeed(body, price);
  },
  memcmp(body, shared) {
    const price = begin(body);
    const a = range(body, shared, FIRST, false);
    const b = range(body, shared, SECOND, false);
    const out = body.addLocal(I32);
    body.localGet(OUT);
    body.i64Const(OUT_BYTES);
    body.i32Const(1);
    body.call(shared.locate);
    body.localTee(out);
    body.i32Const(NOT_MAPPED);
    body.op(Wasm.i32Eq);
    refuseIf(body);
    body.localGet(OUT);
    body.i64Const(OUT_BYTES);
    body.call(shared.mark);
    body.localGet(out);
    firstDifference(body, a, b);
    body.memory(Wasm.i32Store);
    succeed(body, price);
  },
};

/** The parameters: dst, src or byte, length; of memcmp a, b, length, out. */
const FIRST = 0;
const SECOND = 1;
const LENGTH = 2;
const OUT = 3;

/** memcmp writes an i32. */
const OUT_BYTES = 4;

/** Refuses what the host must do: somebody listens, a long range, too little in this slice of the meter. @returns local of the price. */
function begin(body: FunctionBody): number {
  const price = body.addLocal(I64);
  pushCell(body, Wasm.i32Load, Cell.hostSyscallsOnly);
  refuseIf(body);
  body.localGet(LENGTH);
  body.i64Const(MOST_BYTES);
  body.op(Wasm.i64GtU);
  refuseIf(body);
  body.localGet(LENGTH);
  body.i64Const(memoryBytesPerUnit);
  body.op(Wasm.i64DivU);
  body.localTee(price);
  body.i64Const(leastMemoryPrice);
  body.op(Wasm.i64LtU);
  body.if();
  body.i64Const(leastMemoryPrice);
  body.localSet(price);
  body.end();
  pushCell(body, Wasm.i64Load, Cell.meter);
  body.localGet(price);
  body.op(Wasm.i64LtU);
  refuseIf(body);
  return price;
}

function refuseIf(body: FunctionBody): void {
  body.if();
  body.i32Const(NOT_HANDLED);
  body.op(Wasm.return);
  body.end();
}

/** Takes the price and answers 0 in r0. */
function succeed(body: FunctionBody, price: number): void {
  for (const [at, op] of [
    [Cell.meter, Wasm.i64Sub],
    [InterpreterCell.syscallUnits, Wasm.i64Add],
  ] as const) {
    body.i32Const(0);
    pushCell(body, Wasm.i64Load, at);
    body.localGet(price);
    body.op(op);
    body.memory(Wasm.i64Store, at);
  }
  body.i32Const(0);
  body.i64Const(0);
  body.memory(Wasm.i64Store, Cell.registers);
  body.i32Const(HANDLED);
  body.finish();
}

/** @returns local with the linear address of LENGTH bytes at a parameter; nothing is not looked at. */
function range(body: FunctionBody, { locate }: Shared, parameter: number, write: boolean): number {
  const place = body.addLocal(I32);
  body.localGet(LENGTH);
  body.op(Wasm.i64Eqz);
  body.op(Wasm.i32Eqz);
  body.if();
  body.localGet(parameter);
  body.localGet(LENGTH);
  body.i32Const(write ? 1 : 0);
  body.call(locate);
  body.localTee(place);
  body.i32Const(NOT_MAPPED);
  body.op(Wasm.i32Eq);
  refuseIf(body);
  body.end();
  return place;
}

/** Marks what is about to be written. */
function mark(body: FunctionBody, shared: Shared, parameter: number, length: number): void {
  body.localGet(length);
  body.op(Wasm.i64Eqz);
  body.op(Wasm.i32Eqz);
  body.if();
  body.localGet(parameter);
  body.localGet(length);
  body.call(shared.mark);
  body.end();
}

function copy(body: FunctionBody, shared: Shared, price: number): void {
  const from = range(body, shared, SECOND, false);
  const to = range(body, shared, FIRST, true);
  mark(body, shared, FIRST, LENGTH);
  body.localGet(to);
  body.localGet(from);
  body.localGet(LENGTH);
  body.op(Wasm.i32WrapI64);
  body.memoryCopy();
  succeed(body, price);
}

/** Pushes the difference of the first bytes that differ, or 0. Eight bytes at a time: 250 of them cost one unit. */
function firstDifference(body: FunctionBody, a: number, b: number): void {
  const left = body.addLocal(I32);
  const advance = (bytes: number): void => {
    for (const place of [a, b]) {
      body.localGet(place);
      body.i32Const(bytes);
      body.op(Wasm.i32Add);
      body.localSet(place);
    }
    body.localGet(left);
    body.i32Const(bytes);
    body.op(Wasm.i32Sub);
    body.localSet(left);
  };
  body.localGet(LENGTH);
  body.op(Wasm.i32WrapI64);
  body.localSet(left);
  const found = body.block(I32);
  const differs = body.block();
  const words = body.loop();
  body.localGet(left);
  body.i32Const(8);
  body.op(Wasm.i32LtU);
  body.brIf(differs);
  body.localGet(a);
  body.memory(Wasm.i64Load, 0, 0);
  body.localGet(b);
  body.memory(Wasm.i64Load, 0, 0);
  body.op(Wasm.i64Ne);
  body.brIf(differs);
  advance(8);
  body.br(words);
  body.end();
  body.end();
  const bytes = body.loop();
  body.i32Const(0);
  body.localGet(left);
  body.op(Wasm.i32Eqz);
  body.brIf(found);
  body.op(Wasm.drop);
  body.localGet(a);
  body.memory(Wasm.i32Load8U);
  body.localGet(b);
  body.memory(Wasm.i32Load8U);
  body.op(Wasm.i32Sub);
  const difference = body.addLocal(I32);
  body.localTee(difference);
  body.localGet(difference);
  body.brIf(found);
  body.op(Wasm.drop);
  advance(1);
  body.br(bytes);
  body.end();
  body.op(Wasm.unreachable);
  body.end();
}
