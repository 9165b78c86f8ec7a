import { slotsOf } from './blocks.ts';
import type { CompilerContext } from './context.ts';
import type { FramePlan } from './frame-plan.ts';
import { UNKNOWN } from './frame-plan.ts';
import type { TbpfFunction } from './functions.ts';
import { ANY_REGION, STACK_REGION } from './regions.ts';
import { ACCESS_BYTES, FORM, Form, writesOf } from './steps.ts';

const FRAME_POINTER = 10;

/** Accesses of one block through one register that does not change between them: one check serves all. */
export interface AccessGroup {
  /** Slot of its first access, where the check stands. */
  readonly firstPc: number;
  readonly base: number;
  readonly region: number;
  /** First byte and end, relative to the register. */
  low: number;
  high: number;
  stores: boolean;
}

/** Widest group: a failing check only costs speed, but the wider, the likelier. */
const MAX_SPAN = 4096;

/** Group of an access inside the function's own frame, which needs no check. */
export const OWN_FRAME = -1;
/** Group of an access that is translated in general. */
export const NO_GROUP = -2;

/** The groups of one function, and for the slot of each access the index of its group, `OWN_FRAME` or `NO_GROUP`. */
export class AccessGroups {
  readonly groups: AccessGroup[] = [];
  readonly #groupAt: Int32Array;

  constructor({ input, set, regions, groupAt }: CompilerContext, one: TbpfFunction, frame: FramePlan) {
    this.#groupAt = groupAt;
    const { code, gapped, frameSize, dynamicFrames } = input;
    const { start, end } = set.blocks;
    const isPowerOfTwo = (frameSize & (frameSize - 1)) === 0;
    const mostOnStack = gapped ? Math.min(MAX_SPAN, frameSize) : MAX_SPAN;
    const open = new Int32Array(16);
    for (const block of one.blocks) {
      open.fill(NO_GROUP);
      for (let pc = start[block]!; pc < end[block]!; pc += slotsOf(code, pc)) {
        const at = pc * 4;
        const step = code[at]!;
        const form = FORM[step]!;
        const bytes = ACCESS_BYTES[step]!;
        if (bytes > 0) {
          const isStore = form !== Form.Load;
          const base = code[at + (isStore ? 1 : 2)]!;
          const offset = code[at + 3]!;
          const isOwn = base === FRAME_POINTER && isInOwnFrame(frame, dynamicFrames, pc, offset, bytes);
          const region = base === FRAME_POINTER ? STACK_REGION : regions[pc]!;
          if (isOwn) {
            groupAt[pc] = OWN_FRAME;
          } else if (region === ANY_REGION || (region === STACK_REGION && gapped && !isPowerOfTwo)) {
            groupAt[pc] = NO_GROUP;
          } else {
            const most = region === STACK_REGION ? mostOnStack : MAX_SPAN;
            groupAt[pc] = this.#join(open, pc, base, region, offset, bytes, isStore, most);
          }
        }
        if (form === Form.Call || form === Form.Callx || form === Form.Syscall) open.fill(NO_GROUP);
        const written = writesOf(form, code[at + 1]!);
        if (written !== 0) open[code[at + 1]!] = NO_GROUP;
        // V1 and later move r10.
        else if (code[at + 1] === FRAME_POINTER && form === Form.AluImm) open[FRAME_POINTER] = NO_GROUP;
      }
    }
  }

  /** The group of the access at a slot, or one of the two numbers. */
  at(pc: number): number {
    return this.#groupAt[pc]!;
  }

  #join(
    open: Int32Array,
    pc: number,
    base: number,
    region: number,
    offset: number,
    bytes: number,
    isStore: boolean,
    most: number,
  ): number {
    const index = open[base]!;
    const group = this.groups[index];
    if (group !== undefined) {
      const low = Math.min(group.low, offset);
      const high = Math.max(group.high, offset + bytes);
      if (high - low <= most) {
        group.low = low;
        group.high = high;
        group.stores ||= isStore;
        return index;
      }
    }
    const group0: AccessGroup = {
      firstPc: pc,
      base,
      region,
      low: offset,
      high: offset + bytes,
      stores: isStore,
    };
    open[base] = this.groups.push(group0) - 1;
    return open[base]!;
  }
}

function isInOwnFrame(
  { low, span, delta }: FramePlan,
  dynamicFrames: boolean,
  pc: number,
  offset: number,
  bytes: number,
): boolean {
  if (span === 0) return false;
  if (dynamicFrames) return delta[pc] !== UNKNOWN;
  return offset >= low && offset + bytes <= 0;
}
