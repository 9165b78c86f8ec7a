import { BodyChecker } from './body-checker.ts';
import { type BodyContext, requireIndex } from './body-context.ts';
import { ByteBuffer, sizeOfU32, splitBigint } from './byte-buffer.ts';
import { BLOCK, ControlStack, IF, LOOP } from './control-stack.ts';
import { refuseAbove, WasmBuilderError } from './error.ts';
import { instructionOf, instructions, naturalAlignment, SLOTS, slotOf } from './instructions.ts';
import { ENGINE_LIMITS } from './limits.ts';
import { Locals } from './locals.ts';
import { Op } from './opcodes.ts';
import { type BlockType, EMPTY, type FunctionType, I32, I64, type ValueType } from './value-types.ts';

/**
 * Names an open construct for branches: its depth, 0 for the function itself. It stays the same however deep the branch stands, and
 * means nothing once the construct has ended.
 */
export type Label = number;

const IS_PLAIN = new Uint8Array(SLOTS);
const NO_ACCESS = 0xff;
const NATURAL_ALIGNMENT = new Uint8Array(SLOTS).fill(NO_ACCESS);
for (const row of instructions) {
  const slot = slotOf(row.code);
  if (row.immediates === 'none' || row.immediates === 'control') IS_PLAIN[slot] = 1;
  if (row.immediates === 'memory') NATURAL_ALIGNMENT[slot] = naturalAlignment(row);
}
IS_PLAIN[Op.else] = 0;
IS_PLAIN[Op.end] = 0;

/**
 * Writes the instructions of one function after another into one reused buffer (specification §5.4). Labels, indices and nesting are
 * always checked; operand types only in checked mode. Made by `ModuleBuilder`, which hands out the same object for every function.
 */
export class FunctionBody {
  private readonly code = new ByteBuffer(256);
  private readonly control: ControlStack;
  private readonly locals = new Locals();
  private readonly checker: BodyChecker | undefined;

  /** `close` is told when a body is finished. */
  constructor(
    private readonly context: BodyContext,
    checked: boolean,
    private readonly close: (body: FunctionBody) => void,
  ) {
    this.control = new ControlStack(context.types);
    this.checker = checked ? new BodyChecker() : undefined;
  }

  /** Bytes of instructions so far. */
  get length(): number {
    return this.code.length;
  }

  /** Label of the innermost open construct: how many are open. */
  get depth(): Label {
    return this.control.depth;
  }

  /** Starts over, for a function of this type. For `ModuleBuilder`. */
  begin(functionIndex: number, type: FunctionType): void {
    this.code.length = 0;
    this.control.reset();
    this.locals.reset(type.parameters);
    this.checker?.begin(functionIndex, type);
  }

  /** A new local, zero at the start; its index follows the parameters and the locals before it. At any time before `finish`. */
  addLocal(type: ValueType): number {
    return this.locals.add(type);
  }

  /** An instruction without immediates: `op(Op.i32Add)`. */
  op(code: number): void {
    if (code > 0xff || IS_PLAIN[code] !== 1) {
      this.prefixed(code);
      return;
    }
    if (this.checker !== undefined) this.checkPlain(this.checker, code);
    this.code.u8(code);
  }

  // Control: specification §5.4.1.

  /** Opens a block; branches to its label go to its end. */
  block(type: BlockType = EMPTY): Label {
    return this.open(Op.block, BLOCK, type);
  }

  /** Opens a loop; branches to its label go to its start. */
  loop(type: BlockType = EMPTY): Label {
    return this.open(Op.loop, LOOP, type);
  }

  /** Opens an if: takes an i32, runs what follows when it isn't 0. */
  if(type: BlockType = EMPTY): Label {
    this.checker?.at('if', this.length);
    this.checker?.pop(I32);
    return this.open(Op.if, IF, type);
  }

  else(): void {
    this.control.otherwise();
    this.checker?.at('else', this.length);
    this.checker?.otherwise();
    this.code.u8(Op.else);
  }

  /** Ends the innermost block, loop or if. */
  end(): void {
    this.control.close();
    this.checker?.at('end', this.length);
    this.checker?.close();
    this.code.u8(Op.end);
  }

  br(label: Label): void {
    const relative = this.control.relative(label);
    this.checker?.at('br', this.length);
    this.checker?.branch(label);
    this.code.u8(Op.br);
    this.code.u32(relative);
  }

  brIf(label: Label): void {
    const relative = this.control.relative(label);
    this.checker?.at('br_if', this.length);
    this.checker?.branchIf(label, I32);
    this.code.u8(Op.brIf);
    this.code.u32(relative);
  }

