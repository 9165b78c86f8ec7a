// elfy 1.0.0 ships no types. Only the fields the reader takes are declared.
declare module 'elfy' {
  /** Every number is a double: exact up to 2^53 only. */
  export interface ParsedProgram {
    offset: number;
    vaddr: number;
    paddr: number;
    filesz: number;
    memsz: number;
    align: number;
  }
  export interface ParsedSection {
    addr: number;
    off: number;
    size: number;
    link: number;
    info: number;
  }
  export interface ParsedElf {
    version: number;
    entry: number;
    phoff: number;
    shoff: number;
    flags: number;
    ehsize: number;
    phentsize: number;
    phnum: number;
    shentsize: number;
    shnum: number;
    shstrndx: number;
    body: { programs: ParsedProgram[]; sections: ParsedSection[] };
  }
  const elfy: { parse(bytes: Uint8Array): ParsedElf };
  export default elfy;
}
