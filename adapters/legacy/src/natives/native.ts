import type { Machine } from '../interpreter/machine.ts';
import { expectedType, valueTrap } from '../interpreter/trap.ts';
import { type Box, elementsOf, resolve, textOf } from '../values/box.ts';
import { debugPrimitive } from '../values/display.ts';
import { isPrimitive, Kind } from '../values/kind.ts';

/**
 * Body of a native. `self` is the receiver's box, which it may change (a meaningless slot without receiver); `args` is the index of the
 * first argument on the stack. @returns true when `machine.result` holds a value to push. @throws Trap.
 */
export type NativeBody = (machine: Machine, self: Box, args: number) => boolean;

/** One row of the natives table (spec §7). Its index is the operand of `SysCall`. */
export interface Native {
  /** With the type it is on: `array.push`, `u8.checked_add`, `println`. */
  readonly name: string;
  readonly hasReceiver: boolean;
  /** Parameters without the receiver. */
  readonly parameters: number;
  /** Fixed gas, charged after the pops. */
  readonly cost: number;
  readonly run: NativeBody;
}

/** Natives by id. */
export type NativeTable = readonly Native[];

/** A native on a value. */
export function method(name: string, parameters: number, cost: number, run: NativeBody): Native {
  return { name, hasReceiver: true, parameters, cost, run };
}

/** A native without receiver. */
export function free(name: string, parameters: number, cost: number, run: NativeBody): Native {
  return { name, hasReceiver: false, parameters, cost, run };
}

/** The value of the argument at a stack index. */
export function argument(machine: Machine, index: number): Box {
  return resolve(machine.stack[index]!);
}

/** An Object's elements. @throws Trap ExpectedValueOfType(Array(Any)). */
export function requireArray(box: Box): Box[] {
  if (box.kind !== Kind.Object) throw expectedType('Array(Any)');
  return elementsOf(box);
}

/** A string, whose length is paid as work: natives read it for a fixed price. @throws Trap ExpectedValueOfType(String). */
export function requireText(machine: Machine, box: Box): string {
  if (box.kind !== Kind.String) throw expectedType('String');
  machine.spend(box.lo);
  return textOf(box);
}

/** A u32 by the strict cast that most natives use. @throws Trap ExpectedValueOfType(U32). */
export function requireU32(box: Box): number {
  if (box.kind !== Kind.U32) throw expectedType('U32');
  return box.lo >>> 0;
}

/** A u8. @throws Trap: not a primitive ExpectedValueOfType(Any), another primitive InvalidValue(v, U8). */
export function requireU8(box: Box): number {
  if (!isPrimitive(box.kind)) throw expectedType('Any');
  if (box.kind !== Kind.U8) throw valueTrap('InvalidValue', `(${debugPrimitive(box)}, U8)`);
  return box.lo;
}

/** Two ends of a range. @throws Trap: not a primitive ExpectedValueOfType(Any), another primitive InvalidValue(v, Range(Any)). */
export function requireRange(box: Box): { readonly start: Box; readonly end: Box } {
  if (!isPrimitive(box.kind)) throw expectedType('Any');
  if (box.kind !== Kind.Range) throw valueTrap('InvalidValue', `(${debugPrimitive(box)}, Range(Any))`);
  return box.ref as { start: Box; end: Box };
}
