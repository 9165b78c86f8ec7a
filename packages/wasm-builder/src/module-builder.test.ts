import { describe, expect, test } from 'vitest';
import { f32, f64, globalValue, i32, i64 } from './constant.ts';
import { ModuleBuilder } from './module-builder.ts';
import { Op } from './opcodes.ts';
import { engine, hex, instantiate } from './test-support/web-assembly.fixture.ts';
import { F32, F64, I32, I64 } from './value-types.ts';

test('an empty module is its magic number and version', () => {
  expect(hex(new ModuleBuilder().finish())).toBe('00 61 73 6d 01 00 00 00');
});

test('every section stands in its place, byte for byte', () => {
  const builder = new ModuleBuilder({ checked: true });
  const nothing = builder.addType([], []);
  const add = builder.addType([I32, I32], [I32, I64]);
  expect(builder.addType([], [])).toBe(nothing);
  const log = builder.importFunction('m', 'f', nothing);
  builder.importGlobal('m', 'g', I32);
  builder.addTable({ minimum: 2, maximum: 3 });
  builder.addMemory({ minimum: 1 });
  builder.addGlobal(I64, true, i64(-1n));
  const first = builder.addFunction(add);
  const second = builder.addFunction(nothing);
  builder.exportFunction('add', first);
  builder.exportMemory('mem');
  builder.setStart(second);
  builder.addElements({ mode: 'active', offset: i32(1), functions: [log] });
  builder.addData(Uint8Array.of(0xaa, 0xbb), globalValue(0));
  builder.addCustomSection('c', Uint8Array.of(9));
  builder.nameModule('M');
  builder.nameFunction(second, 'two');
  builder.nameFunction(log, 'log');
  // Bodies may come in any order.
  const later = builder.body(second);
  later.call(log);
  later.finish();
  const body = builder.body(first);
  body.localGet(0);
  body.localGet(1);
  body.op(Op.i32Add);
  body.globalGet(1);
  body.finish();
  const module = builder.finish();
  expect(engine.validate(module)).toBe(true);
  expect(hex(module)).toBe(
    [
      '00 61 73 6d 01 00 00 00',
      '01 0b 02 60 00 00 60 02 7f 7f 02 7f 7e',
      '02 0e 02 01 6d 01 66 00 00 01 6d 01 67 03 7f 00',
      '03 03 02 01 00',
      '04 05 01 70 01 02 03',
      '05 03 01 00 01',
      '06 06 01 7e 01 42 7f 0b',
      '07 0d 02 03 61 64 64 00 01 03 6d 65 6d 02 00',
      '08 01 02',
      '09 07 01 00 41 01 0b 01 00',
      '0c 01 01',
      '0a 10 02 09 00 20 00 20 01 6a 23 01 0b 04 00 10 00 0b',
      '0b 08 01 00 23 00 0b 02 aa bb',
      '00 03 01 63 09',
      '00 16 04 6e 61 6d 65 00 02 01 4d 01 0b 02 00 03 6c 6f 67 02 03 74 77 6f',
    ].join(' '),
  );
});

