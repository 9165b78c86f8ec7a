import {
  bytesToHex,
  concatBytes,
  encodeUtf8,
  hexToBytes,
  VmError,
  WireReader,
  WireWriter,
} from '@switchyard/core';
import { decodeModule } from '@switchyard/legacy';
import { tbpfEngine } from '@switchyard/tbpf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EnvironmentBuilder } from './environment-builder.ts';
import { Module } from './module.ts';
import { MAX_MODULE_BYTES } from './module-wire.ts';
import { builder, errorOf, fixture, legacy } from './test-environment.fixture.ts';

const environment = builder().build();
const counter = fixture('contracts/counter/counter.so');
const legacyCounter = fixture('contracts/legacy/counter.module');

/** The wire form of an ELF file with tables of any kind. */
function wire(
  elf: Uint8Array,
  entries: readonly (readonly [number, string])[],
  hooks: readonly (readonly [number, string])[],
): Uint8Array {
  const writer = new WireWriter().u32(elf.length).bytes(elf).u16(entries.length);
  const text = (name: string) => writer.u32(name.length).bytes(new TextEncoder().encode(name));
  for (const [id, name] of entries) {
    writer.u16(id);
    text(name);
  }
  writer.u8(hooks.length);
  for (const [id, name] of hooks) {
    writer.u8(id);
    text(name);
  }
  return writer.finish();
}

const entries = [
  [0, 'entry_0'],
  [1, 'entry_1'],
] as const;
const hooks = [[0, 'hook_0']] as const;

describe('a module', () => {
  test('knows what can be called in an ELF file, by its symbols', () => {
    const module = Module.fromElf(counter, environment);
    expect(module.entryPointIds()).toEqual([0, 1]);
    expect(module.hookIds()).toEqual([0]);
    expect([module.entryPoint(1), module.hook(0)]).toEqual(['entry_1', 'hook_0']);
    expect([module.entryPoint(2), module.hook(1)]).toEqual([undefined, undefined]);
    expect(module.textSection).toEqual({ offset: 232, size: 1232 });
    expect(module.elfBytes()).toEqual(counter);
    expect(Module.new(counter, environment).equals(module)).toBe(true);
  });

  test('knows what can be called in a legacy module, by its tables', () => {
    const module = Module.fromLegacy(legacyCounter, environment);
    expect(module.entryPointIds()).toEqual([1, 2]);
    expect(module.hookIds()).toEqual([0]);
    expect(module.textSection).toBeUndefined();
  });

  test('warns when nothing in it can be called by number', () => {
    expect(Module.new(fixture('contracts/hello_world/hello_world.so'), environment).warnings).toEqual([
      'no entry_N, hook_N or other function is exported: only the default entry can be called.',
    ]);
  });

  test('does not change with the bytes that it was made from', () => {
    const bytes = counter.slice();
    const module = Module.fromElf(bytes, environment);
    bytes.fill(0);
    expect(module.elfBytes()).toEqual(counter);
    const buffer = Buffer.from(counter);
    const ofBuffer = Module.fromElf(buffer, environment);
    buffer.fill(0);
    expect(ofBuffer.elfBytes()).toEqual(counter);
  });

  test('is refused above 1 MiB, by format and by verifier', () => {
    const large = concatBytes(counter, new Uint8Array(MAX_MODULE_BYTES));
    expect(errorOf(() => Module.fromElf(large, environment))).toMatchObject({
      code: 'CODE_TOO_LARGE',
      native: { name: 'InvalidSize' },
    });
    expect(errorOf(() => Module.fromElf(legacyCounter, environment)).code).toBe('CODE_INVALID');
    expect(errorOf(() => Module.fromLegacy(counter, environment)).code).toBe('CODE_INVALID');
    expect(errorOf(() => Module.fromElf(counter.subarray(0, 70), environment)).code).toBe('CODE_INVALID');
    expect(errorOf(() => Module.new(new Uint8Array(0), environment)).code).toBe('CODE_INVALID');
  });

  test('that is damaged is CODE_INVALID however it is read, under the name and with the words of its decoder', () => {
    const damaged: Uint8Array[] = [...legacyCounter.keys()].map((length) => legacyCounter.slice(0, length));
    // Two equal constants, a bool of 2, text, and bytes behind the module.
    damaged.push(hexToBytes('00020001010001010000000000')!, hexToBytes('00010007020000000000')!);
    damaged.push(encodeUtf8('hello\n'), concatBytes(legacyCounter, Uint8Array.of(0)));
    for (const bytes of damaged) {
      const decoded = decodeModule(bytes);
      const native = { name: decoded.ok ? 'InvalidSize' : decoded.name };
      const message = decoded.ok
        ? `it ends at byte ${legacyCounter.length} of ${bytes.length}.`
        : `not a legacy module: ${decoded.detail}.`;
      for (const read of [Module.new, Module.fromLegacy, Module.fromBytes]) {
        const error = errorOf(() => read(bytes, environment));
        expect(error).toMatchObject({ code: 'CODE_INVALID', native });
        if (read !== Module.fromBytes || !decoded.ok) expect(error.message).toContain(message);
      }
    }
  });

  test('that decodes and is refused by its verifier is CODE_INVALID under the verifier’s name', () => {
    const broken = legacy('.byte 255');
    const refused = { code: 'CODE_INVALID', native: { name: 'InvalidOpCode' } };
    expect(errorOf(() => Module.new(broken, environment))).toMatchObject(refused);
    expect(errorOf(() => Module.fromLegacy(broken, environment))).toMatchObject(refused);
    const read = errorOf(() => Module.fromBytes(broken, environment));
    expect(read).toMatchObject({ code: 'CODE_INVALID', native: { name: 'InvalidValue' }, cause: refused });
    for (let length = 0; length < counter.length; length += 7) {
      const error = errorOf(() => Module.new(counter.slice(0, length), environment));
      expect(error).toMatchObject({ code: 'CODE_INVALID', native: { name: expect.any(String) } });
    }
  });

  test('of no format that the engines which are on could tell is CODE_FORMAT_UNKNOWN, on the wire InvalidValue', () => {
    const elfOnly = new EnvironmentBuilder({ engines: [tbpfEngine] }).build();
    expect(errorOf(() => Module.new(legacyCounter, elfOnly)).code).toBe('CODE_FORMAT_UNKNOWN');
    expect(errorOf(() => Module.fromBytes(legacyCounter, elfOnly))).toMatchObject({
      code: 'CODE_INVALID',
      native: { name: 'InvalidValue' },
    });
  });
});

