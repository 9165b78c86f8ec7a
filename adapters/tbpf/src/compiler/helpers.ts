import { type FunctionBody, I32, I64, type ModuleBuilder, Op } from '@switchyard/wasm-builder';
import { Cell } from '../linear/layout.ts';
import type { CompilerInput } from './input.ts';

/** Functions that compiled code calls for what takes too many instructions to stand in place. */
export type HelperName = 'swapBytes' | 'mulHighUnsigned' | 'mulHighSigned' | 'locateLoad' | 'locateStore';

/** Adds the helpers that a program asks for to its module, each once. */
export class Helpers {
  readonly #module: ModuleBuilder;
  readonly #input: CompilerInput;
  readonly #indices = new Map<HelperName, number>();

  constructor(module: ModuleBuilder, input: CompilerInput) {
    this.#module = module;
    this.#input = input;
  }

  /** The helper's function index. */
  index(name: HelperName): number {
    let index = this.#indices.get(name);
    if (index === undefined) {
      index = this.#module.addFunction(this.#typeOf(name));
      this.#indices.set(name, index);
    }
    return index;
  }

  /** Writes the bodies of those that were asked for. */
  finish(): void {
    for (const [name, index] of this.#indices) {
      const body = this.#module.body(index);
      switch (name) {
        case 'swapBytes':
          emitSwapBytes(body);
          break;
        case 'mulHighUnsigned':
          emitMulHigh(body, false);
          break;
        case 'mulHighSigned':
          emitMulHigh(body, true);
          break;
        default:
          emitLocate(body, this.#input, name === 'locateStore');
      }
      body.finish();
    }
  }

  #typeOf(name: HelperName): number {
    if (name === 'swapBytes') return this.#module.addType([I64], [I64]);
    if (name === 'locateLoad' || name === 'locateStore') return this.#module.addType([I64, I32], [I32]);
    return this.#module.addType([I64, I64], [I64]);
  }
}

/** Bytes, then pairs, then words change places. */
function emitSwapBytes(body: FunctionBody): void {
  for (const [bits, low, high] of [
    [8, 0x00ff00ff, 0x00ff00ff],
    [16, 0x0000ffff, 0x0000ffff],
  ] as const) {
    body.localGet(0);
    body.i64Const(bits, 0);
    body.op(Op.i64ShrU);
    body.i64Const(low, high);
    body.op(Op.i64And);
    body.localGet(0);
    body.i64Const(low, high);
    body.op(Op.i64And);
    body.i64Const(bits, 0);
    body.op(Op.i64Shl);
    body.op(Op.i64Or);
    body.localSet(0);
  }
  body.localGet(0);
  body.i64Const(32, 0);
  body.op(Op.i64Rotl);
}

/** The upper 64 bits of a product, from four products of halves: low·low carries into the middle, the middle into the top. */
function emitMulHigh(body: FunctionBody, isSigned: boolean): void {
  const shift = isSigned ? Op.i64ShrS : Op.i64ShrU;
  const middle = body.addLocal(I64);
  const halves = (local: number, high: boolean): void => {
    body.localGet(local);
    if (high) {
      body.i64Const(32, 0);
      body.op(shift);
    } else {
      body.i64Const(-1, 0);
      body.op(Op.i64And);
    }
  };
  const product = (aHigh: boolean, bHigh: boolean): void => {
    halves(0, aHigh);
    halves(1, bHigh);
    body.op(Op.i64Mul);
  };
  // middle = aHigh·bLow + (aLow·bLow >> 32)
  product(true, false);
  product(false, false);
  body.i64Const(32, 0);
  body.op(Op.i64ShrU);
  body.op(Op.i64Add);
  body.localSet(middle);
  // aHigh·bHigh + (middle >> 32) + ((aLow·bHigh + low32(middle)) >> 32)
  product(true, true);
  halves(middle, true);
  body.op(Op.i64Add);
  product(false, true);
  halves(middle, false);
  body.op(Op.i64Add);
  body.i64Const(32, 0);
  body.op(shift);
  body.op(Op.i64Add);
}

