import { I32, I64, Op as W } from '@switchyard/wasm-builder';
import { Op } from '../isa/op.ts';
import { Cell, STACK_PAGE_BYTES } from '../linear/layout.ts';
import { type AccessGroup, AccessGroups, NO_GROUP, OWN_FRAME } from './access-groups.ts';
import type { FunctionEmitter } from './function-emitter.ts';
import { HEAP_REGION, INPUT_REGION, PROGRAM_REGION, STACK_REGION } from './regions.ts';
import { ACCESS_BYTES } from './steps.ts';

const FRAME_POINTER = 10;
const NO_LOCAL = -1;

/** Locals for limits of the input in a function. */
const MOST_LIMITS = 12;

const WASM_ACCESS: Int32Array = new Int32Array(256);
for (const [step, op] of [
  [Op.Ldxb, W.i64Load8U],
  [Op.Ldxh, W.i64Load16U],
  [Op.Ldxw, W.i64Load32U],
  [Op.Ldxdw, W.i64Load],
  [Op.Stb, W.i64Store8],
  [Op.Sth, W.i64Store16],
  [Op.Stw, W.i64Store32],
  [Op.Stdw, W.i64Store],
  [Op.Stxb, W.i64Store8],
  [Op.Stxh, W.i64Store16],
  [Op.Stxw, W.i64Store32],
  [Op.Stxdw, W.i64Store],
] as const) {
  WASM_ACCESS[step] = op;
}

/**
 * Writes loads and stores. An access of a predicted region takes one add and one unsigned compare, which tests region and bounds in one:
 * t = register + (offset − region base), allowed when t ≤ length − bytes. Failing it is a cold exit, never a call that returns: that would
 * make the compiler spill all registers around it. A store marks what it dirties, so that a later run finds zeros.
 */
export class MemoryEmitter {
  readonly #emitter: FunctionEmitter;
  #groups!: AccessGroups;
  /** By base register: local (i32) of the address of its open group, relative to the region's place in memory. */
  readonly #addressLocal = new Int32Array(11).fill(NO_LOCAL);
  /** Linear address of an access that was translated in general. */
  #locatedLocal = NO_LOCAL;
  #wideLocal = NO_LOCAL;
  /** Local with max(0, input length − bytes + 1) by bytes. */
  readonly #inputLimit = new Map<number, number>();

  constructor(emitter: FunctionEmitter) {
    this.#emitter = emitter;
  }

  /** What the accesses of the function need done once: the frame's range, marks, limits of the input. */
  emitStart(): void {
    const { context, one, frame, body } = this.#emitter;
    const { input } = context;
    this.#groups = new AccessGroups(context, one, frame);
    if (input.dynamicFrames && frame.span > 0) this.#emitFrameCheck();
    if (frame.stores) this.#markFrame();
    if (this.#groups.groups.some(({ region, stores }) => region === HEAP_REGION && stores)) {
      body.i32Const(0);
      body.i32Const(1);
      body.memory(W.i32Store, Cell.heapDirty);
    }
    const spans = new Set<number>();
    for (const { region, low, high } of this.#groups.groups)
      if (region === INPUT_REGION) spans.add(high - low);
    if (spans.size > 0) this.#emitInputLimits(spans);
  }

  load(pc: number, step: number, d: number, s: number, offset: number): void {
    const { body } = this.#emitter;
    const at = this.#pushAddress(pc, step, s, offset, false);
    body.memory(WASM_ACCESS[step]!, at);
    this.#emitter.setRegister(d);
  }

  store(pc: number, step: number, d: number, offset: number, pushValue: () => void): void {
    const at = this.#pushAddress(pc, step, d, offset, true);
    pushValue();
    this.#emitter.body.memory(WASM_ACCESS[step]!, at);
  }

  /** Leaves an i32 address on the stack; what must be added to it is the answer. */
  #pushAddress(pc: number, step: number, base: number, offset: number, isStore: boolean): number {
    const { body, frame, frameLocal, context } = this.#emitter;
    const index = this.#groups.at(pc);
    if (index === OWN_FRAME) {
      body.localGet(frameLocal);
      return offset - frame.low + (context.input.dynamicFrames ? frame.delta[pc]! : 0);
    }
    if (index === NO_GROUP) {
      this.#locate(pc, ACCESS_BYTES[step]!, base, offset, isStore);
      return 0;
    }
    const group = this.#groups.groups[index]!;
    if (group.firstPc === pc) this.#checkGroup(group);
    body.localGet(this.#addressLocal[base]!);
    return this.#placeOf(group.region) + offset - group.low;
  }

  #placeOf(region: number): number {
    const { layout } = this.#emitter.context.input;
    if (region === INPUT_REGION) return layout.input;
    if (region === HEAP_REGION) return layout.heap;
    return region === STACK_REGION ? layout.stack : layout.readOnly;
  }

