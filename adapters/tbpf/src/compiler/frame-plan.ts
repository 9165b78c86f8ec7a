import { Op } from '../isa/op.ts';
import type { FunctionSet, TbpfFunction } from './functions.ts';
import type { CompilerInput } from './input.ts';
import { ACCESS_BYTES, FORM, Form } from './steps.ts';

const FRAME_POINTER = 10;

/** Widest range of a frame that is checked once for the whole function. */
const MAX_SPAN = 65_536;

/** How a function reaches its own frame by r10 + constant: one range, allowed as a whole, so that its accesses need no check. */
export interface FramePlan {
  /** First byte of the range, relative to r10 at the function's start. */
  readonly low: number;
  /** Bytes of the range; 0 when there is none. */
  readonly span: number;
  /** Whether something is stored there. */
  readonly stores: boolean;
  /**
   * r10 at each slot relative to r10 at the function's start; `UNKNOWN` where ways with different values meet. Valid for the slots of
   * this function until the next plan.
   */
  readonly delta: Int32Array;
}

export const UNKNOWN = 0x7fff_ffff;

/** Plans functions one after another with the same arrays. */
export class FramePlanner {
  readonly #input: CompilerInput;
  readonly #set: FunctionSet;
  readonly #delta: Int32Array;
  readonly #atBlock: Int32Array;

  constructor(input: CompilerInput, set: FunctionSet) {
    this.#input = input;
    this.#set = set;
    this.#delta = new Int32Array(input.dynamicFrames ? input.length + 1 : 0);
    this.#atBlock = new Int32Array(
      set.functions.reduce((most, { graph }) => Math.max(most, graph.blockCount), 0),
    );
  }

  plan(one: TbpfFunction): FramePlan {
    return this.#input.dynamicFrames ? this.#planDynamic(one) : this.#planStatic(one);
  }

  /** V0: the frame is the `frameSize` bytes below r10, always mapped as a whole. */
  #planStatic(one: TbpfFunction): FramePlan {
    const { frameSize } = this.#input;
    let stores = false;
    this.#eachAccess(one, (_pc, offset, bytes, isStore) => {
      if (isStore && offset >= -frameSize && offset + bytes <= 0) stores = true;
    });
    return { low: -frameSize, span: frameSize, stores, delta: this.#delta };
  }

  /** V1 and later: r10 moves by constants, so its distance from the start is mostly known. */
  #planDynamic(one: TbpfFunction): FramePlan {
    this.#findDeltas(one);
    const delta = this.#delta;
    let low = UNKNOWN;
    let high = -UNKNOWN;
    let stores = false;
    this.#eachAccess(one, (pc, offset, bytes, isStore) => {
      if (delta[pc] === UNKNOWN) return;
      low = Math.min(low, delta[pc]! + offset);
      high = Math.max(high, delta[pc]! + offset + bytes);
      stores ||= isStore;
    });
    const span =
      high > low && high - low <= Math.min(MAX_SPAN, this.#input.layout.stackBytes) ? high - low : 0;
    return { low, span, stores: stores && span > 0, delta };
  }

  #findDeltas({ graph, blocks }: TbpfFunction): void {
    const { code } = this.#input;
    const { start, end } = this.#set.blocks;
    const NOT_SEEN = UNKNOWN - 1;
    const atBlock = this.#atBlock;
    atBlock.fill(NOT_SEEN, 0, graph.blockCount);
    atBlock[0] = 0;
    // A block changes at most twice: when it is first seen and when its ways disagree.
    for (let changed = true; changed; ) {
      changed = false;
      for (let at = 0; at < graph.blockCount; at++) {
        let delta = atBlock[at]!;
        if (delta === NOT_SEEN) continue;
        const block = blocks[at]!;
        for (let pc = start[block]!; pc < end[block]!; pc++) {
          this.#delta[pc] = delta;
          if (code[pc * 4] === Op.Add64Imm && code[pc * 4 + 1] === FRAME_POINTER && delta !== UNKNOWN) {
            const moved = delta + code[pc * 4 + 3]!;
            // r10 wraps at 2^64; beyond 2^30 nothing is worth knowing.
            delta = Math.abs(moved) < 0x4000_0000 ? moved : UNKNOWN;
          }
        }
        for (let edge = graph.edgeStart[at]!; edge < graph.edgeStart[at + 1]!; edge++) {
          const target = graph.edgeTarget[edge]!;
          const known = atBlock[target]!;
          if (known === delta || known === UNKNOWN) continue;
          atBlock[target] = known === NOT_SEEN ? delta : UNKNOWN;
          changed = true;
        }
      }
    }
  }

  #eachAccess(
    { blocks }: TbpfFunction,
    visit: (pc: number, offset: number, bytes: number, isStore: boolean) => void,
  ): void {
    const { code } = this.#input;
    const { start, end } = this.#set.blocks;
    for (const block of blocks) {
      for (let pc = start[block]!; pc < end[block]!; pc++) {
        const step = code[pc * 4]!;
        const bytes = ACCESS_BYTES[step]!;
        if (bytes === 0) continue;
        const isStore = FORM[step] !== Form.Load;
        if (code[pc * 4 + (isStore ? 1 : 2)] === FRAME_POINTER) visit(pc, code[pc * 4 + 3]!, bytes, isStore);
      }
    }
  }
}
