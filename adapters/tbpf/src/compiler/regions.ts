import { Op } from '../isa/op.ts';
import type { FunctionSet, TbpfFunction } from './functions.ts';
import type { CompilerInput } from './input.ts';
import { ACCESS_BYTES, FORM, Form } from './steps.ts';

/** Prediction of an access that may go anywhere: it is translated in general. */
export const ANY_REGION = 0;
export const PROGRAM_REGION = 1;
export const STACK_REGION = 2;
export const HEAP_REGION = 3;
export const INPUT_REGION = 4;

/** What is guessed of a register: a region's number, or one of these. */
const UNSEEN = 0;
const OTHER = 5;
/** 8 + n: the small constant n, which a shift by 32 makes the base of region n. */
const CONSTANT = 8;

const TRACKED = 10;
const FRAME_POINTER = 10;

/** Rounds over all functions, and passes over the blocks of one: what is not found by then is not predicted. */
const ROUNDS = 3;
const PASSES = 4;

/**
 * Predicts by slot which region each memory access goes to. A wrong guess costs speed, never a result: every access is checked. What
 * tier 0 has seen comes first; else tags follow r1 (the input), r10 (the stack) and address constants through moves, sums and calls.
 */
export function predictRegions(input: CompilerInput, set: FunctionSet): Uint8Array {
  const predicted = new Uint8Array(input.length + 1);
  const tagger = new Tagger(input, set, predicted);
  for (let round = 0; round < ROUNDS && tagger.round(); round++);
  const { code, profile } = input;
  for (let pc = 0; pc < profile.length; pc++) {
    if (profile[pc] === 0 || ACCESS_BYTES[code[pc * 4]!] === 0) continue;
    predicted[pc] = regionOf(profile[pc]!);
  }
  return predicted;
}

/** The region of a profile that has seen one only. */
function regionOf(seen: number): number {
  const region = 31 - Math.clz32(seen);
  return seen === 1 << region && region >= PROGRAM_REGION && region <= INPUT_REGION ? region : ANY_REGION;
}

class Tagger {
  readonly #input: CompilerInput;
  readonly #set: FunctionSet;
  readonly #predicted: Uint8Array;
  /** Tags of r0–r9 at the start of each function. */
  readonly #atStart: Uint8Array;
  readonly #tags = new Uint8Array(16);
  #changed = false;

  constructor(input: CompilerInput, set: FunctionSet, predicted: Uint8Array) {
    this.#input = input;
    this.#set = set;
    this.#predicted = predicted;
    this.#atStart = new Uint8Array(set.functions.length * TRACKED);
    for (const pc of input.entries) {
      const at = set.functionAt[pc]! * TRACKED;
      this.#atStart.fill(OTHER, at, at + TRACKED);
      this.#atStart[at + 1] = INPUT_REGION;
    }
  }

  /** One round over all functions, callers first. @returns whether another one might find more. */
  round(): boolean {
    this.#changed = false;
    const { functions } = this.#set;
    const most = functions.reduce((count, { graph }) => Math.max(count, graph.blockCount), 0);
    const atBlock = new Uint8Array(most * TRACKED);
    for (const [index, one] of functions.entries()) this.#tagFunction(index, one, atBlock);
    return this.#changed;
  }

  #tagFunction(index: number, { graph, blocks }: TbpfFunction, atBlock: Uint8Array): void {
    const { blockCount, edgeStart, edgeTarget } = graph;
    const tags = this.#tags;
    atBlock.fill(UNSEEN, 0, blockCount * TRACKED);
    for (let r = 0; r < TRACKED; r++) atBlock[r] = this.#atStart[index * TRACKED + r]! || OTHER;
    for (let pass = 0, moved = true; moved && pass < PASSES; pass++) {
      moved = false;
      for (let at = 0; at < blockCount; at++) {
        for (let r = 0; r < TRACKED; r++) tags[r] = atBlock[at * TRACKED + r]!;
        this.#tagBlock(blocks[at]!);
        for (let edge = edgeStart[at]!; edge < edgeStart[at + 1]!; edge++) {
          if (merge(atBlock, edgeTarget[edge]! * TRACKED, tags)) moved = true;
        }
      }
    }
  }

  #tagBlock(block: number): void {
    const { code } = this.#input;
    const { blocks, functionAt } = this.#set;
    const tags = this.#tags;
    tags[FRAME_POINTER] = STACK_REGION;
    for (let pc = blocks.start[block]!; pc < blocks.end[block]!; pc++) {
      const at = pc * 4;
      const step = code[at]!;
      const d = code[at + 1]!;
      const s = code[at + 2]!;
      switch (FORM[step]) {
        case Form.AluImm:
        case Form.AluReg:
        case Form.MovImm:
        case Form.MovReg:
        case Form.Unary:
          if (d < TRACKED) tags[d] = tagOfResult(step, tags, d, s, code[at + 3]!);
          break;
        case Form.Lddw:
          tags[d] = s >= PROGRAM_REGION && s <= INPUT_REGION ? s : OTHER;
          pc++;
          break;
        case Form.Load:
          this.#predict(pc, tags[s]!);
          tags[d] = OTHER;
          break;
        case Form.StoreImm:
        case Form.StoreReg:
          this.#predict(pc, tags[d]!);
          break;
        case Form.Call:
          if (merge(this.#atStart, functionAt[code[at + 3]!]! * TRACKED, tags)) this.#changed = true;
          tags.fill(OTHER, 0, 6);
          break;
        case Form.Callx:
          tags.fill(OTHER, 0, 6);
          break;
        case Form.Syscall:
          tags[0] = OTHER;
          break;
      }
    }
  }

  #predict(pc: number, tag: number): void {
    this.#predicted[pc] = tag <= INPUT_REGION ? tag : ANY_REGION;
  }
}

function tagOfResult(step: number, tags: Uint8Array, d: number, s: number, imm: number): number {
  switch (step) {
    case Op.Mov64Reg:
      return tags[s]!;
    case Op.Mov64Imm:
    case Op.Mov32Imm:
      return imm >= PROGRAM_REGION && imm <= INPUT_REGION ? CONSTANT + imm : OTHER;
    case Op.Lsh64Imm:
      return imm === 32 && tags[d]! > CONSTANT ? tags[d]! - CONSTANT : OTHER;
    case Op.Hor64:
      return imm >= PROGRAM_REGION && imm <= INPUT_REGION ? imm : OTHER;
    case Op.Add64Imm:
    case Op.Sub64Imm:
    case Op.And64Imm:
      return isRegion(tags[d]!) ? tags[d]! : OTHER;
    case Op.Add64Reg:
    case Op.Or64Reg:
      return isRegion(tags[d]!) ? tags[d]! : isRegion(tags[s]!) ? tags[s]! : OTHER;
    case Op.Sub64Reg:
      return isRegion(tags[d]!) && !isRegion(tags[s]!) ? tags[d]! : OTHER;
    default:
      return OTHER;
  }
}

function isRegion(tag: number): boolean {
  return tag >= PROGRAM_REGION && tag <= INPUT_REGION;
}

/** Takes tags into those at `into[at …]`; two that differ make OTHER. @returns whether something changed. */
function merge(into: Uint8Array, at: number, tags: Uint8Array): boolean {
  let changed = false;
  for (let r = 0; r < TRACKED; r++) {
    const known = into[at + r]!;
    const tag = tags[r]!;
    if (tag === UNSEEN || known === tag || known === OTHER) continue;
    into[at + r] = known === UNSEEN ? tag : OTHER;
    changed = true;
  }
  return changed;
}
