import {
  createContext,
  createEngineServices,
  hexToBytes,
  JournaledState,
  MemoryBackend,
  type TypedValue,
  VmError,
  WireReader,
} from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { legacyCalls } from './call-codec.ts';
import { readParameters } from './contract.ts';
import { LegacyEngine } from './engine.ts';
import { LegacyTools } from './tools.ts';
import { type Box, unmetered } from './values/box.ts';
import { describeCell } from './values/display.ts';
import { Kind } from './values/kind.ts';
import { make } from './values/make.ts';
import { typedOf } from './values/typed.ts';
import { CellWriter } from './wire/cell-writer.ts';
import { encodeCell } from './wire/encode-cell.ts';
import { encodeModule } from './wire/encode-module.ts';
import { readCell } from './wire/read-cell.ts';

const text = (value: string): TypedValue => ({ kind: 'string', value });
const u64 = (value: bigint): TypedValue => ({ kind: 'u64', value });
const opaque = (type: string, bytes: number): TypedValue => ({
  kind: 'opaque',
  type,
  content: new Uint8Array(bytes),
});
const encode = (...values: readonly TypedValue[]): Uint8Array =>
  legacyCalls.encodeParameters(values.map((value) => ({ value })));

function errorOf(action: () => unknown): VmError {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof VmError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

/**
 * A text of 65,536 + 3 bytes, before the parameters u64 and empty bytes. Once its length is cut to 16 bits it reads as "pay", u64 65, and
 * bytes that swallow the rest of it and both parameters.
 */
const INJECTING = `pay\0\x04${'\0'.repeat(7)}A\x01\0\x01\0\0`.padEnd(65_539, 'x');

describe('parameters that would be read back as others are refused', () => {
  const long = 'a string of 65539 bytes; at most 65535 can be written.';

  test('which the reference’s writer makes of them', () => {
    const cells = [make.string(INJECTING), make.integer(Kind.U64, 5n), make.bytes(new Uint8Array(0))];
    const writer = new CellWriter().u8(cells.length);
    for (const cell of cells) writer.cell(cell);
    const read = readParameters(writer.finish()) as readonly Box[];
    expect(read.map((cell) => describeCell(cell).slice(0, 20))).toEqual([
      '"pay"',
      'u64:65',
      'bytes[120, 120, 120,',
    ]);
  });

  test.each<readonly [string, readonly TypedValue[], string]>([
    [
      'a long string',
      [text(INJECTING), u64(5n), { kind: 'bytes', value: new Uint8Array(0) }],
      `parameter 0: ${long}`,
    ],
    [
      'one in an object',
      [u64(1n), { kind: 'object', elements: [u64(1n), text(INJECTING)] }],
      `parameter 1: element 1: ${long}`,
    ],
    ['one as a key', [{ kind: 'map', entries: [[text(INJECTING), u64(1n)]] }], `parameter 0: key 0: ${long}`],
    [
      'one as a value',
      [{ kind: 'map', entries: [[u64(1n), text(INJECTING)]] }],
      `parameter 0: value 0: ${long}`,
    ],
    [
      'one that is long in UTF-8 only',
      [text('é'.repeat(32_768))],
      'parameter 0: a string of 65536 bytes; at most 65535 can be written.',
    ],
    [
      'a long range proof',
      [opaque('RangeProof', 65_536 + 288)],
      'parameter 0: a RangeProof of 65824 bytes; at most 65535 can be written.',
    ],
    [
      'a range proof of no whole parts',
      [opaque('RangeProof', 289)],
      'parameter 0: a RangeProof of 289 bytes; expected a multiple of 32 from 288.',
    ],
    ['a short hash', [opaque('Hash', 31)], 'parameter 0: Hash of 31 bytes; expected 32.'],
    ['a type of the host', [opaque('Ticket', 2)], 'parameter 0: Ticket has no wire form.'],
  ])('%s', (_what, values, message) => {
    const error = errorOf(() => encode(...values));
    expect(error).toMatchObject({ code: 'VALUE_INVALID', native: { name: 'SerializationFailed' }, message });
  });

  test('and the longest that fit are read back', () => {
    const values = [text('x'.repeat(65_535)), opaque('RangeProof', 65_504), u64(7n)];
    const read = readParameters(encode(...values));
    if (read instanceof VmError) throw read;
    expect(read.map((cell) => typedOf(cell, unmetered))).toEqual(values);
  });
});

describe('a result', () => {
  const resultOf = (source: string) => {
    const engine = new LegacyEngine({}, createEngineServices());
    const code = new LegacyTools().assemble(`.entry #main\n#main\n${source}\nRETURN`);
    return engine.execute(
      code,
      createContext({ gasLimit: 10_000_000n }),
      new JournaledState(new MemoryBackend()),
    );
  };
  /** A string of 2^17 bytes: its length cut to 16 bits is 0. */
  const LONG = `CONSTANT "xx"${'\nCOPY\nADD'.repeat(16)}`;

  test('without a wire form is an error that says so, and no other value', () => {
    for (const [source, fault] of [
      [LONG, 'a string of 131072 bytes; at most 65535 can be written'],
      [`${LONG}\nNEWOBJECT 1`, 'element 0: a string of 131072 bytes; at most 65535 can be written'],
      ['SYSCALL Storage.new\nCONSTANT u64:1\nNEWOBJECT 2', 'element 0: Storage has no wire form'],
    ] as const) {
      const result = resultOf(source);
      expect(result).toMatchObject({
        status: 'failed',
        error: {
          code: 'INVALID_ARGUMENT',
          message: `the contract returned a value that has no wire form: ${fault}.`,
          native: { name: 'SerializationFailed' },
        },
      });
      expect(result.returnData).toEqual(new Uint8Array(0));
      expect(legacyCalls.resultOf(result)).toBeUndefined();
    }
  });

  test('that more bytes follow is no value', () => {
    const result = { ...resultOf('CONSTANT "x"'), returnData: hexToBytes('0008000161ff')! };
    expect(errorOf(() => legacyCalls.resultOf(result))).toMatchObject({
      code: 'VALUE_INVALID',
      message: 'the result is no cell: one ends at byte 5 of 6.',
    });
  });
});

describe('what a host writes is read back, or refused', () => {
  test('a cell', () => {
    expect(errorOf(() => encodeCell(make.string('x'.repeat(65_536))))).toMatchObject({
      code: 'VALUE_INVALID',
      message: 'the cell has no wire form: a string of 65536 bytes; at most 65535 can be written.',
    });
    const longest = make.object([make.string('x'.repeat(65_535)), make.u8(1)]);
    expect(typedOf(readCell(new WireReader(encodeCell(longest))), unmetered)).toEqual(
      typedOf(longest, unmetered),
    );
    expect(errorOf(() => encodeCell(make.string('\ud800'))).code).toBe('VALUE_INVALID');
    expect(errorOf(() => encodeCell(make.range(make.u8(1), make.null()))).code).toBe('VALUE_INVALID');
  });

  test('a module', () => {
    const module = {
      constants: [make.u8(1), make.string('x'.repeat(70_000))],
      chunks: [Uint8Array.of(20)],
      entries: new Set([0]),
      hooks: new Map<number, number>(),
    };
    expect(errorOf(() => encodeModule(module)).message).toBe(
      'the module has no wire form: constant 1: a string of 70000 bytes; at most 65535 can be written.',
    );
    const source = `.entry #main\n#main\nCONSTANT "${'x'.repeat(70_000)}"\nRETURN`;
    expect(errorOf(() => new LegacyTools().assemble(source))).toMatchObject({
      code: 'ASSEMBLY_INVALID',
      message:
        'line 3: the constant has no wire form: a string of 70000 bytes; at most 65535 can be written.',
    });
  });
});
