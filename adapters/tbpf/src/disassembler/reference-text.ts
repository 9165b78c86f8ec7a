import { featuresOf } from '../isa/version.ts';
import type { SyscallKeys } from '../loader/syscall-keys.ts';
import { analyzeControlFlow, type ControlFlow, callKey, jumpTarget } from './control-flow.ts';
import type { DisassemblerInput } from './disassemble.ts';
import { instructionText, printedRow, type Targets } from './instruction-text.ts';
import { type ListedInstruction, listInstructions } from './slots.ts';

/** Prints a program in the form of the reference (spec §10.3). */
export function referenceText(
  { text, version, functions }: DisassemblerInput,
  syscalls: SyscallKeys,
): string {
  // Without its second slot a trailing lddw is no instruction for the reference.
  const instructions = listInstructions(text).filter(
    ({ opcode, second }) => opcode !== 0x18 || second !== undefined,
  );
  const features = featuresOf(version);
  const flow = analyzeControlFlow(instructions, features, functions);
  let ordinal = 0;
  const targets: Targets = {
    jump: (instruction) => {
      const target = jumpTarget(instruction);
      return flow.blocks.has(target) ? labelOf(flow, target) : '[invalid]';
    },
    call: ({ src, imm }) => {
      const name = functions.get(callKey(features, ordinal, imm))?.name;
      const isSyscall = src === 0 || (name === undefined && !features.staticSyscalls);
      return isSyscall ? `syscall ${syscalls.name(imm >>> 0) ?? imm}` : `call ${name ?? imm}`;
    },
  };
  const lines: string[] = [];
  const labels = createLabelPrinter(flow);
  for (const instruction of instructions) {
    lines.push(...labels(instruction, ordinal === 0));
    const row = printedRow(version, instruction.opcode);
    const body = row && instructionText(row, instruction, version, targets);
    lines.push(`    ${body ?? `unknown opcode=0x${instruction.opcode.toString(16)}`}`);
    ordinal++;
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** Returns the lines before an instruction: a label where a block does not just continue the last one. */
function createLabelPrinter(flow: ControlFlow) {
  let fallsFrom: number | undefined;
  return ({ pc }: ListedInstruction, isFirst: boolean): readonly string[] => {
    const block = flow.blocks.get(pc);
    if (block === undefined) return [];
    const isFunction = flow.functions.has(pc);
    const continues = block.sources.length === 1 && block.sources[0] === fallsFrom;
    fallsFrom = block.endsWithJump ? undefined : pc;
    if (continues && !isFunction) return [];
    const label = `${labelOf(flow, pc)}:`;
    return isFunction && !isFirst ? ['', label] : [label];
  };
}

function labelOf(flow: ControlFlow, pc: number): string {
  return flow.functions.get(pc) ?? `lbb_${pc}`;
}