describe('on the wire', () => {
  test('an ELF file stands after its length and before its tables, big-endian, ids ascending', () => {
    const module = Module.fromElf(counter, environment);
    const bytes = module.toBytes();
    expect(bytes).toEqual(wire(counter, entries, hooks));
    expect(bytesToHex(bytes.subarray(4 + counter.length))).toBe(
      `0002${'0000'}${'00000007'}${bytesToHex(new TextEncoder().encode('entry_0'))}${'0001'}${'00000007'}${bytesToHex(new TextEncoder().encode('entry_1'))}${'01'}${'00'}${'00000006'}${bytesToHex(new TextEncoder().encode('hook_0'))}`,
    );
    expect(module.size()).toBe(bytes.length);
    expect(Module.fromBytes(bytes, environment).equals(module)).toBe(true);
  });

  test('a legacy module is as it is, and tells its own end', () => {
    const module = Module.fromLegacy(legacyCounter, environment);
    expect(module.toBytes()).toEqual(legacyCounter);
    expect(module.size()).toBe(legacyCounter.length);
    const reader = new WireReader(concatBytes(legacyCounter, Uint8Array.of(1, 2)));
    expect(Module.read(reader, environment).equals(module)).toBe(true);
    expect([...reader.rest]).toEqual([1, 2]);
  });

  test.each([
    ['a missing entry', entries.slice(1), hooks],
    ['another order', entries.toReversed(), hooks],
    ['another name', [entries[0], [1, 'entry_2']] as const, hooks],
    ['another id', [entries[0], [2, 'entry_1']] as const, hooks],
    ['one more hook', entries, [...hooks, [1, 'hook_1']] as const],
    ['an endless name', [entries[0], [1, 'e'.repeat(99)]] as const, hooks],
  ])('tables with %s are InvalidValue', (_what, wrongEntries, wrongHooks) => {
    const error = errorOf(() => Module.fromBytes(wire(counter, wrongEntries, wrongHooks), environment));
    expect(error).toMatchObject({ code: 'CODE_INVALID', native: { name: 'InvalidValue' } });
  });

  test('a length above 1 MiB and bytes that end early are InvalidSize', () => {
    const bytes = wire(counter, entries, hooks);
    const long = bytes.slice();
    long.set([0, 0x10, 0, 1]);
    expect(errorOf(() => Module.fromBytes(long, environment))).toMatchObject({
      code: 'CODE_TOO_LARGE',
      native: { name: 'InvalidSize' },
    });
    for (const length of [8, 100, counter.length + 5, bytes.length - 1]) {
      expect(errorOf(() => Module.fromBytes(bytes.subarray(0, length), environment))).toMatchObject({
        code: 'CODE_INVALID',
        native: { name: 'InvalidSize' },
      });
    }
    expect(
      errorOf(() => Module.fromBytes(concatBytes(bytes, Uint8Array.of(0)), environment)).native?.name,
    ).toBe('InvalidSize');
  });

  test('an ELF file that does not load is InvalidValue', () => {
    const broken = counter.slice();
    broken[18] = 0x3e;
    const error = errorOf(() => Module.fromBytes(wire(broken, entries, hooks), environment));
    expect(error).toMatchObject({ code: 'CODE_INVALID', native: { name: 'InvalidValue' } });
    expect((error.cause as VmError).native?.detail).toBeDefined();
  });

  test('whatever bytes come, a module or a VmError comes out, and what is read writes the same bytes', () => {
    const originals = [wire(counter, entries, hooks), legacyCounter];
    fc.assert(
      fc.property(
        fc.constantFrom(...originals),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
        fc.nat(),
        (original, changes, cut) => {
          const bytes = original.slice(0, cut % 4 === 0 ? cut % original.length : original.length);
          for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
          try {
            const module = Module.fromBytes(bytes, environment);
            expect(module.toBytes()).toEqual(bytes);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(VmError);
          }
        },
      ),
      { seed: 20250920, numRuns: 500 },
    );
  });
});
