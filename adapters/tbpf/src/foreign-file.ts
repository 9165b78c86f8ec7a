import { elf, elfMagic } from './format/elf-constants.ts';

/** Machines whose files people give by mistake, by e_machine. */
const MACHINES: Readonly<Record<number, string>> = {
  3: 'x86',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC 64',
  22: 's390',
  40: 'ARM',
  62: 'x86-64',
  183: 'AArch64',
  243: 'RISC-V',
  258: 'LoongArch',
};

const TYPE_OBJECT = 1;
const BIG_ENDIAN = 2;

/**
 * What an ELF file is, where it is of a wrong kind: for another machine, or an object that has not been linked; and what to do.
 * Undefined for anything else. Only the file's header is looked at, so the rest may be of any form.
 */
export function foreignFile(code: Uint8Array): { readonly what: string; readonly hint: string } | undefined {
  if (code.length < 20 || !elfMagic.every((byte, index) => code[index] === byte)) return undefined;
  const isLittleEndian = code[5] !== BIG_ENDIAN;
  const view = new DataView(code.buffer, code.byteOffset, code.byteLength);
  const machine = view.getUint16(18, isLittleEndian);
  if (machine !== elf.machineBpf && machine !== elf.machineTbpf) {
    return {
      what: `the file is for ${MACHINES[machine] ?? `machine ${machine}`}, not for BPF`,
      hint: 'Compile with `-target bpf`; `switchyard build FILE.c` does, and links.',
    };
  }
  if (view.getUint16(16, isLittleEndian) === TYPE_OBJECT) {
    return {
      what: 'this is an object file, not a linked contract',
      hint: 'Link it: `switchyard build FILE.o`.',
    };
  }
  return undefined;
}
