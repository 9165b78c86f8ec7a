import { Terminator } from '@switchyard/wasm-builder';
import { Op } from '../isa/op.ts';
import type { CompilerInput } from './input.ts';
import { FORM, Form } from './steps.ts';

/** Basic blocks of the whole text, in order of their slots. Calls and syscalls do not end a block. */
export interface Blocks {
  readonly count: number;
  /** Block that starts at a slot, −1 elsewhere; one more than slots, for control that falls off the end. */
  readonly blockAt: Int32Array;
  /** First slot. */
  readonly start: Int32Array;
  /** Slot behind the last instruction. */
  readonly end: Int32Array;
  /** A `Terminator` of wasm-builder: jump also for falling into the next block. */
  readonly terminator: Uint8Array;
  /** Slot that a jump or a taken branch goes to. */
  readonly target: Int32Array;
  /** Slot behind a branch, where it goes when it isn't taken. */
  readonly otherwise: Int32Array;
}

/** Splits the text at jump targets, behind jumps and at the given starts of functions. O(text). */
export function findBlocks(input: CompilerInput, starts: Iterable<number>): Blocks {
  const { code, length } = input;
  const blockAt = new Int32Array(length + 2).fill(-1);
  const LEADER = 0;
  for (const pc of starts) blockAt[pc] = LEADER;
  blockAt[0] = LEADER;
  let count = 1;
  for (let pc = 0; pc < length; pc += slotsOf(code, pc)) {
    const form = FORM[code[pc * 4]!]!;
    if (form === Form.Jump || form === Form.BranchImm || form === Form.BranchReg) {
      blockAt[code[pc * 4 + 3]!] = LEADER;
      blockAt[pc + 1] = LEADER;
    } else if (form === Form.Exit || form === Form.Cold) {
      blockAt[pc + 1] = LEADER;
    }
  }
  blockAt[length] = LEADER;
  blockAt[length + 1] = -1;
  count = 0;
  for (let pc = 0; pc <= length; pc++) if (blockAt[pc] === LEADER) blockAt[pc] = count++;

  const start = new Int32Array(count);
  const end = new Int32Array(count);
  const terminator = new Uint8Array(count);
  const target = new Int32Array(count);
  const otherwise = new Int32Array(count);
  for (let pc = 0; pc <= length; pc++) {
    const block = blockAt[pc]!;
    if (block === -1) continue;
    start[block] = pc;
    let at = pc;
    for (;;) {
      const form = FORM[code[at * 4]!]!;
      const next = at + slotsOf(code, at);
      if (form === Form.Exit || form === Form.Cold) {
        terminator[block] = Terminator.exit;
      } else if (form === Form.Jump) {
        terminator[block] = Terminator.jump;
        target[block] = code[at * 4 + 3]!;
      } else if (form === Form.BranchImm || form === Form.BranchReg) {
        terminator[block] = Terminator.branch;
        target[block] = code[at * 4 + 3]!;
        otherwise[block] = next;
      } else if (blockAt[next] !== -1) {
        terminator[block] = Terminator.jump;
        target[block] = next;
      } else {
        at = next;
        continue;
      }
      end[block] = next;
      break;
    }
  }
  return { count, blockAt, start, end, terminator, target, otherwise };
}

/** Slots of the instruction at a slot. */
export function slotsOf(code: Int32Array, pc: number): number {
  return code[pc * 4] === Op.Lddw ? 2 : 1;
}
