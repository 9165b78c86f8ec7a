/** What the linker's tests look at in a linked file. Trusts the file: it is our own output. */
export interface ReadElf {
  readonly type: number;
  readonly machine: number;
  readonly flags: number;
  readonly entry: number;
  readonly sections: readonly ReadSection[];
  readonly segments: readonly {
    type: number;
    flags: number;
    offset: number;
    address: number;
    size: number;
  }[];
  readonly symbols: readonly { name: string; type: number; section: number; value: number; size: number }[];
  readonly relocations: readonly { offset: number; type: number; symbol: string }[];
  section(name: string): ReadSection;
  u32(offset: number): number;
  i32(offset: number): number;
}

export interface ReadSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
}

export function readElf(bytes: Uint8Array): ReadElf {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u16 = (at: number) => view.getUint16(at, true);
  const u32 = (at: number) => view.getUint32(at, true);
  const text = (at: number) => {
    const end = bytes.indexOf(0, at);
    return new TextDecoder().decode(bytes.subarray(at, end));
  };
  const headers = u32(40);
  const names = u32(headers + u16(62) * 64 + 24);
  const sections = Array.from({ length: u16(60) }, (_, index) => {
    const at = headers + index * 64;
    return {
      name: text(names + u32(at)),
      type: u32(at + 4),
      flags: u32(at + 8),
      address: u32(at + 16),
      offset: u32(at + 24),
      size: u32(at + 32),
    };
  });
  const section = (name: string) => {
    const found = sections.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no section ${name}`);
    return found;
  };
  const strings = section('.dynstr').offset;
  const dynsym = section('.dynsym');
  const symbols = Array.from({ length: dynsym.size / 24 }, (_, index) => {
    const at = dynsym.offset + index * 24;
    return {
      name: text(strings + u32(at)),
      type: bytes[at + 4]! & 15,
      section: u16(at + 6),
      value: u32(at + 8),
      size: u32(at + 16),
    };
  });
  const rel = sections.find((one) => one.name === '.rel.dyn');
  const relocations = Array.from({ length: (rel?.size ?? 0) / 16 }, (_, index) => {
    const at = rel!.offset + index * 16;
    return { offset: u32(at), type: u32(at + 8), symbol: symbols[u32(at + 12)]!.name };
  });
  const segments = Array.from({ length: u16(56) }, (_, index) => {
    const at = u32(32) + index * 56;
    return {
      type: u32(at),
      flags: u32(at + 4),
      offset: u32(at + 8),
      address: u32(at + 16),
      size: u32(at + 32),
    };
  });
  return {
    type: u16(16),
    machine: u16(18),
    flags: u32(48),
    entry: u32(24),
    sections,
    segments,
    symbols,
    relocations,
    section,
    u32,
    i32: (at) => view.getInt32(at, true),
  };
}
