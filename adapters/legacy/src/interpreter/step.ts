import { LegacyOp } from '../isa/legacy-op.ts';
import { OPCODES } from '../isa/opcodes.ts';
import { BAD_TARGET, MISSING } from '../module/program.ts';
import { callNative } from '../natives/call-native.ts';
import { type Box, resolve } from '../values/box.ts';
import { equalCells } from '../values/compare.ts';
import { copyInto, makeOwned, moveInto } from '../values/copy.ts';
import { isInteger, Kind } from '../values/kind.ts';
import { integerOf, setBoolean, setInteger, setSmall } from '../values/make.ts';
import { isDeeperThan } from '../values/measure.ts';
import { assignBinary, binary, order } from './arithmetic.ts';
import { cast, LAST_TYPE } from './cast.ts';
import { CellIterator } from './cell-iterator.ts';
import {
  booleanOf,
  flatten,
  loadElement,
  logical,
  match,
  newMap,
  newObject,
  newRange,
  requireElements,
  u32Of,
} from './elements.ts';
import { invokeChunk, leaveFrame } from './frames.ts';
import type { Machine } from './machine.ts';
import { loadRegister, markLow, popRegister, setRegister } from './registers.ts';
import { expectedType, machineTrap, valueTrap } from './trap.ts';
import { noteReplaced } from './undefined-uses.ts';

/** Gas by opcode byte; 0 for the two codes of ours. */
export const COSTS: Uint8Array = Uint8Array.from([...OPCODES.map((row) => row.gas), 0, 0]);
/** Bytes by opcode byte. */
const SIZES: Uint8Array = Uint8Array.from([...OPCODES.map((row) => row.size), 1, 0]);

/**
 * Executes one instruction by the book: gas, operands, pops, type checks, in this order (spec §3.2). This is the reference tier; the
 * fast path of `run.ts` comes here for everything that it does not do itself. @throws Trap.
 */
export function step(machine: Machine): void {
  const { pc, program } = machine;
  const op = program.ops[pc]! as LegacyOp;
  machine.steps++;
  machine.gas.charge(COSTS[op]!);
  const first = program.first[pc]!;
  machine.pc = pc + SIZES[op]!;
  if (first === MISSING && op !== LegacyOp.DynamicCall) throw machineTrap('MissingInstruction');
  if (op >= LegacyOp.Add && op <= LegacyOp.Lte) {
    if (op === LegacyOp.And || op === LegacyOp.Or) logical(machine, op === LegacyOp.Or);
    else if (op === LegacyOp.Neg) setBoolean(machine.result, !booleanOf(resolve(machine.pop())));
    else stepBinary(machine, op);
    if (op === LegacyOp.Neg) moveInto(machine.pushUnchecked(), machine.result);
    return;
  }
  switch (op) {
    case LegacyOp.Constant: {
      const constant = program.constants[first];
      if (constant === undefined) throw machineTrap('ConstantNotFound');
      machine.chargeMemoryOf(constant);
      copyInto(machine.push(), constant, machine);
      return;
    }
    case LegacyOp.MemoryLoad:
      loadRegister(machine, first);
      return;
    case LegacyOp.MemorySet:
      setRegister(machine, first);
      return;
    case LegacyOp.MemoryPop:
      popRegister(machine);
      return;
    case LegacyOp.MemoryLen:
      machine.chargeMemoryChecked(4);
      setSmall(machine.push(), Kind.U32, machine.top - machine.base);
      return;
    case LegacyOp.MemoryToOwned: {
      const register = machine.registerAt(first);
      if (register === undefined) throw machineTrap('RegisterNotFound');
      makeOwned(register, machine);
      return;
    }
    case LegacyOp.SubLoad:
      loadElement(machine.peek(), first);
      return;
    case LegacyOp.Pop:
      machine.pop();
      return;
    case LegacyOp.PopN:
      if (first > machine.sp) throw machineTrap('StackIndexOutOfBounds');
      machine.sp -= first;
      return;
    case LegacyOp.Copy:
      pushCopy(machine, machine.peek());
      return;
    case LegacyOp.CopyN:
      if (first >= machine.sp) throw machineTrap('StackIndexOutOfBounds');
      pushCopy(machine, machine.stack[first]!);
      return;
    case LegacyOp.ToOwned:
      makeOwned(machine.peek(), machine);
      return;
    case LegacyOp.Swap:
      swap(machine, 0, first);
      return;
    case LegacyOp.Swap2:
      if (program.second[pc] === MISSING) throw machineTrap('MissingInstruction');
      swap(machine, first, program.second[pc]!);
      return;
    case LegacyOp.Jump:
      jump(machine, first);
      return;
    case LegacyOp.JumpIfFalse:
      if (!booleanOf(resolve(machine.pop()))) jump(machine, first);
      return;
    case LegacyOp.IterableLength: {
      const { length } = requireElements(resolve(machine.pop()));
      machine.chargeMemoryChecked(4);
      setSmall(machine.pushUnchecked(), Kind.U32, length);
      return;
    }
    case LegacyOp.IteratorBegin:
      beginIterator(machine);
      return;
    case LegacyOp.IteratorNext:
      nextItem(machine, first);
      return;
    case LegacyOp.IteratorEnd:
      if (machine.iteratorTop === machine.iteratorBase) throw machineTrap('EmptyIterator');
      machine.iteratorTop--;
      return;
    case LegacyOp.Return:
    case LegacyOp.End:
      leaveFrame(machine);
      return;
    case LegacyOp.ArrayCall:
      arrayCall(machine);
      return;
    case LegacyOp.Cast: {
      if (first > LAST_TYPE) throw machineTrap('InvalidPrimitiveType');
      cast(first, resolve(machine.pop()), machine.result);
      moveInto(machine.push(), machine.result);
      return;
    }
    case LegacyOp.InvokeChunk:
      if (program.second[pc] === MISSING) throw machineTrap('MissingInstruction');
      invokeChunk(machine, first, program.second[pc]!);
      return;
    case LegacyOp.SysCall:
      callNative(machine, first);
      return;
    case LegacyOp.NewObject:
      newObject(machine, first);
      return;
    case LegacyOp.NewRange:
      newRange(machine);
      return;
    case LegacyOp.NewMap:
      newMap(machine, first);
      return;
    case LegacyOp.Assign:
      assign(machine);
      return;
    case LegacyOp.Inc:
    case LegacyOp.Dec: {
      const target = resolve(machine.peek());
      if (!isInteger(target.kind)) throw valueTrap('OperationNotNumberType');
      setInteger(target, target.kind, integerOf(target) + (op === LegacyOp.Inc ? 1n : -1n));
      return;
    }
    case LegacyOp.Flatten:
      flatten(machine, machine.pop());
      return;
    case LegacyOp.Match: {
      const isHit = match(machine, first);
      const target = program.second[pc]!;
      if (target === MISSING) throw machineTrap('MissingInstruction');
      if (!isHit) jump(machine, target);
      return;
    }
    case LegacyOp.DynamicCall:
      dynamicCall(machine, first);
      return;
    case LegacyOp.Invalid:
      throw machineTrap('InvalidOpCode');
    default:
      stepAssign(machine, op);
  }
}