  /** Takes an i32, unsigned: goes to that label of the first `count`, or to the last one where there is none. LIMIT above 65,520. */
  brTable(labels: ArrayLike<Label>, defaultLabel: Label, count: number = labels.length): void {
    refuseAbove(ENGINE_LIMITS.branchTableEntries, count, 'targets of a br_table');
    requireIndex(count, labels.length + 1, 'br_table target');
    const { code, control } = this;
    const start = code.length;
    code.u8(Op.brTable);
    code.u32(count);
    for (let i = 0; i < count; i++) code.u32(control.relative(labels[i]!));
    code.u32(control.relative(defaultLabel));
    this.checker?.at('br_table', start);
    this.checker?.branchTable(Array.from(labels).slice(0, count), defaultLabel, I32);
  }

  call(functionIndex: number): void {
    const { context } = this;
    requireIndex(functionIndex, context.functionTypes.length, 'function');
    this.checker?.at('call', this.length);
    this.checker?.call(context.types[context.functionTypes[functionIndex]!]!);
    this.code.u8(Op.call);
    this.code.u32(functionIndex);
  }

  /** Takes an i32, the place in the table, above the arguments. */
  callIndirect(typeIndex: number, table = 0): void {
    const { context } = this;
    requireIndex(typeIndex, context.types.length, 'type');
    requireIndex(table, context.tableCount, 'table');
    this.checker?.at('call_indirect', this.length);
    this.checker?.pop(I32);
    this.checker?.call(context.types[typeIndex]!);
    this.code.u8(Op.callIndirect);
    this.code.u32(typeIndex);
    this.code.u32(table);
  }

  // Variables: specification §5.4.4.

  localGet(index: number): void {
    this.requireLocal(index);
    if (this.checker !== undefined) this.checker.push(this.locals.typeOf(index));
    this.code.u8(Op.localGet);
    this.code.u32(index);
  }

  localSet(index: number): void {
    this.requireLocal(index);
    if (this.checker !== undefined) {
      this.checker.at(`local.set ${index}`, this.length);
      this.checker.pop(this.locals.typeOf(index));
    }
    this.code.u8(Op.localSet);
    this.code.u32(index);
  }

  localTee(index: number): void {
    this.requireLocal(index);
    if (this.checker !== undefined) {
      const type = this.locals.typeOf(index);
      this.checker.at(`local.tee ${index}`, this.length);
      this.checker.pop(type);
      this.checker.push(type);
    }
    this.code.u8(Op.localTee);
    this.code.u32(index);
  }

  globalGet(index: number): void {
    requireIndex(index, this.context.globals.length, 'global');
    this.checker?.push(this.context.globals[index]!.type);
    this.code.u8(Op.globalGet);
    this.code.u32(index);
  }

  globalSet(index: number): void {
    requireIndex(index, this.context.globals.length, 'global');
    const { type, mutable } = this.context.globals[index]!;
    if (!mutable) throw new WasmBuilderError('BAD_VALUE', `global ${index} is a constant`);
    this.checker?.at(`global.set ${index}`, this.length);
    this.checker?.pop(type);
    this.code.u8(Op.globalSet);
    this.code.u32(index);
  }

  // Constants: specification §5.4.7.

  i32Const(value: number): void {
    this.checker?.push(I32);
    this.code.u8(Op.i32Const);
    this.code.s32(value);
  }

  /** A 64-bit constant by its halves; without `high`, `low` is sign-extended. */
  i64Const(low: number, high: number = (low | 0) >> 31): void {
    if (this.checker !== undefined) this.checker.push(I64);
    this.code.u8(Op.i64Const);
    this.code.s64(low, high);
  }

  /** The same from a bigint, signed or unsigned. */
  i64ConstBig(value: bigint): void {
    const { low, high } = splitBigint(value);
    this.i64Const(low, high);
  }

  f32Const(value: number): void {
    this.number(Op.f32Const);
    this.code.f32(value);
  }

  f64Const(value: number): void {
    this.number(Op.f64Const);
    this.code.f64(value);
  }

  /** A float by its bits: JavaScript's numbers do not keep the payload of a NaN. */
  f32ConstBits(bits: number): void {
    this.number(Op.f32Const);
    this.code.bits32(bits);
  }

  f64ConstBits(low: number, high: number): void {
    this.number(Op.f64Const);
    this.code.bits32(low);
    this.code.bits32(high);
  }

  // Memory and tables: specification §5.4.5 and §5.4.6.

  /**
   * A load or a store at address + `offset` (u32): `memory(Op.i64Load, 8)`. `alignment` is a hint, log2 of bytes, at most and by
   * default the natural one.
   */
  memory(code: number, offset = 0, alignment: number = NATURAL_ALIGNMENT[slotOf(code)]!): void {
    const natural = code > 0xff ? NO_ACCESS : NATURAL_ALIGNMENT[code];
    if (natural === NO_ACCESS || natural === undefined) {
      throw new WasmBuilderError('BAD_OPCODE', `${code} is no load or store`);
    }
    if (!(alignment >= 0 && alignment <= natural)) {
      throw new WasmBuilderError('BAD_VALUE', `alignment 2^${alignment} above the natural 2^${natural}`);
    }
    if (!(offset >= 0 && offset <= 0xffff_ffff)) {
      throw new WasmBuilderError('BAD_VALUE', `offset ${offset} is not in 0..2^32-1`);
    }
    if (this.context.memoryCount === 0) requireIndex(0, 0, 'memory');
    if (this.checker !== undefined) this.checkPlain(this.checker, code);
    this.code.u8(code);
    this.code.u32(alignment);
    this.code.u32(offset);
  }

