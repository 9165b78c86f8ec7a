import { expect, test } from 'vitest';
import {
  buildArchive,
  buildBsdArchive,
  member,
  rawArchive,
  type TestMember,
} from './archive-builder.fixture.ts';
import { readElf } from './elf-reader.fixture.ts';
import { link } from './link.ts';
import type { LinkMap } from './link-map.ts';
import { buildObject, CALL, CODE, EXIT, RETURN_0, slots, UNDEFINED } from './object-builder.fixture.ts';

/** An object that defines `name` and calls the others. */
function calling(name: string, callees: readonly string[], binding = 1): Uint8Array {
  return buildObject(
    [
      {
        name: `.text.${name}`,
        flags: CODE,
        bytes: slots(...callees.map(() => CALL), EXIT),
        relocations: callees.map((_, index) => [index * 8, 10, index + 2] as const),
      },
    ],
    [
      { name, size: (callees.length + 1) * 8, binding },
      ...callees.map((callee) => ({ name: callee, section: UNDEFINED })),
    ],
  );
}

const file = (name: string, ...callees: readonly string[]): TestMember => ({
  name: `${name}.o`,
  bytes: calling(name, callees),
});

/** Names of the drawn members, and of all functions in the file. */
function drawn(...inputs: { name: string; bytes: Uint8Array }[]) {
  let map: LinkMap | undefined;
  const elf = readElf(link(inputs, { onMap: (created) => (map = created) }));
  const functions = elf.symbols.filter(({ section }) => section !== 0).map(({ name }) => name);
  return { members: map!.members, functions };
}

test.each([
  ['GNU', buildArchive],
  ['BSD', buildBsdArchive],
])('draws what is wanted, and what that wants, from a %s archive', (_, build) => {
  const bytes = build([file('unused'), file('b'), file('a', 'b', 'tos_log'), file('a_name_that_is_long')]);
  const main = { name: 'main.o', bytes: calling('entrypoint', ['a', 'a_name_that_is_long']) };
  const { members, functions } = drawn(main, { name: 'lib.a', bytes });
  expect(members).toEqual(['lib.a(a.o)', 'lib.a(a_name_that_is_long.o)', 'lib.a(b.o)']);
  expect([...functions].sort()).toEqual(['a', 'a_name_that_is_long', 'b', 'entrypoint']);
});

test('archives may want each other, in any order', () => {
  const one = { name: 'one.a', bytes: buildArchive([file('a', 'b'), file('c', 'd'), file('e')]) };
  const two = { name: 'two.a', bytes: buildArchive([file('d', 'e'), file('b', 'c')]) };
  const main = { name: 'main.o', bytes: calling('entrypoint', ['a']) };
  const expected = ['one.a(a.o)', 'two.a(b.o)', 'one.a(c.o)', 'two.a(d.o)', 'one.a(e.o)'];
  expect(drawn(main, one, two).members).toEqual(expected);
  expect(drawn(two, one, main).members).toEqual(expected);
});

test('the first archive that defines a name has it, and an object before all archives', () => {
  const one = { name: 'one.a', bytes: buildArchive([file('a')]) };
  const two = { name: 'two.a', bytes: buildArchive([file('a')]) };
  const main = { name: 'main.o', bytes: calling('entrypoint', ['a']) };
  expect(drawn(main, two, one).members).toEqual(['two.a(a.o)']);
  expect(drawn(one, main, { name: 'a.o', bytes: calling('a', []) }).members).toEqual([]);
});

test('a weak undefined name draws nothing, and has the address 0', () => {
  const main = buildObject(
    [
      {
        name: '.text',
        flags: CODE,
        bytes: slots([0x18, 1], [0], EXIT),
        relocations: [[0, 1, 2]],
      },
    ],
    [
      { name: 'entrypoint', size: 24 },
      { name: 'a', section: UNDEFINED, binding: 2 },
    ],
  );
  const inputs = [
    { name: 'main.o', bytes: main },
    { name: 'lib.a', bytes: buildArchive([file('a')]) },
  ];
  expect(drawn(...inputs).members).toEqual([]);
  const elf = readElf(link(inputs));
  expect(elf.u32(elf.section('.text').address + 4)).toBe(0);
  expect(elf.relocations).toEqual([]);
});

test('an archive alone gives its entrypoint', () => {
  const bytes = buildArchive([file('a'), file('entrypoint', 'a')]);
  expect(drawn({ name: 'lib.a', bytes }).members).toEqual(['lib.a(entrypoint.o)', 'lib.a(a.o)']);
});

test('a drawn member that defines a name again is refused with both files', () => {
  const both = buildObject(
    [{ name: '.text', flags: CODE, bytes: RETURN_0 }],
    [
      { name: 'a', size: 16 },
      { name: 'entrypoint', size: 16 },
    ],
  );
  const main = { name: 'main.o', bytes: calling('entrypoint', ['a']) };
  expect(() =>
    link([main, { name: 'lib.a', bytes: buildArchive([{ name: 'both.o', bytes: both }]) }]),
  ).toThrow('lib.a(both.o): entrypoint is also defined in main.o (at symbol entrypoint)');
});

test('takes the index of 64-bit archives and a member of odd length', () => {
  const odd = new Uint8Array([...calling('entrypoint', []), 0]);
  const bytes = rawArchive(
    member('/SYM64/', new Uint8Array(8)),
    member('odd.o/', odd),
    member('a.o/', calling('a', [])),
  );
  expect(drawn({ name: 'lib.a', bytes }).members).toEqual(['lib.a(odd.o)']);
});
