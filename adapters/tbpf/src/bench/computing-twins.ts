import { I32, I64, type ModuleBuilder, Op } from '@switchyard/wasm-builder';
import { TwinCode } from './twin-code.ts';
import type { TwinWriter } from './twins.ts';

/** Twins of the programs that only compute. */
export const computingTwins: Readonly<Record<string, TwinWriter>> = {
  a_alu: () => writeAlu,
  c_fib27: writeFibonacci,
  e_collatz: () => writeCollatz,
  f_xorshift32: () => writeXorshift,
};

function writeAlu(code: TwinCode): void {
  const value = code.local(I64);
  const left = code.local(I64);
  code.i64(1).set(value).i64(10_000_000).set(left);
  code.loop((again) => {
    code.get(value).get(left).op(Op.i64Add);
    code.i64(1_540_483_477).op(Op.i64Xor).i64(1_664_525).op(Op.i64Mul).i64(1).op(Op.i64ShrU).set(value);
    code.get(left).i64(1).op(Op.i64Sub).tee(left).i64(0).op(Op.i64Ne).brIf(again);
  });
  code.get(value);
}

/** Thirteen times fib(27), by plain recursion. */
function writeFibonacci(module: ModuleBuilder): (code: TwinCode) => void {
  const fib = module.addFunction(module.addType([I64], [I64]));
  const body = new TwinCode(module.body(fib));
  body.get(0).i64(1).op(Op.i64LeU);
  body.if(() => body.get(0).return());
  body.get(0).i64(1).op(Op.i64Sub).call(fib);
  body.get(0).i64(2).op(Op.i64Sub).call(fib).op(Op.i64Add);
  body.finish();
  return (code) => {
    const sum = code.local(I64);
    const left = code.local(I64);
    code.i64(13).set(left);
    code.loop((again) => {
      code.i64(27).call(fib).get(sum).op(Op.i64Add).set(sum);
      code.get(left).i64(1).op(Op.i64Sub).tee(left).i64(0).op(Op.i64Ne).brIf(again);
    });
    code.get(sum);
  };
}

function writeCollatz(code: TwinCode): void {
  const steps = code.local(I64);
  const start = code.local(I64);
  const value = code.local(I64);
  code.i64(1).set(start);
  code.loop((outer) => {
    code.get(start).set(value);
    code.block((done) => {
      code.loop((inner) => {
        code.get(value).i64(1).op(Op.i64Eq).brIf(done);
        code.get(steps).i64(1).op(Op.i64Add).set(steps);
        code.get(value).i64(1).op(Op.i64And, Op.i64Eqz);
        code.if(
          () => code.get(value).i64(1).op(Op.i64ShrU).set(value),
          () => code.get(value).i64(3).op(Op.i64Mul).i64(1).op(Op.i64Add).set(value),
        );
        code.br(inner);
      });
    });
    code.get(start).i64(1).op(Op.i64Add).tee(start).i64(110_000).op(Op.i64Ne).brIf(outer);
  });
  code.get(steps);
}

function writeXorshift(code: TwinCode): void {
  const sum = code.local(I32);
  const state = code.local(I32);
  const left = code.local(I64);
  code.i32(305_419_896).set(state).i64(3_500_000).set(left);
  const shift = (by: number, op: number): void => {
    code.get(state).get(state).i32(by).op(op, Op.i32Xor).set(state);
  };
  code.loop((again) => {
    shift(13, Op.i32Shl);
    shift(17, Op.i32ShrU);
    shift(5, Op.i32Shl);
    code.get(sum).get(state).op(Op.i32Add).tee(sum);
    code.i32(25).op(Op.i32ShrU).get(sum).i32(7).op(Op.i32Shl, Op.i32Or).set(sum);
    code.get(left).i64(1).op(Op.i64Sub).tee(left).i64(0).op(Op.i64Ne).brIf(again);
  });
  code.get(sum).op(Op.i64ExtendI32U);
}