  memorySize(): void {
    this.onMemory(Op.memorySize);
  }

  memoryGrow(): void {
    this.onMemory(Op.memoryGrow);
  }

  /** Takes destination, value, length. */
  memoryFill(): void {
    this.onMemory(Op.memoryFill);
  }

  /** Takes destination, source, length. */
  memoryCopy(): void {
    this.onMemory(Op.memoryCopy);
    this.code.u8(0);
  }

  /** Takes destination in memory, source in the segment, length. */
  memoryInit(data: number): void {
    requireIndex(0, this.context.memoryCount, 'memory');
    requireIndex(data, this.context.dataCount, 'data segment');
    this.bulk(Op.memoryInit, data);
    this.code.u8(0);
  }

  dataDrop(data: number): void {
    requireIndex(data, this.context.dataCount, 'data segment');
    this.bulk(Op.dataDrop, data);
  }

  /** Takes destination in the table, source in the segment, length. */
  tableInit(element: number, table = 0): void {
    requireIndex(element, this.context.elementCount, 'element segment');
    requireIndex(table, this.context.tableCount, 'table');
    this.bulk(Op.tableInit, element);
    this.code.u32(table);
  }

  elemDrop(element: number): void {
    requireIndex(element, this.context.elementCount, 'element segment');
    this.bulk(Op.elemDrop, element);
  }

  /** Takes destination, source, length. */
  tableCopy(destination = 0, source = 0): void {
    requireIndex(destination, this.context.tableCount, 'table');
    requireIndex(source, this.context.tableCount, 'table');
    this.bulk(Op.tableCopy, destination);
    this.code.u32(source);
  }

  /** Ends the function; the results are on the stack, or its end can't be reached. The body object is free for the next function. */
  finish(): void {
    if (this.depth !== 0) {
      throw new WasmBuilderError('BAD_NESTING', `finish: ${this.depth} constructs are still open`);
    }
    this.checker?.at('end of the function', this.length);
    this.checker?.close();
    this.code.u8(Op.end);
    this.close(this);
  }

  /** Writes size, locals and instructions: an entry of the code section (§5.5.13). For `ModuleBuilder`. */
  encode(out: ByteBuffer): void {
    const size = this.locals.encodedSize() + this.code.length;
    refuseAbove(ENGINE_LIMITS.functionBytes, size, 'bytes of a function body');
    out.reserve(size + sizeOfU32(size));
    out.u32(size);
    this.locals.encode(out);
    out.copy(this.code);
  }

  private open(code: number, kind: number, type: BlockType): Label {
    const label = this.control.open(kind, type);
    if (this.checker !== undefined) {
      const signature = type >= 0 ? this.context.types[type]! : undefined;
      this.checker.at(instructionOf(code)!.name, this.length);
      this.checker.open(
        signature?.parameters ?? [],
        signature?.results ?? (type === EMPTY ? [] : [type]),
        kind === LOOP,
      );
    }
    this.code.u8(code);
    this.code.s32(type);
    return label;
  }

  private requireLocal(index: number): void {
    if (!(index >= 0 && index < this.locals.count)) requireIndex(index, this.locals.count, 'local');
  }

  private number(code: number): void {
    if (this.checker !== undefined) this.checkPlain(this.checker, code);
    this.code.u8(code);
  }

  private onMemory(code: number): void {
    requireIndex(0, this.context.memoryCount, 'memory');
    if (code > 0xff) {
      this.bulk(code, 0);
      return;
    }
    this.number(code);
    this.code.u8(0);
  }

  /** An instruction of two bytes with an index. */
  private bulk(code: number, index: number): void {
    if (this.checker !== undefined) this.checkPlain(this.checker, code);
    this.code.u8(code >>> 8);
    this.code.u32(code & 0xff);
    this.code.u32(index);
  }

  private prefixed(code: number): void {
    const row = instructionOf(code);
    if (row === undefined || IS_PLAIN[slotOf(code)] !== 1) {
      const what =
        row === undefined
          ? `0x${code.toString(16)} is no instruction`
          : `${row.name} has a method of its own`;
      throw new WasmBuilderError('BAD_OPCODE', what);
    }
    if (this.checker !== undefined) this.checkPlain(this.checker, code);
    this.code.u8(code >>> 8);
    this.code.u32(code & 0xff);
  }

  private checkPlain(checker: BodyChecker, code: number): void {
    const row = instructionOf(code)!;
    checker.at(row.name, this.length);
    if (code === Op.drop) checker.drop();
    else if (code === Op.select) checker.select(I32);
    else if (code === Op.return) checker.leave();
    else if (code === Op.unreachable) checker.markUnreachable();
    else checker.plain(row);
  }
}
