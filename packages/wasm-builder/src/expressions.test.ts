import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FunctionBody } from './function-body.ts';
import { ModuleBuilder } from './module-builder.ts';
import { Op } from './opcodes.ts';
import { engine, instantiate } from './test-support/web-assembly.fixture.ts';
import { I32, I64, type ValueType } from './value-types.ts';

/** A well-typed expression: how it is emitted, and what it is worth, as an unsigned number of its type's width. */
interface Expression {
  emit(body: FunctionBody): void;
  value(parameters: readonly bigint[]): bigint;
}

/** name, operation on numbers of `bits` bits, given unsigned and to be wrapped. */
const BINARY: Readonly<Record<string, (a: bigint, b: bigint, bits: number) => bigint>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  And: (a, b) => a & b,
  Or: (a, b) => a | b,
  Xor: (a, b) => a ^ b,
  Shl: (a, b, bits) => a << (b % BigInt(bits)),
  ShrU: (a, b, bits) => a >> (b % BigInt(bits)),
  ShrS: (a, b, bits) => BigInt.asIntN(bits, a) >> (b % BigInt(bits)),
  Rotl: (a, b, bits) => (a << (b % BigInt(bits))) | (a >> (BigInt(bits) - (b % BigInt(bits)))),
  Rotr: (a, b, bits) => (a >> (b % BigInt(bits))) | (a << (BigInt(bits) - (b % BigInt(bits)))),
};

const COMPARE: Readonly<Record<string, (a: bigint, b: bigint, bits: number) => boolean>> = {
  Eq: (a, b) => a === b,
  Ne: (a, b) => a !== b,
  LtU: (a, b) => a < b,
  GeU: (a, b) => a >= b,
  LtS: (a, b, bits) => BigInt.asIntN(bits, a) < BigInt.asIntN(bits, b),
  GtS: (a, b, bits) => BigInt.asIntN(bits, a) > BigInt.asIntN(bits, b),
};

const bitsOf = (type: ValueType): number => (type === I32 ? 32 : 64);
const opcode = (type: ValueType, name: string): number =>
  Op[`${type === I32 ? 'i32' : 'i64'}${name}` as keyof typeof Op];

const PARAMETERS: readonly ValueType[] = [I32, I64, I32, I64];
const SWAP = 0;

