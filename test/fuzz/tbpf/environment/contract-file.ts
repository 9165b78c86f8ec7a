import type { AssembledProgram } from '../../../../adapters/tbpf/src/assembler/assemble.ts';
import type { AssembledCall } from '../../../../adapters/tbpf/src/assembler/encode.ts';
import { toLenientElf } from '../../../../adapters/tbpf/src/assembler/lenient-elf.ts';
import { toStrictElf } from '../../../../adapters/tbpf/src/assembler/strict-elf.ts';
import { isFunctionStart, readSlot } from '../../../../adapters/tbpf/src/isa/instruction.ts';
import { featuresOf } from '../../../../adapters/tbpf/src/isa/version.ts';
import { tosSyscallTable } from '../../../../adapters/tbpf/src/syscalls/index.ts';
import type { TextProgram } from '../shrink-text.ts';

const CALL = 0x85;
const UNRESOLVED_KEY = 0xffff_ffff;

/** The program as an ELF file whose entry, slot 0, is also `entry_0`. @throws Error when it cannot be one. */
export function contractFile({ version, text, functions }: TextProgram): Uint8Array {
  const targets = new Map(functions);
  const calls = new Map<number, AssembledCall>();
  for (let pc = 0; pc < text.length / 8; pc++) {
    const { opcode, imm } = readSlot(text, pc);
    if (opcode !== CALL) continue;
    const target = targets.get(imm >>> 0);
    calls.set(
      pc,
      target === undefined ? syscallOf(imm >>> 0) : { kind: 'function', target, byEntryName: false },
    );
  }
  const program: AssembledProgram = {
    text,
    version,
    functions: functions.map(([key, pc]) => [key, pc]),
    entryPc: 0,
    labels: new Map([
      ['entrypoint', 0],
      ['entry_0', 0],
    ]),
    calls,
    textAddress: undefined,
    data: [],
    globals: undefined,
  };
  return featuresOf(version).strictElf ? toStrictElf(program) : toLenientElf(program, tosSyscallTable);
}

/** A call that nobody knows stays unresolved. */
function syscallOf(key: number): AssembledCall {
  const name = tosSyscallTable.name(key);
  return { kind: 'syscall', key: name === undefined ? UNRESOLVED_KEY : key, name };
}

/** Whether the program can be an ELF file: an empty one cannot, nor one of V3 and later that begins with no function. */
export function canBeFile({ version, text }: TextProgram): boolean {
  return text.length > 0 && (!featuresOf(version).strictElf || isFunctionStart(text, 0));
}