function stepBinary(machine: Machine, op: LegacyOp): void {
  const right = resolve(machine.pop());
  const left = resolve(machine.pop());
  const { result } = machine;
  if (op === LegacyOp.Eq) setBoolean(result, equalCells(left, right, machine));
  else if (op >= LegacyOp.Gt) setBoolean(result, order(op, left, right));
  else binary(op, left, right, result, machine);
  moveInto(machine.pushUnchecked(), result);
}

/** `AssignAdd` to `AssignBitwiseShr` name the same operations as the plain opcodes, in two runs. */
function stepAssign(machine: Machine, op: LegacyOp): void {
  const value = resolve(machine.pop());
  const target = resolve(machine.pop());
  const plain =
    op <= LegacyOp.AssignPow
      ? op - LegacyOp.AssignAdd + LegacyOp.Add
      : op - LegacyOp.AssignBitwiseAnd + LegacyOp.BitwiseAnd;
  assignBinary(plain as LegacyOp, target, value, machine);
}

function assign(machine: Machine): void {
  const value = machine.pop();
  const slot = machine.pop();
  const target = resolve(slot);
  const room = machine.config.maxValueDepth - (slot.kind === Kind.Pointer ? slot.lo : 0);
  if (isDeeperThan(resolve(value), room, false)) throw valueTrap('MaxDepthReached');
  if (slot.kind !== Kind.Pointer) return;
  machine.take(machine.result, value);
  noteReplaced(machine, target);
  moveInto(target, machine.result);
}

function pushCopy(machine: Machine, slot: Box): void {
  const value = resolve(slot);
  machine.chargeMemoryOf(value);
  const copy = machine.push();
  copyInto(copy, value, machine);
}

function swap(machine: Machine, a: number, b: number): void {
  const { sp, stack } = machine;
  if (a >= sp || b >= sp) throw machineTrap('StackIndexOutOfBounds');
  const low = sp - 1 - a;
  const high = sp - 1 - b;
  const slot = stack[low]!;
  stack[low] = stack[high]!;
  stack[high] = slot;
  markLow(machine, low < high ? low : high);
}

function jump(machine: Machine, target: number): void {
  if (target === BAD_TARGET) throw machineTrap('OutOfBounds');
  machine.pc = target;
}

function beginIterator(machine: Machine): void {
  const slot = machine.pop();
  if (machine.iteratorTop === machine.iterators.length) machine.iterators.push(new CellIterator());
  machine.iterators[machine.iteratorTop++]!.begin(slot);
}

function nextItem(machine: Machine, target: number): void {
  if (machine.iteratorTop === machine.iteratorBase) throw machineTrap('EmptyIterator');
  const iterator = machine.iterators[machine.iteratorTop - 1]!;
  if (!iterator.next(machine.result, machine)) {
    jump(machine, target);
    return;
  }
  machine.chargeMemoryOf(machine.result);
  moveInto(machine.push(), machine.result);
}

function arrayCall(machine: Machine): void {
  const index = u32Of(resolve(machine.pop()));
  const slot = machine.pop();
  loadElement(slot, index);
  machine.chargeMemoryOf(resolve(slot));
  machine.pushUnchecked();
}

function dynamicCall(machine: Machine, count: number): void {
  const elements = requireElements(resolve(machine.pop()));
  if (elements.length !== 2) throw machineTrap('InvalidDynamicCall');
  const [id, isNative] = elements as [Box, Box];
  if (id.kind !== Kind.U16) throw expectedType('U16');
  const native = booleanOf(isNative);
  if (count === MISSING) throw machineTrap('MissingInstruction');
  if (native) callNative(machine, id.lo);
  else invokeChunk(machine, id.lo, count);
}
