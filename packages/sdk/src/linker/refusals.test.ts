import { VmError } from '@switchyard/core';
import { expect, test } from 'vitest';
import { contractFile } from '../contract-files.fixture.ts';
import { link } from './link.ts';
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

const text: TestSection = { name: '.text', flags: CODE, bytes: RETURN_0 };
const entry: TestSymbol = { name: 'entrypoint', size: 16 };

/** Code, message and hint of what linking these objects throws. */
function refusal(...objects: Uint8Array[]): string {
  try {
    // Everything is kept, so that a section is looked at although nothing refers to it.
    const inputs = objects.map((bytes, index) => ({ name: `${'abc'.charAt(index)}.o`, bytes }));
    link(inputs, { gcSections: false });
  } catch (error) {
    if (error instanceof VmError) return `${error.code}: ${error.message} | ${error.hint}`;
    throw error;
  }
  return 'linked';
}

const withText = (section: Partial<TestSection>, ...symbols: TestSymbol[]) =>
  buildObject([{ ...text, ...section }], [entry, ...symbols]);
const withSection = (section: Partial<TestSection>, ...symbols: TestSymbol[]) =>
  buildObject([text, { name: '.rodata', flags: CONSTANT, bytes: RETURN_0, ...section }], [entry, ...symbols]);
const call = (symbol: TestSymbol, imm = -1) =>
  withText({ bytes: slots([0x85, 0x10, 0, imm], EXIT), relocations: [[0, 10, 2]] }, symbol);
const load = (symbol: TestSymbol, high = 0) =>
  withText({ bytes: slots([0x18, 1], [0, 0, 0, high], EXIT), relocations: [[0, 1, 2]] }, symbol);

/** Changes bytes of a good object. */
function patched(at: number, ...bytes: number[]): Uint8Array {
  const object = buildObject([text], [entry]);
  object.set(bytes, at);
  return object;
}

