import { I32, I64, type ModuleBuilder, Op } from '@switchyard/wasm-builder';
import { TwinCode } from './twin-code.ts';
import type { TwinWriter } from './twins.ts';

/** Twins of the programs that live in memory. */
export const memoryTwins: Readonly<Record<string, TwinWriter>> = {
  b1_memcpy_byte: () => (code) => writeCopy(code, 260, 1, Op.i64Load8U, Op.i64Store8),
  b8_memcpy_word: () => (code) => writeCopy(code, 2100, 8, Op.i64Load, Op.i64Store),
  d_sieve: () => writeSieve,
  g_stack: writeStack,
};

const HALF = 32_768;
const END = 65_536;

/** Copies the lower half of the input to the upper and sums it up, so many times. */
function writeCopy(code: TwinCode, passes: number, step: number, load: number, store: number): void {
  const sum = code.local(I64);
  const left = code.local(I64);
  const from = code.local(I32);
  const to = code.local(I32);
  const value = code.local(I64);
  code.i64(passes).set(left);
  code.loop((pass) => {
    code.i32(0).set(from).i32(HALF).set(to);
    code.loop((again) => {
      code.get(from).memory(load).set(value);
      code.get(sum).get(value).op(Op.i64Add).set(sum);
      code.get(to).get(value).memory(store);
      code.get(to).i32(step).op(Op.i32Add).set(to);
      code.get(from).i32(step).op(Op.i32Add).tee(from).i32(HALF).op(Op.i32Ne).brIf(again);
    });
    code.get(left).i64(1).op(Op.i64Sub).tee(left).i64(0).op(Op.i64Ne).brIf(pass);
  });
  code.get(sum);
}

/** Primes below 65,536, eighty times: one byte a number. */
function writeSieve(code: TwinCode): void {
  const left = code.local(I64);
  const at = code.local(I32);
  const number = code.local(I32);
  const count = code.local(I64);
  code.i64(80).set(left);
  code.loop((pass) => {
    code.i32(0).set(at);
    code.loop((clear) => {
      code.get(at).i64(0).memory(Op.i64Store);
      code.get(at).i32(8).op(Op.i32Add).tee(at).i32(END).op(Op.i32Ne).brIf(clear);
    });
    code.i32(2).set(number);
    code.loop((outer) => {
      code.get(number).memory(Op.i32Load8U).op(Op.i32Eqz);
      code.if(() => {
        code.get(number).get(number).op(Op.i32Mul).set(at);
        code.loop((mark) => {
          code.get(at).i32(1).memory(Op.i32Store8);
          code.get(at).get(number).op(Op.i32Add).tee(at).i32(END).op(Op.i32LtU).brIf(mark);
        });
      });
      code.get(number).i32(1).op(Op.i32Add).tee(number).i32(256).op(Op.i32Ne).brIf(outer);
    });
    code.i64(0).set(count).i32(2).set(at);
    code.loop((again) => {
      code.get(at).memory(Op.i32Load8U).op(Op.i32Eqz);
      code.if(() => code.get(count).i64(1).op(Op.i64Add).set(count));
      code.get(at).i32(1).op(Op.i32Add).tee(at).i32(END).op(Op.i32LtU).brIf(again);
    });
    code.get(left).i64(1).op(Op.i64Sub).tee(left).i64(0).op(Op.i64Ne).brIf(pass);
  });
  code.get(count);
}

const FRAME = 64;

/** The loop with its spills as stores and loads of a frame in memory, and a real call of a function that has a frame of its own. */
function writeStack(module: ModuleBuilder): (code: TwinCode) => void {
  const mix = module.addFunction(module.addType([I64, I64, I32], [I64]));
  const body = new TwinCode(module.body(mix));
  const [first, second, frame] = [0, 1, 2];
  body.get(frame).get(first).memory(Op.i64Store, 8);
  body.get(frame).get(second).memory(Op.i64Store, 16);
  body.get(frame).get(first).i64(1_664_525).op(Op.i64Mul).i64(7).op(Op.i64ShrU).memory(Op.i64Store, 24);
  body.get(frame).memory(Op.i64Load, 8).get(frame).memory(Op.i64Load, 24).op(Op.i64Add);
  body.get(frame).memory(Op.i64Load, 16).op(Op.i64Xor);
  body.finish();
  return (code) => {
    const left = code.local(I64);
    const value = code.local(I64);
    const own = code.local(I32);
    code.i64(800_000).set(left).i64(1_013_904_223).set(value).i32(0).set(own);
    code.loop((again) => {
      code.get(own).get(left).memory(Op.i64Store, 8);
      code.get(own).get(value).memory(Op.i64Store, 16);
      code.get(value).get(left).op(Op.i64Add).set(value);
      code.get(own).get(value).memory(Op.i64Store, 24);
      code.get(own);
      code.get(value).get(own).memory(Op.i64Load, 16).get(own).i32(FRAME).op(Op.i32Add).call(mix);
      code.get(own).memory(Op.i64Load, 24).op(Op.i64Xor).memory(Op.i64Store, 32);
      code.get(own).memory(Op.i64Load, 32).get(own).memory(Op.i64Load, 8).op(Op.i64Add).set(value);
      code.get(left).i64(1).op(Op.i64Sub).tee(left).i64(0).op(Op.i64Ne).brIf(again);
    });
    code.get(value);
  };
}
