import { encodeUtf8 } from '@switchyard/core';

/** Bytes of a hexadecimal string; spaces are ignored. */
export function bytesOf(hex: string): Uint8Array {
  const digits = hex.replaceAll(/\s/g, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  );
}

/** Writes little-endian fields: `[offset, width in bytes, value]`. */
export function patch(
  bytes: Uint8Array,
  ...fields: readonly (readonly [offset: number, width: 1 | 2 | 4 | 8, value: number | bigint])[]
): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (const [offset, width, value] of fields) {
    for (let index = 0; index < width; index++) {
      view.setUint8(offset + index, Number((BigInt(value) >> BigInt(8 * index)) & 0xffn));
    }
  }
  return copy;
}

function fileHeader(machine: number, flags: number, entry: number | bigint): Uint8Array {
  return patch(
    new Uint8Array(64),
    [0, 4, 0x464c457f],
    [4, 1, 2],
    [5, 1, 1],
    [6, 1, 1],
    [16, 2, 3],
    [18, 2, machine],
    [20, 4, 1],
    [24, 8, entry],
    [48, 4, flags],
    [52, 2, 64],
    [54, 2, 56],
    [58, 2, 64],
  );
}

/** The strict base file of spec §11.3: 320 bytes, V3. */
export function strictBase(): Uint8Array {
  let bytes: Uint8Array = new Uint8Array(320);
  bytes.set(fileHeader(263, 3, 0));
  bytes = patch(bytes, [32, 8, 64], [56, 2, 4], [60, 2, 1]);
  const segments = [
    [1, 288, 0n, 24, 24],
    [4, 312, 1n << 32n, 8, 8],
    [6, 288, 2n << 32n, 0, 4096],
    [6, 288, 3n << 32n, 0, 4096],
  ] as const;
  for (const [index, [flags, offset, address, fileSize, memorySize]] of segments.entries()) {
    const at = 64 + 56 * index;
    bytes = patch(
      bytes,
      [at, 4, 1],
      [at + 4, 4, flags],
      [at + 8, 8, offset],
      [at + 16, 8, address],
      [at + 24, 8, address],
      [at + 32, 8, fileSize],
      [at + 40, 8, memorySize],
    );
  }
  bytes.set(bytesOf('070a000000000000 b70000002a000000 9500000000000000'), 288);
  bytes.set([1, 2, 3, 4, 5, 6, 7, 8], 312);
  return bytes;
}

/** The lenient base file of spec §11.3: 296 bytes, V0. */
export function lenientBase(): Uint8Array {
  let bytes: Uint8Array = new Uint8Array(296);
  bytes.set(fileHeader(247, 0, 64));
  bytes = patch(bytes, [40, 8, 104], [60, 2, 3], [62, 2, 2]);
  bytes.set(bytesOf('b70000002a000000 9500000000000000'), 64);
  bytes.set(encodeUtf8('\0.text\0.shstrtab\0'), 80);
  return patch(
    bytes,
    [168, 4, 1],
    [172, 4, 1],
    [176, 8, 6],
    [184, 8, 64],
    [192, 8, 64],
    [200, 8, 16],
    [232, 4, 7],
    [236, 4, 3],
    [256, 8, 80],
    [264, 8, 17],
  );
}

/** One section of a built file; the address defaults to the file offset. */
export interface TestSection {
  readonly name: string;
  readonly type: number;
  readonly flags?: number;
  readonly bytes: Uint8Array;
  readonly address?: number;
  /** Index of the linked section; sections count from 1 in the order given. */
  readonly link?: number;
}

/** Builds a file of sections laid out from offset 64, with `.shstrtab` and the headers after them. */
export function buildElf(options: {
  readonly version: number;
  readonly sections: readonly TestSection[];
  readonly entry: number;
}): Uint8Array {
  const names = [...options.sections.map((section) => section.name), '.shstrtab'];
  const nameTable = encodeUtf8(`\0${names.join('\0')}\0`);
  const sections: TestSection[] = [
    ...options.sections,
    { name: '.shstrtab', type: 3, bytes: nameTable, address: 0 },
  ];
  const headers: Uint8Array[] = [new Uint8Array(64)];
  const body: { at: number; bytes: Uint8Array }[] = [];
  let at = 64;
  let nameOffset = 1;
  for (const section of sections) {
    headers.push(
      patch(
        new Uint8Array(64),
        [0, 4, nameOffset],
        [4, 4, section.type],
        [8, 8, section.flags ?? 2],
        [16, 8, section.address ?? at],
        [24, 8, at],
        [32, 8, section.bytes.length],
        [40, 4, section.link ?? 0],
      ),
    );
    body.push({ at, bytes: section.bytes });
    nameOffset += section.name.length + 1;
    at = (at + section.bytes.length + 7) & ~7;
  }
  const file = new Uint8Array(at + 64 * headers.length);
  file.set(fileHeader(options.version >= 3 ? 263 : 247, options.version, options.entry));
  for (const part of body) file.set(part.bytes, part.at);
  for (const [index, header] of headers.entries()) file.set(header, at + 64 * index);
  return patch(file, [40, 8, at], [60, 2, headers.length], [62, 2, headers.length - 1]);
}

/** Builds a symbol table, its first entry null, and the string table of its names. */
export function buildSymbols(
  symbols: readonly {
    readonly name: string;
    readonly value: number | bigint;
    readonly info?: number;
    readonly section?: number;
  }[],
): { readonly table: Uint8Array; readonly names: Uint8Array } {
  const table = new Uint8Array(24 * (symbols.length + 1));
  const names = [0];
  for (const [index, symbol] of symbols.entries()) {
    table.set(
      patch(
        new Uint8Array(24),
        [0, 4, names.length],
        [4, 1, symbol.info ?? 0x12],
        [6, 2, symbol.section ?? 1],
        [8, 8, symbol.value],
      ),
      24 * (index + 1),
    );
    names.push(...encodeUtf8(symbol.name), 0);
  }
  return { table, names: Uint8Array.from(names) };
}