  #locate(pc: number, bytes: number, base: number, offset: number, isStore: boolean): void {
    const { body } = this.#emitter;
    // Not the register's own: a group that was checked before this access may go on behind it.
    if (this.#locatedLocal === NO_LOCAL) this.#locatedLocal = body.addLocal(I32);
    const address = this.#locatedLocal;
    this.#emitter.pushRegister(base);
    body.i64Const(offset);
    body.op(W.i64Add);
    body.i32Const(bytes);
    this.#emitter.callHelper(isStore ? 'locateStore' : 'locateLoad');
    body.localTee(address);
    body.i32Const(-1);
    body.op(W.i32Eq);
    this.#emitter.coldIf(pc);
    body.localGet(address);
  }

  /** Checks a group at its first access and leaves its address in the base's local. */
  #checkGroup({ firstPc, base, region, low, high, stores }: AccessGroup): void {
    const emitter = this.#emitter;
    const { body, context } = emitter;
    const { layout, readOnlyAddress, gapped, frameSize } = context.input;
    const bytes = high - low;
    const wide = this.#wide();
    const address = this.#addressLocalOf(base);
    const from = low - region * 0x1_0000_0000 - (region === PROGRAM_REGION ? readOnlyAddress : 0);
    emitter.pushRegister(base);
    body.i64Const(from | 0, Math.floor(from / 0x1_0000_0000));
    body.op(W.i64Add);
    body.localSet(wide);
    const tests: (() => void)[] = [
      () => {
        const most = this.#mostBytes(region, stores);
        body.localGet(wide);
        if (region === INPUT_REGION) this.#pushInputLimit(bytes);
        else body.i64Const(Math.max(0, most - bytes + 1), 0);
        body.op(W.i64GeU);
      },
    ];
    const isGapped = region === STACK_REGION && gapped;
    if (isGapped) {
      tests[0] = () => {
        body.localGet(wide);
        body.i64Const(2 * layout.stackBytes, 0);
        body.op(W.i64GeU);
      };
      tests.push(() => {
        body.localGet(wide);
        body.op(W.i32WrapI64);
        body.i32Const(2 * frameSize - 1);
        body.op(W.i32And);
        body.i32Const(frameSize - bytes);
        body.op(W.i32GtU);
      });
    }
    emitter.coldIfAny(firstPc, tests);
    body.localGet(wide);
    body.op(W.i32WrapI64);
    if (isGapped) {
      // frame · 2F + rest → frame · F + rest
      body.localTee(address);
      body.i32Const(frameSize - 1);
      body.op(W.i32And);
      body.localGet(address);
      body.i32Const(1);
      body.op(W.i32ShrU);
      body.i32Const(-frameSize);
      body.op(W.i32And);
      body.op(W.i32Or);
    }
    body.localSet(address);
    if (region === STACK_REGION && stores) this.#markPages(() => body.localGet(address));
  }

  /** Bytes of a region of fixed size that may be accessed so. */
  #mostBytes(region: number, stores: boolean): number {
    const { layout } = this.#emitter.context.input;
    if (region === HEAP_REGION) return layout.heapBytes;
    if (region === STACK_REGION) return layout.stackBytes;
    return stores ? 0 : layout.readOnlyBytes;
  }

  /** V1 and later: the frame's range must lie in the stack as a whole; then its accesses need no check. */
  #emitFrameCheck(): void {
    const emitter = this.#emitter;
    const { body, frame, context, one } = emitter;
    const { layout } = context.input;
    const wide = this.#wide();
    const from = frame.low - STACK_REGION * 0x1_0000_0000;
    emitter.pushRegister(FRAME_POINTER);
    body.i64Const(from | 0, Math.floor(from / 0x1_0000_0000));
    body.op(W.i64Add);
    body.localTee(wide);
    body.i64Const(layout.stackBytes - frame.span + 1, 0);
    body.op(W.i64GeU);
    emitter.coldIf(one.pc);
    body.localGet(wide);
    body.op(W.i32WrapI64);
    body.i32Const(layout.stack);
    body.op(W.i32Add);
    body.localSet(emitter.frameLocal);
  }

  /** Marks the pages of the function's own frame. */
  #markFrame(): void {
    const { body, frame, frameLocal, context } = this.#emitter;
    const { layout, dynamicFrames } = context.input;
    const isAligned = !dynamicFrames && frame.span % STACK_PAGE_BYTES === 0;
    const pages = Math.ceil(frame.span / STACK_PAGE_BYTES) + (isAligned ? 0 : 1);
    for (let page = 0; page < pages; page++) {
      body.localGet(frameLocal);
      body.i32Const(layout.stack);
      body.op(W.i32Sub);
      body.i32Const(12);
      body.op(W.i32ShrU);
      body.i32Const(1);
      body.memory(W.i32Store8, layout.dirtyPages + page);
    }
  }

  /** Marks the page of a stack offset and the next one: a group may run over a page's end. */
  #markPages(pushOffset: () => void): void {
    const { body, context } = this.#emitter;
    pushOffset();
    body.i32Const(12);
    body.op(W.i32ShrU);
    body.i32Const(0x0101);
    body.memory(W.i32Store16, context.input.layout.dirtyPages, 0);
  }

  /** Computes the limits of the commonest widths once; the rest is computed in place, since locals make every frame larger. */
  #emitInputLimits(spans: ReadonlySet<number>): void {
    const { body } = this.#emitter;
    for (const bytes of [...spans].slice(0, MOST_LIMITS)) {
      this.#pushInputLimit(bytes);
      const limit = body.addLocal(I64);
      body.localSet(limit);
      this.#inputLimit.set(bytes, limit);
    }
  }

  /** max(0, length − bytes + 1): an offset is allowed when it is below, and nothing is below 0. */
  #pushInputLimit(bytes: number): void {
    const { body } = this.#emitter;
    const known = this.#inputLimit.get(bytes);
    if (known !== undefined) {
      body.localGet(known);
      return;
    }
    const pushLength = (): void => {
      body.i32Const(0);
      body.memory(W.i64Load32U, Cell.inputLength);
    };
    pushLength();
    body.i64Const(bytes - 1, 0);
    body.op(W.i64Sub);
    body.i64Const(0);
    pushLength();
    body.i64Const(bytes, 0);
    body.op(W.i64GeU);
    body.op(W.select);
  }

  #addressLocalOf(base: number): number {
    if (this.#addressLocal[base] === NO_LOCAL) this.#addressLocal[base] = this.#emitter.body.addLocal(I32);
    return this.#addressLocal[base]!;
  }

  #wide(): number {
    if (this.#wideLocal === NO_LOCAL) this.#wideLocal = this.#emitter.body.addLocal(I64);
    return this.#wideLocal;
  }
}