const cases: Record<string, () => string> = {
  'no objects': () => refusal(),
  'an empty file': () => refusal(new Uint8Array(0)),
  'a C source': () => refusal(new TextEncoder().encode('int main(void) { return 0; }'.padEnd(80))),
  'a linked contract': () => refusal(contractFile('counter/counter.so')),
  'an object of another machine': () => refusal(patched(18, 62, 0)),
  'a cut object': () => refusal(buildObject([text], [entry]).subarray(0, 400)),
  'a 32-bit object': () => refusal(patched(4, 1)),
  'no section names': () => refusal(patched(62, 0, 0)),
  'writable data': () =>
    refusal(withSection({ name: '.data', flags: WRITABLE }, { name: 'counter', type: 1, section: 2 })),
  'zeroed data': () => refusal(withSection({ name: '.bss', flags: WRITABLE, type: 8, size: 8 })),
  'a large zeroed constant': () => refusal(withSection({ name: '.rodata.zero', type: 8, size: 8 })),
  'a constructor table': () => refusal(withSection({ name: '.init_array', flags: WRITABLE, type: 14 })),
  'thread-local data': () => refusal(withSection({ name: '.tdata', flags: CONSTANT | 0x400 })),
  'writable code': () => refusal(withSection({ name: '.text.rw', flags: CODE | 1 })),
  'a common symbol': () => refusal(withText({}, { name: 'total', type: 1, section: 0xfff2 })),
  'code that is not whole instructions': () => refusal(withText({ bytes: [0x95, 0, 0] })),
  'an odd alignment': () => refusal(withSection({ alignment: 24 })),
  'a huge alignment': () => refusal(withSection({ alignment: 65_536 })),
  'no entry': () => refusal(buildObject([text], [{ name: 'main', size: 16 }])),
  'a static entrypoint': () => refusal(buildObject([text], [{ ...entry, binding: 0 }])),
  'an entry that is data': () => refusal(withSection({}, { name: 'entry_0', type: 1, section: 2 })),
  'two definitions': () => refusal(buildObject([text], [entry]), buildObject([text], [entry])),
  'a unique symbol': () => refusal(withText({}, { name: 'u', binding: 10 })),
  'a function behind its section': () => refusal(withText({}, { name: 'f', value: 64, size: 8 })),
  'an unknown relocation': () => refusal(withText({ relocations: [[0, 77, 1]] })),
  'a data relocation in code': () => refusal(withText({ relocations: [[0, 2, 1]] })),
  'an old toolchain: type 1 in data': () => refusal(withSection({ relocations: [[0, 1, 1]] })),
  'a 32-bit pointer in data': () => refusal(withSection({ relocations: [[0, 3, 1]] })),
  'a load relocation on another instruction': () => refusal(withText({ relocations: [[0, 1, 1]] })),
  'a relocation between instructions': () => refusal(withText({ relocations: [[4, 10, 1]] })),
  'a relocation at the end': () => refusal(withSection({ relocations: [[12, 2, 1]] })),
  'a relocation of an unknown symbol': () => refusal(withText({ relocations: [[0, 10, 9]] })),
  'overlapping relocations': () =>
    refusal(
      withSection({
        relocations: [
          [0, 2, 1],
          [4, 2, 1],
        ],
      }),
    ),
  'more relocations than words': () =>
    refusal(
      withSection({
        bytes: [1, 2, 3, 4, 5, 6, 7, 8],
        relocations: [
          [0, 2, 1],
          [0, 2, 1],
        ],
      }),
    ),
  'a load without its second half': () =>
    refusal(withText({ bytes: slots([0x18, 1]), relocations: [[0, 1, 1]] })),
  'a load beyond 4 GiB': () => refusal(load({ name: 'entry_0' }, 1)),
  'the address of an undefined name': () => refusal(load({ name: 'tos_log', section: UNDEFINED })),
  'the address of an absolute symbol': () => refusal(load({ name: 'a', section: 0xfff1, binding: 0 })),
  'the address of something left out': () =>
    refusal(
      buildObject(
        [
          { ...text, bytes: slots([0x18, 1], [0], EXIT), relocations: [[0, 1, 2]] },
          { name: '.comment', flags: 0, bytes: [1] },
        ],
        [entry, { name: 'c', section: 2, binding: 0 }],
      ),
    ),
  'a pointer out of the contract': () =>
    refusal(withSection({ bytes: [0, 0, 0, 0, 0, 1, 0, 0], relocations: [[0, 2, 1]] })),
  'a call of data': () =>
    refusal(
      buildObject(
        [
          { ...text, bytes: slots(CALL, EXIT), relocations: [[0, 10, 2]] },
          { name: '.rodata', flags: CONSTANT, bytes: [1] },
        ],
        [entry, { name: 'table', type: 1, section: 2 }],
      ),
    ),
  'a call of a syscall with an offset': () => refusal(call({ name: 'tos_log', section: UNDEFINED }, 3)),
  "a call of the compiler's library": () => refusal(call({ name: '__multi3', section: UNDEFINED })),
  'a call of a long name': () => refusal(call({ name: 'n'.repeat(64), section: UNDEFINED })),
  'a call of a name that is not ASCII': () => refusal(call({ name: 'a\u0001\\', section: UNDEFINED })),
  'a call of a helper by number': () => refusal(withText({ bytes: slots([0x85, 0, 0, 6], EXIT) })),
  'a call out of its section': () => refusal(withText({ bytes: slots([0x85, 0x10, 0, 7], EXIT) })),
  'a 32-bit jump': () => refusal(withText({ bytes: slots([0x16], EXIT) })),
  'an atomic operation': () => refusal(withText({ bytes: slots(EXIT, [0xdb]) })),
  'a packet load': () => refusal(withText({ bytes: slots([0x30], EXIT) })),
  'one byte too much': () => refusal(withSection({ bytes: Array.from({ length: 1_048_576 }, () => 1) })),
};