test('imports, constants and segments of every kind do at run time what they say', () => {
  const builder = new ModuleBuilder({ checked: true });
  const number = builder.addType([], [I32]);
  const nothing = builder.addType([], []);
  const seven = builder.importFunction('host', 'seven', number);
  builder.importTable('host', 'table', { minimum: 4 });
  builder.importMemory('host', 'memory', { minimum: 1 });
  builder.importGlobal('host', 'base', I32);
  const counter = builder.importGlobal('host', 'counter', I64, true);
  const own = builder.addTable({ minimum: 3 });
  const constants = [
    builder.addGlobal(F32, false, f32(0.5)),
    builder.addGlobal(F64, false, f64(-0.25)),
    builder.addGlobal(I32, false, globalValue(0)),
  ];
  const eight = builder.addFunction(number);
  const prepare = builder.addFunction(nothing);
  const pick = builder.addFunction(builder.addType([I32], [I32]));
  builder.addElements({ mode: 'active', offset: globalValue(0), functions: [seven, null] });
  builder.addElements({ mode: 'active', table: own, offset: i32(0), functions: [eight] });
  builder.addElements({ mode: 'active', table: own, offset: i32(1), functions: [null, seven] });
  const passive = builder.addElements({ mode: 'passive', functions: [seven, eight] });
  const holes = builder.addElements({ mode: 'passive', functions: [null, eight] });
  builder.addElements({ mode: 'declared', functions: [eight] });
  builder.addElements({ mode: 'declared', functions: [null] });
  builder.addData(Uint8Array.of(1, 2, 3), i32(16));
  const data = builder.addData(Uint8Array.of(4, 5, 6));
  builder.exportFunction('pick', pick);
  builder.exportTable('own', own);
  for (const [i, index] of constants.entries()) builder.exportGlobal(`g${i}`, index);
  builder.setStart(prepare);

  const eightBody = builder.body(eight);
  eightBody.i32Const(8);
  eightBody.finish();
  const body = builder.body(prepare);
  for (const value of [20, 1, 2]) body.i32Const(value);
  body.memoryInit(data);
  body.dataDrop(data);
  for (const value of [0, 0, 1]) body.i32Const(value);
  body.tableInit(passive);
  for (const value of [1, 1, 1]) body.i32Const(value);
  body.tableInit(holes);
  body.elemDrop(holes);
  for (const value of [2, 0, 1]) body.i32Const(value);
  body.tableCopy(own, 0);
  for (const value of [24, 16, 2]) body.i32Const(value);
  body.memoryCopy();
  for (const value of [26, 9, 2]) body.i32Const(value);
  body.memoryFill();
  body.i64Const(5);
  body.globalSet(counter);
  body.finish();
  const pickBody = builder.body(pick);
  pickBody.localGet(0);
  pickBody.callIndirect(number, 0);
  pickBody.finish();

  const memory = new engine.Memory({ initial: 1 });
  const table = new engine.Table({ element: 'anyfunc', initial: 4 });
  const value = new engine.Global({ value: 'i64', mutable: true }, 0n);
  const exports = instantiate(builder.finish(), {
    host: { seven: () => 7, memory, table, base: 2, counter: value },
  });
  expect([0, 1, 2].map((index) => exports['pick'](index))).toEqual([7, 8, 7]);
  expect(table.get(3)).toBeNull();
  expect([0, 1, 2].map((index) => exports['own'].get(index)?.() ?? null)).toEqual([8, null, 7]);
  expect([0, 1, 2].map((i) => exports[`g${i}`].value)).toEqual([0.5, -0.25, 2]);
  expect(hex(new Uint8Array(memory.buffer).slice(16, 28))).toBe('01 02 03 00 05 06 00 00 01 02 09 09');
  expect(value.value).toBe(5n);
});

