import { slotsOf } from './blocks.ts';
import type { CompilerContext } from './context.ts';
import type { TbpfFunction } from './functions.ts';
import { FORM, Form } from './steps.ts';

const REGISTERS = 10;

/** Registers (bits of r0–r9) that a function's instructions name, or that its calls take and give. */
export function registersOf({ input, set, liveness }: CompilerContext, one: TbpfFunction): number {
  const { code } = input;
  const { blocks, functionAt } = set;
  let used = 0;
  const name = (register: number): void => {
    if (register < REGISTERS) used |= 1 << register;
  };
  for (const block of one.blocks) {
    const end = blocks.end[block]!;
    for (let pc = blocks.start[block]!; pc < end; pc += slotsOf(code, pc)) {
      const at = pc * 4;
      switch (FORM[code[at]!]) {
        case Form.Call: {
          const callee = functionAt[code[at + 3]!]!;
          used |= liveness.parameters[callee]! | liveness.results[callee]!;
          break;
        }
        case Form.Callx:
          used |= 0x3ff;
          break;
        case Form.Syscall:
          used |= (1 << (input.syscallArity[code[at + 3]!]! + 1)) - 1;
          break;
        case Form.AluReg:
        case Form.MovReg:
        case Form.Load:
        case Form.StoreReg:
        case Form.BranchReg:
          name(code[at + 1]!);
          name(code[at + 2]!);
          break;
        case Form.Jump:
        case Form.Exit:
        case Form.Cold:
          break;
        default:
          name(code[at + 1]!);
      }
    }
  }
  return used;
}
