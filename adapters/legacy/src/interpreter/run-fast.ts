import { LegacyOp } from '../isa/legacy-op.ts';
import { callNative } from '../natives/call-native.ts';
import type { Box } from '../values/box.ts';
import { Kind } from '../values/kind.ts';
import { enterChunk, leaveFrame } from './frames.ts';
import type { Machine } from './machine.ts';
import { MAX_FRAMES, MAX_STRING_BYTES, STACK_SLOTS } from './machine-limits.ts';
import { COSTS, step } from './step.ts';

const HALF = 0x1_0000_0000;
/** Own sizes of primitives by kind; strings and ranges have more and are not taken here. */
const SIZES: Uint8Array = Uint8Array.of(1, 1, 2, 4, 8, 16, 32, 1);

/**
 * Runs until the last frame ends. Counters live in local variables; an instruction that can be done with u32 and u64 halves, with bools
 * or with short strings is done in place; every other one, and every one that cannot be paid or would trap, is left to `step`, which
 * then does all of it. So no rule of the specification is written twice but these fast cases. @throws Trap.
 */
export function fastLoop(machine: Machine): void {
  const { program, stack, registers, gas, natives } = machine;
  const { ops, first, second, constants, constantSizes, isEntry } = program;
  const chunkCount = isEntry.length;
  const isPlain = machine.config.memoryPrice === 1n;
  const { tailCalls } = machine.config;
  let pc = machine.pc;
  let sp = machine.sp;
  let base = machine.base;
  let top = machine.top;
  let count = gas.count;
  let bound = gas.bound;
  let memory = machine.memory;
  let steps = machine.steps;

  for (;;) {
    const op = ops[pc]! as LegacyOp;
    const charged = count + COSTS[op]!;
    if (charged <= bound) {
      switch (op) {
        case LegacyOp.Constant: {
          const id = first[pc]!;
          const constant = constants[id];
          if (constant === undefined || constant.kind > Kind.Opaque || sp >= STACK_SLOTS || !isPlain) break;
          const size = constantSizes[id]!;
          if (charged + size > bound) break;
          count = charged + size;
          memory += size;
          const slot = stack[sp++]!;
          slot.kind = constant.kind;
          slot.lo = constant.lo;
          slot.hi = constant.hi;
          slot.ref = constant.ref;
          steps++;
          pc += 3;
          continue;
        }
        case LegacyOp.MemoryLoad: {
          const index = first[pc]!;
          if (index < 0 || index >= top - base || sp >= STACK_SLOTS) break;
          const register = registers[base + index]!;
          const slot = stack[sp]!;
          if (register.kind === Kind.Pointer) {
            slot.lo = register.lo;
            slot.origin = register.origin;
            slot.ref = register.ref;
          } else {
            slot.lo = 0;
            slot.origin = undefined;
            slot.ref = register;
          }
          slot.kind = Kind.Pointer;
          if (sp < machine.low) machine.low = sp;
          sp++;
          count = charged;
          steps++;
          pc += 3;
          continue;
        }
        case LegacyOp.MemorySet: {
          const index = first[pc]!;
          // Growth of the register vector is watched (spec §13, U2); replacing has rules of its own.
          if (index !== top - base || sp === 0 || top === registers.length) break;
          if (index > 3 && (index & (index - 1)) === 0) break;
          const slot = stack[--sp]!;
          const register = registers[top++]!;
          machine.top = top;
          register.kind = slot.kind;
          register.lo = slot.lo;
          register.hi = slot.hi;
          register.ref = slot.ref;
          register.origin = slot.origin;
          count = charged;
          steps++;
          pc += 3;
          continue;
        }
        case LegacyOp.Pop:
          if (sp === 0) break;
          sp--;
          count = charged;
          steps++;
          pc++;
          continue;
        case LegacyOp.Copy: {
          if (sp === 0 || sp >= STACK_SLOTS || !isPlain) break;
          const source = stack[sp - 1]!;
          const value = source.kind === Kind.Pointer ? (source.ref as Box) : source;
          if (value.kind > Kind.Boolean || charged + SIZES[value.kind]! > bound) break;
          count = charged + SIZES[value.kind]!;
          memory += SIZES[value.kind]!;
          const slot = stack[sp++]!;
          slot.kind = value.kind;
          slot.lo = value.lo;
          slot.hi = value.hi;
          slot.ref = value.ref;
          steps++;
          pc++;
          continue;
        }
        case LegacyOp.Jump: {
          const target = first[pc]!;
          if (target < 0) break;
          count = charged;
          steps++;
          pc = target;
          continue;
        }
        case LegacyOp.JumpIfFalse: {
          const target = first[pc]!;
          if (target < 0 || sp === 0) break;
          const slot = stack[sp - 1]!;
          const value = slot.kind === Kind.Pointer ? (slot.ref as Box) : slot;
          if (value.kind !== Kind.Boolean) break;
          sp--;
          count = charged;
          steps++;
          pc = value.lo === 1 ? pc + 5 : target;
          continue;
        }
        case LegacyOp.Return:
        case LegacyOp.End:
          machine.sp = sp;
          machine.steps = steps + 1;
          gas.count = charged;
          machine.memory = memory;
          leaveFrame(machine);
          if (machine.frames === 0) return;
          steps++;
          count = gas.count;
          bound = gas.bound;
          pc = machine.pc;
          base = machine.base;
          top = machine.top;
          continue;
        case LegacyOp.InvokeChunk: {
          const id = first[pc]!;
          const passed = second[pc]!;
          if (passed < 0 || passed > 1 || passed > sp || id < 0 || id >= chunkCount) break;
          if (isEntry[id] === 1 || tailCalls || machine.frames + 1 >= MAX_FRAMES) break;
          machine.sp = sp;
          machine.pc = pc + 4;
          enterChunk(machine, id);
          count = charged;
          steps++;
          pc = machine.pc;
          base = machine.base;
          continue;
        }
        case LegacyOp.SysCall: {
          const id = first[pc]!;
          if (id < 0 || id >= natives.length) break;
          machine.pc = pc + 3;
          machine.sp = sp;
          gas.count = charged;
          machine.memory = memory;
          machine.steps = ++steps;
          callNative(machine, id);
          pc += 3;
          sp = machine.sp;
          count = gas.count;
          bound = gas.bound;
          memory = machine.memory;
          continue;
        }
        case LegacyOp.ArrayCall: {
          if (sp < 2 || !isPlain) break;
          const indexSlot = stack[sp - 1]!;
          const index = indexSlot.kind === Kind.Pointer ? (indexSlot.ref as Box) : indexSlot;
          const slot = stack[sp - 2]!;
          const array = slot.kind === Kind.Pointer ? (slot.ref as Box) : slot;
          if (index.kind !== Kind.U32 || array.kind !== Kind.Object) break;
          const element = (array.ref as Box[])[index.lo >>> 0];
          if (element === undefined || element.kind > Kind.Boolean) break;
          const size = SIZES[element.kind]!;
          if (charged + size > bound) break;
          count = charged + size;
          memory += size;
          if (slot.kind === Kind.Pointer) {
            if (slot.origin === undefined) slot.origin = array;
            slot.ref = element;
            slot.lo++;
          } else {
            slot.kind = element.kind;
            slot.lo = element.lo;
            slot.hi = element.hi;
            slot.ref = element.ref;
          }
          sp--;
          steps++;
          pc++;
          continue;
        }
        case LegacyOp.Cast: {
          const type = first[pc]!;
          if (sp === 0 || (type !== 2 && type !== 3)) break;
          const slot = stack[sp - 1]!;
          const value = slot.kind === Kind.Pointer ? (slot.ref as Box) : slot;
          const { kind } = value;
          if (kind === Kind.Null || (kind > Kind.U64 && kind !== Kind.Boolean)) break;
          slot.lo = value.lo;
          slot.hi = type === 3 ? value.hi : 0;
          slot.kind = type === 3 ? Kind.U64 : Kind.U32;
          count = charged;
          steps++;
          pc += 2;
          continue;
        }
        case LegacyOp.Neg: {
          if (sp === 0) break;
          const slot = stack[sp - 1]!;
          const value = slot.kind === Kind.Pointer ? (slot.ref as Box) : slot;
          if (value.kind !== Kind.Boolean) break;
          slot.lo = value.lo ^ 1;
          slot.hi = 0;
          slot.kind = Kind.Boolean;
          count = charged;
          steps++;
          pc++;
          continue;
        }
        case LegacyOp.Inc: {
          if (sp === 0) break;
          const slot = stack[sp - 1]!;
          const value = slot.kind === Kind.Pointer ? (slot.ref as Box) : slot;
          if (value.kind !== Kind.U64 && value.kind !== Kind.U32) break;
          value.lo = (value.lo + 1) | 0;
          if (value.lo === 0 && value.kind === Kind.U64) value.hi = (value.hi + 1) | 0;
          count = charged;
          steps++;
          pc++;
          continue;
        }
        case LegacyOp.Assign: {
          if (sp < 2) break;
          const slot = stack[sp - 1]!;
          const value = slot.kind === Kind.Pointer ? (slot.ref as Box) : slot;
          const targetSlot = stack[sp - 2]!;
          if (value.kind > Kind.Opaque || targetSlot.kind !== Kind.Pointer) break;
          const target = targetSlot.ref as Box;
          // Content with boxes of its own is watched (spec §13, U4).
          if (target.kind > Kind.Opaque) break;
          target.kind = value.kind;
          target.lo = value.lo;
          target.hi = value.hi;
          target.ref = value.ref;
          sp -= 2;
          count = charged;
          steps++;
          pc++;
          continue;
        }
        case LegacyOp.Add:
        case LegacyOp.AssignAdd: {
          if (sp < 2) break;
          const rightSlot = stack[sp - 1]!;
          const leftSlot = stack[sp - 2]!;
          const b = rightSlot.kind === Kind.Pointer ? (rightSlot.ref as Box) : rightSlot;
          const a = leftSlot.kind === Kind.Pointer ? (leftSlot.ref as Box) : leftSlot;
          const out = op === LegacyOp.Add ? leftSlot : a;
          if (a.kind === Kind.U64 && b.kind === Kind.U64) {
            const lo = (a.lo + b.lo) | 0;
            const carry = ((a.lo & b.lo) | ((a.lo | b.lo) & ~lo)) >>> 31;
            out.hi = (a.hi + b.hi + carry) | 0;
            out.lo = lo;
            out.kind = Kind.U64;
          } else if (a.kind === Kind.U32 && b.kind === Kind.U32) {
            out.lo = (a.lo + b.lo) | 0;
            out.hi = 0;
            out.kind = Kind.U32;
          } else if (a.kind === Kind.String) {
            let text: string;
            let length: number;
            if (b.kind === Kind.String) {
              text = b.ref as string;
              length = b.lo;
            } else if (b.kind === Kind.U64 && b.hi >>> 21 === 0) {
              text = String((b.hi >>> 0) * HALF + (b.lo >>> 0));
              length = text.length;
            } else {
              break;
            }
            length += a.lo;
            if (length > MAX_STRING_BYTES || !machine.trySpend(length)) break;
            out.ref = (a.ref as string) + text;
            out.lo = length;
            out.kind = Kind.String;
          } else {
            break;
          }
          sp -= op === LegacyOp.Add ? 1 : 2;
          count = charged;
          steps++;
          pc++;
          continue;
        }
        case LegacyOp.Sub:
        case LegacyOp.AssignSub: {
          if (sp < 2) break;
          const rightSlot = stack[sp - 1]!;
          const leftSlot = stack[sp - 2]!;
          const b = rightSlot.kind === Kind.Pointer ? (rightSlot.ref as Box) : rightSlot;
          const a = leftSlot.kind === Kind.Pointer ? (leftSlot.ref as Box) : leftSlot;
          const { kind } = a;
          if (kind !== b.kind || (kind !== Kind.U64 && kind !== Kind.U32)) break;
          const out = op === LegacyOp.Sub ? leftSlot : a;
          const lo = (a.lo - b.lo) | 0;
          if (kind === Kind.U64) {
            const borrow = ((~a.lo & b.lo) | ((~a.lo | b.lo) & lo)) >>> 31;
            out.hi = (a.hi - b.hi - borrow) | 0;
          } else {
            out.hi = 0;
          }
          out.lo = lo;
          out.kind = kind;
          sp -= op === LegacyOp.Sub ? 1 : 2;
          count = charged;
          steps++;
          pc++;
          continue;
        }
        case LegacyOp.Mul:
        case LegacyOp.AssignMul: {
          if (sp < 2) break;
          const rightSlot = stack[sp - 1]!;
          const leftSlot = stack[sp - 2]!;
          const b = rightSlot.kind === Kind.Pointer ? (rightSlot.ref as Box) : rightSlot;
          const a = leftSlot.kind === Kind.Pointer ? (leftSlot.ref as Box) : leftSlot;
          const { kind } = a;
          if (kind !== b.kind || (kind !== Kind.U64 && kind !== Kind.U32)) break;
          const out = op === LegacyOp.Mul ? leftSlot : a;
          const lo = Math.imul(a.lo, b.lo);
          if (kind === Kind.U64) {
            // The upper half of the product of the low halves, by 16-bit parts.
            const a0 = a.lo & 0xffff;
            const a1 = a.lo >>> 16;
            const b0 = b.lo & 0xffff;
            const b1 = b.lo >>> 16;
            const middle = a1 * b0 + ((a0 * b0) >>> 16);
            const cross = a0 * b1 + (middle & 0xffff);
            const carried = a1 * b1 + (middle >>> 16) + (cross >>> 16);
            out.hi = (carried + Math.imul(a.hi, b.lo) + Math.imul(a.lo, b.hi)) | 0;
          } else {
            out.hi = 0;
          }
          out.lo = lo;
          out.kind = kind;
          sp -= op === LegacyOp.Mul ? 1 : 2;
          count = charged;
          steps++;
          pc++;
          continue;
        }
        case LegacyOp.Div:
        case LegacyOp.Mod: {
          if (sp < 2) break;
          const rightSlot = stack[sp - 1]!;
          const leftSlot = stack[sp - 2]!;
          const b = rightSlot.kind === Kind.Pointer ? (rightSlot.ref as Box) : rightSlot;
          const a = leftSlot.kind === Kind.Pointer ? (leftSlot.ref as Box) : leftSlot;
          const { kind } = a;
          // Halves that are not used are 0, so u32 goes the same way. Above 2^53 doubles are not exact.
          if (kind !== b.kind || (kind !== Kind.U64 && kind !== Kind.U32)) break;
          if (a.hi >>> 21 !== 0 || b.hi >>> 21 !== 0 || (b.lo | b.hi) === 0) break;
          const left = (a.hi >>> 0) * HALF + (a.lo >>> 0);
          const right = (b.hi >>> 0) * HALF + (b.lo >>> 0);
          const result = op === LegacyOp.Div ? Math.floor(left / right) : left % right;
          leftSlot.lo = result | 0;
          leftSlot.hi = (result / HALF) | 0;
          leftSlot.kind = kind;
          sp--;
          count = charged;
          steps++;
          pc++;
          continue;
        }
        case LegacyOp.BitwiseAnd:
        case LegacyOp.BitwiseOr:
        case LegacyOp.BitwiseXor: {
          if (sp < 2) break;
          const rightSlot = stack[sp - 1]!;
          const leftSlot = stack[sp - 2]!;
          const b = rightSlot.kind === Kind.Pointer ? (rightSlot.ref as Box) : rightSlot;
          const a = leftSlot.kind === Kind.Pointer ? (leftSlot.ref as Box) : leftSlot;
          const { kind } = a;
          if (kind !== b.kind || kind === Kind.Null || (kind > Kind.U64 && kind !== Kind.Boolean)) break;
          if (op === LegacyOp.BitwiseAnd) {
            leftSlot.lo = a.lo & b.lo;
            leftSlot.hi = a.hi & b.hi;
          } else if (op === LegacyOp.BitwiseOr) {
            leftSlot.lo = a.lo | b.lo;
            leftSlot.hi = a.hi | b.hi;
          } else {
            leftSlot.lo = a.lo ^ b.lo;
            leftSlot.hi = a.hi ^ b.hi;
          }
          leftSlot.kind = kind;
          sp--;
          count = charged;
          steps++;
          pc++;
          continue;
        }
        case LegacyOp.BitwiseShl:
        case LegacyOp.BitwiseShr: {
          if (sp < 2) break;
          const rightSlot = stack[sp - 1]!;
          const leftSlot = stack[sp - 2]!;
          const b = rightSlot.kind === Kind.Pointer ? (rightSlot.ref as Box) : rightSlot;
          const a = leftSlot.kind === Kind.Pointer ? (leftSlot.ref as Box) : leftSlot;
          if (a.kind !== Kind.U64 || b.kind !== Kind.U64) break;
          const amount = b.lo & 63;
          const { lo, hi } = a;
          if (amount === 0) {
            leftSlot.lo = lo;
            leftSlot.hi = hi;
          } else if (op === LegacyOp.BitwiseShl) {
            leftSlot.hi = amount >= 32 ? lo << (amount - 32) : (hi << amount) | (lo >>> (32 - amount));
            leftSlot.lo = amount >= 32 ? 0 : lo << amount;
          } else {
            leftSlot.lo = (amount >= 32 ? hi >>> (amount - 32) : (lo >>> amount) | (hi << (32 - amount))) | 0;
            leftSlot.hi = amount >= 32 ? 0 : (hi >>> amount) | 0;
          }
          leftSlot.kind = Kind.U64;
          sp--;
          count = charged;
          steps++;
          pc++;
          continue;
        }
        case LegacyOp.Eq: {
          if (sp < 2) break;
          const rightSlot = stack[sp - 1]!;
          const leftSlot = stack[sp - 2]!;
          const b = rightSlot.kind === Kind.Pointer ? (rightSlot.ref as Box) : rightSlot;
          const a = leftSlot.kind === Kind.Pointer ? (leftSlot.ref as Box) : leftSlot;
          const { kind } = a;
          if (kind !== b.kind || kind === Kind.Null || (kind > Kind.U64 && kind !== Kind.Boolean)) break;
          leftSlot.lo = a.lo === b.lo && a.hi === b.hi ? 1 : 0;
          leftSlot.hi = 0;
          leftSlot.kind = Kind.Boolean;
          sp--;
          count = charged;
          steps++;
          pc++;
          continue;
        }
        case LegacyOp.Gt:
        case LegacyOp.Lt:
        case LegacyOp.Gte:
        case LegacyOp.Lte: {
          if (sp < 2) break;
          const rightSlot = stack[sp - 1]!;
          const leftSlot = stack[sp - 2]!;
          const b = rightSlot.kind === Kind.Pointer ? (rightSlot.ref as Box) : rightSlot;
          const a = leftSlot.kind === Kind.Pointer ? (leftSlot.ref as Box) : leftSlot;
          const { kind } = a;
          if (kind !== b.kind || kind === Kind.Null || kind > Kind.U64) break;
          const isSwapped = op === LegacyOp.Gt || op === LegacyOp.Lte;
          const left = isSwapped ? b : a;
          const right = isSwapped ? a : b;
          const isLess =
            left.hi === right.hi ? left.lo >>> 0 < right.lo >>> 0 : left.hi >>> 0 < right.hi >>> 0;
          leftSlot.lo = isLess === (op === LegacyOp.Lt || op === LegacyOp.Gt) ? 1 : 0;
          leftSlot.hi = 0;
          leftSlot.kind = Kind.Boolean;
          sp--;
          count = charged;
          steps++;
          pc++;
          continue;
        }
        default:
          break;
      }
    }
    machine.pc = pc;
    machine.sp = sp;
    machine.memory = memory;
    machine.steps = steps;
    gas.count = count;
    step(machine);
    if (machine.frames === 0) return;
    pc = machine.pc;
    sp = machine.sp;
    base = machine.base;
    top = machine.top;
    memory = machine.memory;
    steps = machine.steps;
    count = gas.count;
    bound = gas.bound;
  }
}
