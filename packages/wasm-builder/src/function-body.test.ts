import { describe, expect, test } from 'vitest';
import type { WasmBuilderErrorCode } from './error.ts';
import type { FunctionBody } from './function-body.ts';
import { ModuleBuilder } from './module-builder.ts';
import { Op } from './opcodes.ts';
import { hex, instantiate } from './test-support/web-assembly.fixture.ts';
import { F64, I32, I64 } from './value-types.ts';

function bodyOf(checked = false): FunctionBody {
  const builder = new ModuleBuilder({ checked });
  builder.addType([I32], []);
  return builder.body(builder.addFunction(builder.addType([I32], [I32])));
}

describe('without checked mode, too, a body refuses', () => {
  const mistakes: readonly (readonly [string, WasmBuilderErrorCode, (body: FunctionBody) => void])[] = [
    ['a label that is not open', 'BAD_LABEL', (body) => body.br(1)],
    ['a label below the function', 'BAD_LABEL', (body) => body.brIf(-1)],
    [
      'a label of a block that has ended',
      'BAD_LABEL',
      (body) => {
        const label = body.block();
        body.end();
        body.brTable([0], label);
      },
    ],
    ['a label that is no number of a construct', 'BAD_LABEL', (body) => body.br(Number.NaN)],
    ['an end too many', 'BAD_NESTING', (body) => body.end()],
    ['an else without if', 'BAD_NESTING', (body) => body.else()],
    [
      'a second else',
      'BAD_NESTING',
      (body) => {
        body.if();
        body.else();
        body.else();
      },
    ],
    [
      'an if with a result and without else',
      'BAD_NESTING',
      (body) => {
        body.if(I32);
        body.end();
      },
    ],
    [
      'an if that changes its operands and has no else',
      'BAD_NESTING',
      (body) => {
        body.if(0);
        body.end();
      },
    ],
    [
      'an end with an open block',
      'BAD_NESTING',
      (body) => {
        body.block();
        body.finish();
      },
    ],
    ['an opcode that is none', 'BAD_OPCODE', (body) => body.op(0xff)],
    ['a prefixed opcode that is none', 'BAD_OPCODE', (body) => body.op(0xfc30)],
    ['an opcode with immediates', 'BAD_OPCODE', (body) => body.op(Op.i32Const)],
    ['a prefixed opcode with immediates', 'BAD_OPCODE', (body) => body.op(Op.memoryCopy)],
    ['an opcode that is no number', 'BAD_OPCODE', (body) => body.op(Number.NaN)],
    ['an access that is none', 'BAD_OPCODE', (body) => body.memory(Op.i32Add)],
    ['a local beyond the last', 'BAD_INDEX', (body) => body.localGet(1)],
    ['a function that does not exist', 'BAD_INDEX', (body) => body.call(1)],
    ['a global that does not exist', 'BAD_INDEX', (body) => body.globalSet(0)],
    ['an access without memory', 'BAD_INDEX', (body) => body.memory(Op.i32Load)],
    ['a fill without memory', 'BAD_INDEX', (body) => body.memoryFill()],
    ['a call through a table that does not exist', 'BAD_INDEX', (body) => body.callIndirect(0)],
    ['a segment that does not exist', 'BAD_INDEX', (body) => body.elemDrop(0)],
    ['a block type that does not exist', 'BAD_INDEX', (body) => body.block(2)],
    ['a block type that is none', 'BAD_INDEX', (body) => body.block(-5)],
    ['more than 65,520 targets', 'LIMIT', (body) => body.brTable(new Int32Array(65_521), 0)],
  ];

  test.each(mistakes)('%s', (_, code, write) => {
    expect(() => write(bodyOf())).toThrow(expect.objectContaining({ name: 'WasmBuilderError', code }));
  });

  test('an alignment above the natural one, an offset beyond 32 bits, a constant global set', () => {
    const builder = new ModuleBuilder();
    builder.addMemory({ minimum: 0 });
    builder.importGlobal('m', 'g', I32);
    const body = builder.body(builder.addFunction(builder.addType([], [])));
    expect(() => body.memory(Op.i32Load, 0, 3)).toThrow('BAD_VALUE: alignment 2^3 above the natural 2^2');
    expect(() => body.memory(Op.i32Load, 2 ** 32)).toThrow(
      'BAD_VALUE: offset 4294967296 is not in 0..2^32-1',
    );
    expect(() => body.globalSet(0)).toThrow('BAD_VALUE: global 0 is a constant');
  });
});

test('a label means its construct at any depth', () => {
  const builder = new ModuleBuilder({ checked: true });
  const run = builder.addFunction(builder.addType([I32], [I32]));
  builder.exportFunction('run', run);
  const body = builder.body(run);
  const far = body.block();
  const near = body.block();
  body.block();
  body.localGet(0);
  body.brTable([near, body.depth], far);
  body.end();
  body.i32Const(10);
  body.op(Op.return);
  body.end();
  body.i32Const(20);
  body.br(0);
  body.end();
  body.i32Const(30);
  body.finish();
  const exports = instantiate(builder.finish());
  expect([0, 1, 2, -1].map((index) => exports['run'](index))).toEqual([20, 10, 30, 30]);
});

test('locals are written as runs of one type', () => {
  const builder = new ModuleBuilder();
  const body = builder.body(builder.addFunction(builder.addType([I32], [])));
  expect([I64, I64, F64, I64].map((type) => body.addLocal(type as typeof I64))).toEqual([1, 2, 3, 4]);
  body.finish();
  // Size 8; three runs: 2 × i64, 1 × f64, 1 × i64; end.
  expect(hex(builder.finish()).endsWith('08 03 02 7e 01 7c 01 7e 0b')).toBe(true);
});

test('50,000 locals are the most', () => {
  const body = bodyOf();
  for (let i = 1; i < 50_000; i++) body.addLocal(I32);
  expect(() => body.addLocal(I32)).toThrow('LIMIT: 50001 locals, at most 50000 are accepted');
});

test('constants of 64 bits come from halves, from one half, from a bigint', () => {
  const builder = new ModuleBuilder({ checked: true });
  const type = builder.addType([], [I64]);
  const writers: readonly ((body: FunctionBody) => void)[] = [
    (body) => body.i64Const(-1, 0x7fff_ffff),
    (body) => body.i64Const(-2),
    (body) => body.i64Const(0xffff_ffff),
    (body) => body.i64ConstBig(2n ** 64n - 3n),
  ];
  writers.forEach((write, i) => {
    const index = builder.addFunction(type);
    builder.exportFunction(`f${i}`, index);
    const body = builder.body(index);
    write(body);
    body.finish();
  });
  const exports = instantiate(builder.finish());
  expect([0, 1, 2, 3].map((i) => exports[`f${i}`]())).toEqual([2n ** 63n - 1n, -2n, -1n, -3n]);
});

test('the bits of a NaN are kept', () => {
  const builder = new ModuleBuilder({ checked: true });
  const run = builder.addFunction(builder.addType([], [I32, I64]));
  builder.exportFunction('run', run);
  const body = builder.body(run);
  body.f32ConstBits(0x7fa0_0001);
  body.op(Op.i32ReinterpretF32);
  body.f64ConstBits(5, 0x7ff0_0000);
  body.op(Op.i64ReinterpretF64);
  body.finish();
  expect(instantiate(builder.finish())['run']()).toEqual([0x7fa0_0001, 0x7ff0_0000_0000_0005n]);
});