describe('the module builder refuses', () => {
  test.each<[string, string, (builder: ModuleBuilder) => void]>([
    [
      'a function without a body',
      'BAD_ORDER: function 0 has no body',
      (builder) => {
        builder.addFunction(builder.addType([], []));
        builder.finish();
      },
    ],
    [
      'an import after a definition',
      'BAD_ORDER: an import after a definition',
      (builder) => {
        const type = builder.addType([], []);
        builder.addFunction(type);
        builder.importFunction('m', 'f', type);
      },
    ],
    [
      'two bodies at once',
      'BAD_ORDER: another body is open',
      (builder) => {
        const type = builder.addType([], []);
        const functions = [builder.addFunction(type), builder.addFunction(type)];
        builder.body(functions[0]!);
        builder.body(functions[1]!);
      },
    ],
    [
      'a second body',
      'BAD_ORDER: function 0 of this module has a body already',
      (builder) => {
        const index = builder.addFunction(builder.addType([], []));
        builder.body(index).finish();
        builder.body(index);
      },
    ],
    [
      'an instruction sequence finished twice',
      'BAD_ORDER: finish: no body is open',
      (builder) => {
        const body = builder.body(builder.addFunction(builder.addType([], [])));
        body.finish();
        body.finish();
      },
    ],
    [
      'an open body at the end',
      'BAD_ORDER: a body is still open',
      (builder) => {
        builder.body(builder.addFunction(builder.addType([], [])));
        builder.finish();
      },
    ],
    [
      'the body of an import',
      'BAD_INDEX: body: function of this module -1',
      (builder) => {
        builder.body(builder.importFunction('m', 'f', builder.addType([], [])));
      },
    ],
    [
      'a second memory',
      'LIMIT: 2 memories, at most 1',
      (builder) => {
        builder.addMemory({ minimum: 0 });
        builder.addMemory({ minimum: 0 });
      },
    ],
    [
      'a memory above 4 GiB',
      'LIMIT: 65537 memory pages',
      (builder) => {
        builder.addMemory({ minimum: 0, maximum: 65_537 });
      },
    ],
    [
      'limits the wrong way round',
      'BAD_VALUE: table entries: 2 to 1 is no range',
      (builder) => {
        builder.addTable({ minimum: 2, maximum: 1 });
      },
    ],
    [
      'two exports of one name',
      'BAD_VALUE: "a" is exported already',
      (builder) => {
        builder.addMemory({ minimum: 0 });
        builder.exportMemory('a');
        builder.exportMemory('a');
      },
    ],
    [
      'an export of nothing',
      'BAD_INDEX: table 0 does not exist, there is none',
      (builder) => {
        builder.exportTable('t');
      },
    ],
    [
      'a start function with parameters',
      'TYPE_MISMATCH: the start function',
      (builder) => {
        builder.setStart(builder.addFunction(builder.addType([I32], [])));
      },
    ],
    [
      'a constant of another type',
      'TYPE_MISMATCH: a constant of type i32, i64 is needed',
      (builder) => {
        builder.addGlobal(I64, false, i32(1));
      },
    ],
    [
      'a constant from a mutable global',
      'BAD_VALUE: global 0 is mutable',
      (builder) => {
        builder.importGlobal('m', 'g', I32, true);
        builder.addGlobal(I32, false, globalValue(0));
      },
    ],
    [
      'a constant from a global of its own',
      'BAD_INDEX: imported global 0 does not exist',
      (builder) => {
        builder.addGlobal(I32, false, i32(1));
        builder.addGlobal(I32, false, globalValue(0));
      },
    ],
    [
      'a segment of functions that do not exist',
      'BAD_INDEX: function 3 does not exist',
      (builder) => {
        builder.addElements({ mode: 'passive', functions: [3] });
      },
    ],
    [
      'data for no memory',
      'BAD_INDEX: memory 0 does not exist',
      (builder) => {
        builder.addData(Uint8Array.of(1), i32(0));
      },
    ],
    [
      'a name that is no text',
      'BAD_VALUE: a name holds half a surrogate pair',
      (builder) => {
        builder.importMemory('\ud800', 'm', { minimum: 0 });
      },
    ],
    [
      '1,001 parameters',
      'LIMIT: 1001 parameters, at most 1000',
      (builder) => {
        builder.addType(
          Array.from({ length: 1001 }, () => I32),
          [],
        );
      },
    ],
    [
      'a type that is none',
      'BAD_VALUE: -16 is no value type',
      (builder) => {
        builder.addType([-16 as typeof I32], []);
      },
    ],
  ])('%s', (_, message, make) => {
    expect(() => make(new ModuleBuilder())).toThrow(message);
  });
});

test('one builder writes the same bytes again', () => {
  const builder = new ModuleBuilder();
  builder.body(builder.addFunction(builder.addType([], []))).finish();
  expect(builder.finish()).toEqual(builder.finish());
});