test('refusals name the object, the place and what to do', () => {
  const lines = Object.entries(cases).map(([name, run]) => `${name}\n  ${run()}`);
  expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
    "
    no objects
      LINK_FAILED: there is no object to link | Change the named symbol or section.
    an empty file
      LINK_FAILED: a.o: this is not an ELF object (at ELF header) | Give relocatable objects as \`clang -target bpf -mcpu=v2 -c\` makes them.
    a C source
      LINK_FAILED: a.o: this is not an ELF object (at ELF header) | Give relocatable objects as \`clang -target bpf -mcpu=v2 -c\` makes them.
    a linked contract
      LINK_FAILED: a.o: the file is already linked; a relocatable object (type 1) is needed (at ELF header) | Give relocatable objects as \`clang -target bpf -mcpu=v2 -c\` makes them.
    an object of another machine
      LINK_FAILED: a.o: the object is for machine 62, not for BPF (247) (at ELF header) | Give relocatable objects as \`clang -target bpf -mcpu=v2 -c\` makes them.
    a cut object
      LINK_FAILED: a.o: the file ends at byte 400, but bytes 444 to 448 are needed (at section 4) | The object is cut off or not an ELF object; compile it again.
    a 32-bit object
      LINK_FAILED: a.o: the object is not a 64-bit one (at ELF header) | Give relocatable objects as \`clang -target bpf -mcpu=v2 -c\` makes them.
    no section names
      LINK_FAILED: a.o: there are 5 sections; number 0 cannot hold their names (at ELF header) | Change the named symbol or section.
    writable data
      LINK_FAILED: a.o: section .data is writable; a contract has constants only (at .data, 16 bytes, symbol counter) | Declare the global const, or keep the value in storage.
    zeroed data
      LINK_FAILED: a.o: section .bss is writable; a contract has constants only (at .bss, 8 bytes) | Declare the global const, or keep the value in storage.
    a large zeroed constant
      LINK_FAILED: a.o: section .rodata.zero has type 8, which cannot be loaded (at .rodata.zero, 8 bytes) | Change the named symbol or section.
    a constructor table
      LINK_FAILED: a.o: section .init_array lists functions to run at the start or the end; no contract runs them (at .init_array, 16 bytes) | Do it in the entries, or in hook_0, which runs at deployment.
    thread-local data
      LINK_FAILED: a.o: section .tdata is thread-local; a contract has no threads (at .tdata, 16 bytes) | Change the named symbol or section.
    writable code
      LINK_FAILED: a.o: section .text.rw is writable; a contract has constants only (at .text.rw, 16 bytes) | Declare the global const, or keep the value in storage.
    a common symbol
      LINK_FAILED: a.o: total is a common symbol, that is, a writable global (at symbol total) | Declare the global const, or keep the value in storage.
    code that is not whole instructions
      LINK_FAILED: a.o: section .text is not a whole number of instructions (at .text, 3 bytes, symbol entrypoint) | Change the named symbol or section.
    an odd alignment
      LINK_FAILED: a.o: an alignment of 24 is not a power of two up to 4096 (at .rodata) | Change the named symbol or section.
    a huge alignment
      LINK_FAILED: a.o: an alignment of 65536 is not a power of two up to 4096 (at .rodata) | Change the named symbol or section.
    no entry
      LINK_FAILED: no object defines entrypoint, entry_N or hook_N | Define \`uint64_t entrypoint(const uint8_t *input, uint64_t len)\`, and do not make it static.
    a static entrypoint
      LINK_FAILED: no object defines entrypoint, entry_N or hook_N | Define \`uint64_t entrypoint(const uint8_t *input, uint64_t len)\`, and do not make it static.
    an entry that is data
      LINK_FAILED: a.o: entry_0 is not a function (at symbol entry_0) | The names entrypoint, entry_N and hook_N are for functions only.
    two definitions
      LINK_FAILED: b.o: entrypoint is also defined in a.o (at symbol entrypoint) | Make one of the two static, or rename it.
    a unique symbol
      LINK_FAILED: a.o: symbol binding 10 is not supported (at symbol u) | Change the named symbol or section.
    a function behind its section
      LINK_FAILED: a.o: function f is not whole instructions of its section .text (at symbol f) | Change the named symbol or section.
    an unknown relocation
      LINK_FAILED: a.o: relocation type 77 is not supported on this instruction (at .text+0x0) | Change the named symbol or section.
    a data relocation in code
      LINK_FAILED: a.o: relocation R_BPF_64_ABS64 (2) is not supported on this instruction (at .text+0x0) | Change the named symbol or section.
    an old toolchain: type 1 in data
      LINK_FAILED: a.o: relocation R_BPF_64_64 (1) is not supported in data (at .rodata+0x0) | Change the named symbol or section.
    a 32-bit pointer in data
      LINK_FAILED: a.o: relocation R_BPF_64_ABS32 (3) is not supported in data (at .rodata+0x0) | Change the named symbol or section.
    a load relocation on another instruction
      LINK_FAILED: a.o: relocation R_BPF_64_64 (1) is not supported on this instruction (at .text+0x0) | Change the named symbol or section.
    a relocation between instructions
      LINK_FAILED: a.o: relocation R_BPF_64_32 (10) is not supported on this instruction (at .text+0x4) | Change the named symbol or section.
    a relocation at the end
      LINK_FAILED: a.o: offset 0xc is outside .rodata (at .rel.rodata[0]) | Change the named symbol or section.
    a relocation of an unknown symbol
      LINK_FAILED: a.o: there is no symbol 9; the table has 2 (at .rel.text[0]) | Change the named symbol or section.
    overlapping relocations
      LINK_FAILED: a.o: two relocations overlap at offset 0x4 (at .rel.rodata) | Change the named symbol or section.
    more relocations than words
      LINK_FAILED: a.o: a relocation table of 32 bytes does not fit a section of 8 bytes (at .rel.rodata) | Change the named symbol or section.
    a load without its second half
      LINK_FAILED: a.o: a 64-bit load has no second half (at .text+0x0) | Change the named symbol or section.
    a load beyond 4 GiB
      LINK_FAILED: a.o: the offset from the symbol is above 4 GiB (at .text+0x0) | Change the named symbol or section.
    the address of an undefined name
      LINK_FAILED: a.o: tos_log is not defined, but its address is taken (at .text+0x0) | A syscall can only be called. Define the symbol, or call the syscall by its name.
    the address of an absolute symbol
      LINK_FAILED: a.o: a is not in a section (index 0xfff1) (at .text+0x0) | Change the named symbol or section.
    the address of something left out
      LINK_FAILED: a.o: c is in section .comment, which is not part of a contract (at .text+0x0) | Change the named symbol or section.
    a pointer out of the contract
      LINK_FAILED: a.o: an offset of 1099511627776 from entrypoint leaves the contract (at .rodata+0x0) | Change the named symbol or section.
    a call of data
      LINK_FAILED: a.o: table is called, but is not code (at .text+0x0) | Change the named symbol or section.
    a call of a syscall with an offset
      LINK_FAILED: a.o: a call of tos_log has an offset (at .text+0x0) | Change the named symbol or section.
    a call of the compiler's library
      LINK_FAILED: a.o: __multi3 is called, which no contract has (at .text+0x0) | The compiler calls it for 128-bit or floating arithmetic; use 64-bit integers.
    a call of a long name
      LINK_FAILED: a.o: the undefined name nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn cannot be a syscall (at .text+0x0) | A syscall's name has 1 to 63 printable ASCII characters.
    a call of a name that is not ASCII
      LINK_FAILED: a.o: the undefined name a\\x01\\x5c cannot be a syscall (at .text+0x0) | A syscall's name has 1 to 63 printable ASCII characters.
    a call of a helper by number
      LINK_FAILED: a.o: helper number 6 is called; syscalls are called by name (at .text+0x0) | Change the named symbol or section.
    a call out of its section
      LINK_FAILED: a.o: a call leaves its section (at .text+0x0) | Change the named symbol or section.
    a 32-bit jump
      LINK_FAILED: a.o: a 32-bit jump is not a TBPF instruction (opcode 0x16) (at .text+0x0) | Compile with -mcpu=v2.
    an atomic operation
      LINK_FAILED: a.o: an atomic operation is not a TBPF instruction (opcode 0xdb) (at .text+0x8) | A contract runs alone; use plain reads and writes.
    a packet load
      LINK_FAILED: a.o: a packet load is not a TBPF instruction (opcode 0x30) (at .text+0x0) | Read the input through its pointer.
    one byte too much
      CODE_TOO_LARGE: The linked contract needs at least 1048592 bytes; the limit is 1048576. | Optimise for size (-Oz), shorten tables, or split the contract in two.
    "
  `);
});

test('carries object and place as fields', () => {
  const bytes = withSection({ name: '.bss', flags: WRITABLE, type: 8, size: 8 });
  expect(() => link([{ name: 'a.o', bytes }], { gcSections: false })).toThrow(
    expect.objectContaining({ code: 'LINK_FAILED', details: { object: 'a.o', at: '.bss, 8 bytes' } }),
  );
});

test('accepts a contract of exactly 1 MiB', () => {
  const object = (size: number) => withSection({ bytes: new Array<number>(size).fill(1) });
  const whole = (bytes: Uint8Array) => link([{ name: 'a.o', bytes }], { gcSections: false });
  const overhead = whole(object(8)).length - 8;
  expect(whole(object(1_048_576 - overhead))).toHaveLength(1_048_576);
  expect(refusal(object(1_048_577 - overhead))).toContain(
    'CODE_TOO_LARGE: The linked contract needs at least 1048584 bytes',
  );
});