/**
 * (address, size) → linear address of the access, or −1 when it is not allowed: the rules of spec §3 for an access whose region the
 * compiler could not tell. A store marks what it is about to dirty.
 */
function emitLocate(body: FunctionBody, input: CompilerInput, isStore: boolean): void {
  const { layout, readOnlyAddress, gapped, frameSize } = input;
  const ADDRESS = 0;
  const SIZE = 1;
  const offset = body.addLocal(I64);
  const region = body.addLocal(I32);

  /** Answers base + offset when offset + size ≤ length; `offset` is below 2^32, so nothing wraps. */
  const answer = (base: number, length: () => void): void => {
    body.localGet(offset);
    body.localGet(SIZE);
    body.op(Op.i64ExtendI32U);
    body.op(Op.i64Add);
    length();
    body.op(Op.i64LeU);
    body.if();
    if (isStore && base === layout.stack) emitStackMark(body, input, () => body.localGet(offset));
    if (isStore && base === layout.heap) {
      body.i32Const(0);
      body.i32Const(1);
      body.memory(Op.i32Store, Cell.heapDirty);
    }
    body.localGet(offset);
    body.op(Op.i32WrapI64);
    body.i32Const(base);
    body.op(Op.i32Add);
    body.op(Op.return);
    body.end();
  };
  const inRegion = (number: number, then: () => void): void => {
    body.localGet(region);
    body.i32Const(number);
    body.op(Op.i32Eq);
    body.if();
    then();
    body.i32Const(-1);
    body.op(Op.return);
    body.end();
  };

  body.localGet(ADDRESS);
  body.i64Const(-1, 0);
  body.op(Op.i64And);
  body.localSet(offset);
  body.localGet(ADDRESS);
  body.i64Const(32, 0);
  body.op(Op.i64ShrU);
  body.op(Op.i32WrapI64);
  body.localSet(region);

  inRegion(4, () =>
    answer(layout.input, () => {
      body.i32Const(0);
      body.memory(Op.i64Load32U, Cell.inputLength);
    }),
  );
  inRegion(3, () => answer(layout.heap, () => body.i64Const(layout.heapBytes)));
  inRegion(2, () => {
    if (gapped) {
      // Only the first byte decides on the gap; offset = (offset ÷ 2F)·F + offset mod F (spec §3.4).
      body.localGet(offset);
      body.i64Const(2 * frameSize, 0);
      body.op(Op.i64RemU);
      body.i64Const(frameSize, 0);
      body.op(Op.i64GeU);
      body.if();
      body.i32Const(-1);
      body.op(Op.return);
      body.end();
      body.localGet(offset);
      body.localGet(offset);
      body.i64Const(2 * frameSize, 0);
      body.op(Op.i64DivU);
      body.i64Const(frameSize, 0);
      body.op(Op.i64Mul);
      body.op(Op.i64Sub);
      body.localSet(offset);
    }
    answer(layout.stack, () => body.i64Const(layout.stackBytes));
  });
  if (!isStore) {
    inRegion(1, () => {
      body.localGet(offset);
      body.i64Const(readOnlyAddress, 0);
      body.op(Op.i64GeU);
      body.if();
      body.localGet(offset);
      body.i64Const(readOnlyAddress, 0);
      body.op(Op.i64Sub);
      body.localSet(offset);
      answer(layout.readOnly, () => body.i64Const(layout.readOnlyBytes));
      body.end();
    });
  }
  body.i32Const(-1);
}

/** Marks the page of a stack offset (i64 on the stack by `pushOffset`), and the next one: an access may run over a page's end. */
function emitStackMark(body: FunctionBody, { layout }: CompilerInput, pushOffset: () => void): void {
  pushOffset();
  body.op(Op.i32WrapI64);
  body.i32Const(12);
  body.op(Op.i32ShrU);
  body.i32Const(0x0101);
  body.memory(Op.i32Store16, layout.dirtyPages, 0);
}