/** Type 0 of the module is [i64 i64] → [i64 i64]: a block that gives back both operands, which `Sub` then joins. */
const { narrow, wide } = fc.letrec<{ narrow: Expression; wide: Expression }>((tie) => {
  const of = (type: ValueType): fc.Arbitrary<Expression>[] => {
    const self = type === I32 ? tie('narrow') : tie('wide');
    const bits = bitsOf(type);
    const wrap = (value: bigint): bigint => BigInt.asUintN(bits, value);
    return [
      fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }).map((value) => ({
        emit: (body) => (type === I32 ? body.i32Const(Number(value)) : body.i64ConstBig(value)),
        value: () => wrap(value),
      })),
      fc.constantFrom(...PARAMETERS.flatMap((one, index) => (one === type ? [index] : []))).map((index) => ({
        emit: (body) => body.localGet(index),
        value: (parameters) => parameters[index]!,
      })),
      fc.tuple(fc.constantFrom(...Object.keys(BINARY)), self, self).map(([name, a, b]) => ({
        emit: (body) => {
          a.emit(body);
          b.emit(body);
          body.op(opcode(type, name));
        },
        value: (parameters) => wrap(BINARY[name]!(a.value(parameters), b.value(parameters), bits)),
      })),
      fc.tuple(tie('narrow'), self, self).map(([condition, a, b]) => ({
        emit: (body) => {
          condition.emit(body);
          body.if(type);
          a.emit(body);
          body.else();
          b.emit(body);
          body.end();
        },
        value: (parameters) => (condition.value(parameters) !== 0n ? a : b).value(parameters),
      })),
      fc.tuple(tie('narrow'), self, self).map(([condition, a, b]) => ({
        emit: (body) => {
          a.emit(body);
          b.emit(body);
          condition.emit(body);
          body.op(Op.select);
        },
        value: (parameters) => (condition.value(parameters) !== 0n ? a : b).value(parameters),
      })),
      fc.tuple(tie('narrow'), self, self).map(([condition, a, b]) => ({
        // block (result t) a; condition; br_if; drop; b end
        emit: (body) => {
          const label = body.block(type);
          a.emit(body);
          condition.emit(body);
          body.brIf(label);
          body.op(Op.drop);
          b.emit(body);
          body.end();
        },
        value: (parameters) => (condition.value(parameters) !== 0n ? a : b).value(parameters),
      })),
      self.map((a) => ({
        emit: (body) => {
          const local = body.addLocal(type);
          a.emit(body);
          body.localTee(local);
          body.localGet(local);
          body.op(opcode(type, 'Xor'));
          body.localGet(local);
          body.op(opcode(type, 'Or'));
        },
        value: (parameters) => a.value(parameters),
      })),
    ];
  };
  const compare = (type: ValueType, operand: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> =>
    fc.tuple(fc.constantFrom(...Object.keys(COMPARE)), operand, operand).map(([name, a, b]) => ({
      emit: (body) => {
        a.emit(body);
        b.emit(body);
        body.op(opcode(type, name));
      },
      value: (parameters) =>
        COMPARE[name]!(a.value(parameters), b.value(parameters), bitsOf(type)) ? 1n : 0n,
    }));
  const depth = { maxDepth: 6, depthIdentifier: 'expression' };
  return {
    narrow: fc.oneof(
      depth,
      ...of(I32),
      compare(I32, tie('narrow')),
      compare(I64, tie('wide')),
      tie('wide').map((a) => ({
        emit: (body: FunctionBody) => {
          a.emit(body);
          body.op(Op.i32WrapI64);
        },
        value: (parameters: readonly bigint[]) => BigInt.asUintN(32, a.value(parameters)),
      })),
    ),
    wide: fc.oneof(
      depth,
      ...of(I64),
      tie('narrow').map((a) => ({
        emit: (body: FunctionBody) => {
          a.emit(body);
          body.op(Op.i64ExtendI32S);
        },
        value: (parameters: readonly bigint[]) => BigInt.asUintN(64, BigInt.asIntN(32, a.value(parameters))),
      })),
      fc.tuple(tie('wide'), tie('wide')).map(([a, b]) => ({
        emit: (body: FunctionBody) => {
          a.emit(body);
          b.emit(body);
          body.block(SWAP);
          body.end();
          body.op(Op.i64Sub);
        },
        value: (parameters: readonly bigint[]) =>
          BigInt.asUintN(64, a.value(parameters) - b.value(parameters)),
      })),
    ),
  };
});

function compile(expressions: readonly [Expression, Expression], checked: boolean): Uint8Array {
  const builder = new ModuleBuilder({ checked });
  builder.addType([I64, I64], [I64, I64]);
  const run = builder.addFunction(builder.addType(PARAMETERS, [I32, I64]));
  builder.exportFunction('run', run);
  const body = builder.body(run);
  for (const expression of expressions) expression.emit(body);
  body.finish();
  return builder.finish();
}

test('well-typed expressions pass the checker, validate, and are worth what they say', () => {
  const u32 = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n });
  const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  fc.assert(
    fc.property(fc.tuple(narrow, wide), fc.tuple(u32, u64, u32, u64), (expressions, parameters) => {
      const module = compile(expressions, true);
      expect(compile(expressions, false)).toEqual(module);
      expect(engine.validate(module)).toBe(true);
      const [low, high] = instantiate(module)['run'](
        ...parameters.map((value, i) => (PARAMETERS[i] === I32 ? Number(value) : value)),
      );
      expect(BigInt.asUintN(32, BigInt(low))).toBe(expressions[0].value(parameters));
      expect(BigInt.asUintN(64, high)).toBe(expressions[1].value(parameters));
    }),
    { numRuns: 1000 },
  );
});
