import elfy from 'elfy';
import { expect, test } from 'vitest';
import { defaultTbpfConfig } from '../../config.ts';
import { loadElf } from '../load.ts';
import { noSyscalls } from '../syscall-keys.ts';
import { buildElf, bytesOf, lenientBase, patch, strictBase } from '../test-elf.fixture.ts';
import { containerReader as viaElfy } from './elfy-reader.ts';
import { containerReader as portable } from './portable-reader.ts';

const text = { name: '.text', type: 1, flags: 6, bytes: bytesOf('9500000000000000') };

test('what elfy misreads is read right', () => {
  const bytes = patch(
    buildElf({
      version: 0,
      entry: 64,
      sections: [text, { name: '.bss', type: 8, bytes: new Uint8Array(8) }],
    }),
    [24, 8, 0xffff_ffff_ffff_fff1n],
  );
  const sections = Number(portable.read(bytes)!.header.sectionHeaderOffset);
  const aligned = patch(bytes, [sections + 64 + 48, 8, 16], [sections + 64 + 56, 8, 24]);
  // elfy parses the file, and these are its faults.
  const parsed = elfy.parse(Buffer.from(aligned)) as unknown as {
    machine: string | undefined;
    entry: number;
    body: { sections: { addralign: number }[] };
  };
  expect(parsed.machine).toBeUndefined();
  expect(parsed.entry).toBe(2 ** 64);
  expect(parsed.body.sections[1]!.addralign).not.toBe(16);

  const container = viaElfy.read(aligned)!;
  expect(container.header).toMatchObject({ machine: 247, type: 3, entry: 0xffff_ffff_ffff_fff1n });
  expect(container.sectionHeaders[1]).toMatchObject({ addressAlign: 16n, entrySize: 24n, flags: 6n });
  expect(container).toEqual(portable.read(aligned));
});

test.each([
  ['strict file without sections', strictBase()],
  ['file cut inside its section headers', lenientBase().slice(0, 200)],
  ['32-bit file', patch(lenientBase(), [4, 1, 1])],
  ['big-endian file', patch(lenientBase(), [5, 1, 2])],
  ['wrong magic', patch(lenientBase(), [0, 1, 0])],
  ['unusual header sizes', patch(lenientBase(), [54, 2, 1], [58, 2, 0])],
  ['program headers at 0', patch(lenientBase(), [56, 2, 1])],
  ['names of another section type', patch(lenientBase(), [236, 4, 1])],
])('falls back on a %s', (_, bytes) => {
  expect(viaElfy.read(bytes)).toEqual(portable.read(bytes));
});

test('less than a file header is no container', () => {
  expect(viaElfy.read(new Uint8Array(63))).toBeUndefined();
  expect(portable.read(new Uint8Array(63))).toBeUndefined();
});

test('65,535 sections with one endless name are read and refused in time', () => {
  const count = 65_535;
  const nameBytes = 1 << 20;
  const table = 64 + nameBytes;
  const bytes = new Uint8Array(table + 64 * count).fill(0x61, 64, table);
  bytes.set(lenientBase().subarray(0, 64));
  const patched = patch(bytes, [40, 8, table], [60, 2, count], [62, 2, 1]);
  const names = patch(
    patched,
    [table + 64 + 4, 4, 3],
    [table + 64 + 24, 8, 64],
    [table + 64 + 32, 8, nameBytes],
  );
  const started = performance.now();
  for (const reader of [viaElfy, portable]) {
    const outcome = loadElf(names, noSyscalls, defaultTbpfConfig, reader);
    expect(!outcome.ok && outcome.error.name).toBe('FailedToParse');
  }
  expect(performance.now() - started).toBeLessThan(5_000);
});
