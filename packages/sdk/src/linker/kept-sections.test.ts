import { expect, test } from 'vitest';
import { readElf } from './elf-reader.fixture.ts';
import { type LinkOptions, link } from './link.ts';
import type { LinkMap } from './link-map.ts';
import {
  buildObject,
  CALL,
  CODE,
  CONSTANT,
  EXIT,
  RETURN_0,
  slots,
  type TestSection,
  type TestSymbol,
  UNDEFINED,
  WRITABLE,
} from './object-builder.fixture.ts';

/** Names of the sections that are kept, and of those that are left out. */
function kept(objects: readonly Uint8Array[], options: LinkOptions = {}) {
  let map: LinkMap | undefined;
  const inputs = objects.map((bytes, index) => ({ name: `${'abc'.charAt(index)}.o`, bytes }));
  const elf = link(inputs, {
    ...options,
    onMap: (created) => {
      map = created;
    },
  });
  const names = (list: readonly { object: string; section: string }[]) =>
    list.map(({ object, section }) => `${object}${section}`);
  return { kept: names(map!.sections), removed: names(map!.removed), builtins: map!.builtins, elf };
}

const code = (name: string, ...callees: readonly number[]): TestSection => ({
  name,
  flags: CODE,
  bytes: slots(...callees.map(() => CALL), EXIT),
  ...(callees.length === 0
    ? {}
    : { relocations: callees.map((symbol, index) => [index * 8, 10, symbol] as const) }),
});
const entry: TestSymbol = { name: 'entrypoint', size: 8 };
const hidden = (name: string, section: number): TestSymbol => ({ name, section, visibility: 2, size: 8 });

test('leaves out code and data that no exported function reaches, also through data', () => {
  const object = buildObject(
    [
      code('.text.entrypoint', 2),
      code('.text.used', 3),
      code('.text.deep'),
      code('.text.unused', 3),
      { name: '.data.rel.ro.table', flags: WRITABLE, bytes: slots([0]), relocations: [[0, 2, 4]] },
      { name: '.rodata.unused', flags: CONSTANT, bytes: [1, 2, 3] },
      { name: '.bss.unused', flags: WRITABLE, bytes: [], type: 8, size: 8 },
    ],
    [entry, hidden('used', 2), hidden('deep', 3), hidden('unused', 4)],
  );
  expect(kept([object]).kept).toEqual(['a.o.text.entrypoint', 'a.o.text.used', 'a.o.text.deep']);
  expect(kept([object]).removed).toEqual([
    'a.o.text.unused',
    'a.o.data.rel.ro.table',
    'a.o.rodata.unused',
    'a.o.bss.unused',
  ]);
});

test('keeps every exported function, entries by name, and what is marked to be retained', () => {
  const object = buildObject(
    [
      code('.text.entry_0'),
      code('.text.exported'),
      code('.text.hook_1'),
      { ...code('.text.retained'), flags: CODE | 0x20_0000 },
      code('.text.unused'),
    ],
    [
      { name: 'entry_0', size: 8 },
      { name: 'exported', section: 2, size: 8 },
      { name: 'hook_1', section: 3, size: 8, visibility: 2 },
    ],
  );
  expect(kept([object]).removed).toEqual(['a.o.text.unused']);
});

test('keeps all when it is told to', () => {
  const object = buildObject([code('.text.entrypoint'), code('.text.unused')], [entry]);
  expect(kept([object], { gcSections: false }).removed).toEqual([]);
});

test('names the writable variables of a section that is needed', () => {
  const object = buildObject(
    [
      {
        name: '.text',
        flags: CODE,
        bytes: slots([0x18, 1], [0], EXIT),
        relocations: [[0, 1, 2]],
      },
      { name: '.bss', flags: WRITABLE, bytes: [], type: 8, size: 24 },
    ],
    [
      { name: 'entrypoint', size: 24 },
      { name: 'counter', section: 2, type: 1, size: 8 },
      { name: 'total', section: 2, type: 1, size: 8, value: 8 },
    ],
  );
  expect(() => kept([object])).toThrow(
    'section .bss is writable; a contract has constants only (at .bss, 24 bytes, symbols counter, total)',
  );
});

test('takes one copy of a group; the others mean its symbols, but not those that only they have', () => {
  const copy = (name: string, callee: number) =>
    buildObject(
      [
        code(`.text.${name}`, callee),
        code('.text.shared'),
        { name: '.group', type: 17, flags: 0, bytes: [1, 0, 0, 0, 2, 0, 0, 0], link: 5, info: 2 },
      ],
      [
        { name, size: 16 },
        { name: 'shared', section: 2, size: 8 },
        { name: 'own', section: 2, binding: 0, size: 8 },
      ],
    );
  const both = kept([copy('entrypoint', 2), copy('entry_1', 2)]);
  expect(both.kept).toEqual(['a.o.text.entrypoint', 'a.o.text.shared', 'b.o.text.entry_1']);
  const elf = readElf(both.elf);
  const start = elf.section('.text').address;
  // entrypoint at slot 0, shared at 2, entry_1 at 3: both call slot 2.
  expect([elf.i32(start + 4), elf.i32(start + 28)]).toEqual([1, -2]);
  expect(() => kept([copy('entrypoint', 2), copy('entry_1', 3)])).toThrow(
    'b.o: own is in section .text.shared, which is left out: an earlier object has the same group (at .text.entry_1+0x0)',
  );
});

test.each(['memcpy', 'memmove', 'memset', 'memcmp', 'bcmp'])(
  'supplies %s when it is called and nothing defines it, hidden from outside',
  (name) => {
    const caller = buildObject(
      [code('.text', 2)],
      [
        { ...entry, size: 16 },
        { name, section: UNDEFINED },
      ],
    );
    const { builtins, elf } = kept([caller], { strict: true });
    expect(builtins).toEqual([name]);
    const names = readElf(elf).symbols.map((symbol) => symbol.name);
    expect(names).not.toContain(name);
    const own = buildObject([{ name: '.text', flags: CODE, bytes: RETURN_0 }], [{ name, size: 16 }]);
    expect(kept([caller, own]).builtins).toEqual([]);
  },
);

test('the map gives the address and size of every section in the file', () => {
  const object = buildObject(
    [code('.text.entrypoint', 2), code('.text.used')],
    [{ ...entry, size: 16 }, hidden('used', 2)],
  );
  let map: LinkMap | undefined;
  const onMap = (created: LinkMap) => {
    map = created;
  };
  link([{ name: 'a.o', bytes: object }], { onMap });
  expect(map?.sections).toEqual([
    { object: 'a.o', section: '.text.entrypoint', address: 232, size: 16 },
    { object: 'a.o', section: '.text.used', address: 248, size: 8 },
  ]);
  link([{ name: 'a.o', bytes: object }], { onMap, version: 3 });
  expect(map?.sections).toEqual([
    { object: 'a.o', section: '.text.entrypoint', address: 24, size: 24 },
    { object: 'a.o', section: '.text.used', address: 48, size: 16 },
  ]);
});
