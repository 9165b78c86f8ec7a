import { describe, expect, test } from 'vitest';
import { i32, i64 } from './constant.ts';
import type { FunctionBody } from './function-body.ts';
import { type Instruction, instructionOf, instructions, naturalAlignment } from './instructions.ts';
import { ModuleBuilder } from './module-builder.ts';
import { Op } from './opcodes.ts';
import { engine, hex } from './test-support/web-assembly.fixture.ts';
import { EMPTY, F32, F64, I32, I64 } from './value-types.ts';

function camelCase(name: string): string {
  return name.replace(/[._]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function opcodeBytes(code: number): string {
  return hex(code < 0x100 ? Uint8Array.of(code) : Uint8Array.of(code >> 8, code & 0xff));
}

/** Writes the instruction with its operands ready and its results taken away; the bytes of the instruction and what follows its opcode. */
const EMIT: Readonly<Record<Instruction['immediates'], (body: FunctionBody, row: Instruction) => string>> = {
  none: (body, { code }) => {
    body.op(code);
    return '';
  },
  control: (body, { code }) => {
    if (code === Op.else || code === Op.end) {
      body.i32Const(0);
      body.if();
      if (code === Op.else) body.else();
      body.end();
      return code === Op.else ? opcodeBytes(Op.end) : '';
    }
    if (code === Op.drop) body.i64Const(1);
    if (code === Op.select) for (let i = 0; i < 3; i++) body.i32Const(i);
    body.op(code);
    if (code === Op.select) body.op(Op.drop);
    return code === Op.select ? opcodeBytes(Op.drop) : '';
  },
  blockType: (body, { code }) => {
    if (code === Op.if) body.i32Const(1);
    if (code === Op.block) body.block();
    else if (code === Op.loop) body.loop();
    else body.if(EMPTY);
    body.end();
    return '40 0b';
  },
  label: (body, { code }) => {
    if (code === Op.brIf) body.i32Const(1);
    if (code === Op.br) body.br(0);
    else body.brIf(0);
    return '00';
  },
  labels: (body) => {
    body.i32Const(1);
    body.brTable([0, 0], 0);
    return '02 00 00 00';
  },
  function: (body) => {
    body.call(0);
    return '00';
  },
  typeAndTable: (body) => {
    body.i32Const(0);
    body.callIndirect(0, 1);
    return '00 01';
  },
  local: (body, { code }) => {
    if (code !== Op.localGet) body.i32Const(1);
    if (code === Op.localGet) body.localGet(0);
    else if (code === Op.localSet) body.localSet(0);
    else body.localTee(0);
    if (code !== Op.localSet) body.op(Op.drop);
    return code === Op.localSet ? '00' : '00 1a';
  },
  global: (body, { code }) => {
    if (code === Op.globalSet) body.i64Const(1);
    if (code === Op.globalSet) body.globalSet(0);
    else body.globalGet(0);
    if (code === Op.globalGet) body.op(Op.drop);
    return code === Op.globalSet ? '00' : '00 1a';
  },
  memory: (body, row) => {
    body.memory(row.code, 300);
    return `0${naturalAlignment(row)} ac 02`;
  },
  memoryIndex: (body, { code }) => {
    if (code === Op.memorySize) body.memorySize();
    else if (code === Op.memoryGrow) body.memoryGrow();
    else body.memoryFill();
    return '00';
  },
  i32: (body) => {
    body.i32Const(-2);
    return '7e';
  },
  i64: (body) => {
    body.i64Const(0, 1);
    return '80 80 80 80 10';
  },
  f32: (body) => {
    body.f32Const(2);
    return '00 00 00 40';
  },
  f64: (body) => {
    body.f64Const(2);
    return '00 00 00 00 00 00 00 40';
  },
  dataAndMemory: (body) => {
    body.memoryInit(1);
    return '01 00';
  },
  data: (body) => {
    body.dataDrop(1);
    return '01';
  },
  twoMemories: (body) => {
    body.memoryCopy();
    return '00 00';
  },
  elementAndTable: (body) => {
    body.tableInit(0, 1);
    return '00 01';
  },
  element: (body) => {
    body.elemDrop(0);
    return '00';
  },
  twoTables: (body) => {
    body.tableCopy(1, 0);
    return '01 00';
  },
};

/** A module with one of everything, whose last function holds nothing but the instruction between its operands and drops. */
function moduleWith(
  row: Instruction,
  checked: boolean,
): { readonly module: Uint8Array; readonly immediates: string } {
  const builder = new ModuleBuilder({ checked });
  const nothing = builder.addType([], []);
  builder.importFunction('m', 'f', nothing);
  builder.addTable({ minimum: 1 });
  builder.addTable({ minimum: 1 });
  builder.addMemory({ minimum: 1 });
  builder.addGlobal(I64, true, i64(0n));
  builder.addElements({ mode: 'passive', functions: [0] });
  builder.addData(Uint8Array.of(1), i32(0));
  builder.addData(Uint8Array.of(2));
  const body = builder.body(builder.addFunction(nothing));
  body.addLocal(I32);
  for (const type of row.parameters) {
    if (type === I32) body.i32Const(0);
    else if (type === I64) body.i64Const(0);
    else if (type === F32) body.f32Const(0);
    else if (type === F64) body.f64Const(0);
  }
  const immediates = EMIT[row.immediates](body, row);
  for (const _ of row.results) body.op(Op.drop);
  body.finish();
  return { module: builder.finish(), immediates };
}

describe('every instruction', () => {
  test.each(instructions.map((row) => [row.name, row] as const))('%s encodes and validates', (_, row) => {
    const { module, immediates } = moduleWith(row, true);
    expect(engine.validate(module)).toBe(true);
    const drops = row.results.map(() => '1a');
    const tail = [opcodeBytes(row.code), immediates, ...drops, '0b'].filter((part) => part !== '').join(' ');
    // Behind the code stands the data section: an active segment of 6 bytes, a passive one of 3.
    expect(hex(module).slice(0, -' 0b 0a 02 00 41 00 0b 01 01 01 01 02'.length).endsWith(` ${tail}`)).toBe(
      true,
    );
    expect(hex(moduleWith(row, false).module)).toBe(hex(module));
  });

  test('has one row, and its name in camel case in Op', () => {
    const named = Object.fromEntries(instructions.map(({ name, code }) => [camelCase(name), code]));
    expect(named).toEqual({ ...Op });
    expect(instructions).toHaveLength(192);
    expect(new Set(instructions.map(({ code }) => code)).size).toBe(192);
    for (const row of instructions) expect(instructionOf(row.code)).toBe(row);
  });

  test('covers the one-byte opcodes of the MVP and sign extension without gaps', () => {
    const gaps = [];
    for (let code = 0; code < 0xc5; code++) if (instructionOf(code) === undefined) gaps.push(code);
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
    // Exceptions, reserved numbers, tail calls, typed select, table.get and table.set: later proposals.
    expect(gaps).toEqual([
      ...range(0x06, 0x0a),
      ...range(0x12, 0x19),
      ...range(0x1c, 0x1f),
      ...range(0x25, 0x27),
    ]);
    expect(range(0xfc00, 0xfc0e).every((code) => instructionOf(code) !== undefined)).toBe(true);
    expect(instructionOf(0xfc0f)).toBeUndefined();
    expect(instructionOf(0x6a6a)).toBeUndefined();
  });
});
