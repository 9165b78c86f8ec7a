import { LegacyOp } from '../isa/legacy-op.ts';
import type { Box } from '../values/box.ts';
import { copyInto } from '../values/copy.ts';
import { Kind } from '../values/kind.ts';
import type { Machine } from './machine.ts';
import { MAX_FRAMES, STACK_SLOTS } from './machine-limits.ts';
import { machineTrap } from './trap.ts';
import { noteFrameEnd } from './undefined-uses.ts';

/** Enters a chunk with the current stack length as its checkpoint (spec §4.4). */
export function enterChunk(machine: Machine, chunk: number): void {
  const { frames } = machine;
  if (frames + 1 >= MAX_FRAMES) throw machineTrap('CallStackOverflow');
  const start = machine.program.chunkStart[chunk];
  if (start === undefined) throw machineTrap('ChunkNotFound');
  machine.savedPc[frames] = machine.pc;
  machine.savedChunk[frames] = machine.chunk;
  machine.savedBase[frames] = machine.base;
  machine.savedCheckpoint[frames] = machine.checkpoint;
  machine.savedLow[frames] = machine.low;
  machine.savedIteratorBase[frames] = machine.iteratorBase;
  machine.frames = frames + 1;
  machine.pc = start;
  machine.chunk = chunk;
  machine.base = machine.top;
  machine.checkpoint = machine.sp;
  machine.low = STACK_SLOTS;
  machine.iteratorBase = machine.iteratorTop;
}

/**
 * Ends the current frame: results above the checkpoint become owned; a callee that consumed exactly one argument leaves its result as it
 * is. Then the registers die, and pointers to them that are still on the stack become copies (spec §13, U1).
 */
export function leaveFrame(machine: Machine): void {
  const { sp, stack } = machine;
  let { checkpoint } = machine;
  if (checkpoint > sp) checkpoint = sp > 0 ? sp - 1 : 0;
  for (let i = checkpoint; i < sp; i++) {
    const slot = stack[i]!;
    if (slot.kind === Kind.Pointer) copyInto(slot, slot.ref as Box, machine);
  }
  if (machine.low < checkpoint) ownDying(machine, machine.low, checkpoint);
  const frames = machine.frames - 1;
  machine.frames = frames;
  machine.top = machine.base;
  machine.iteratorTop = machine.iteratorBase;
  machine.pc = machine.savedPc[frames]!;
  machine.chunk = machine.savedChunk[frames]!;
  machine.base = machine.savedBase[frames]!;
  machine.checkpoint = machine.savedCheckpoint[frames]!;
  // What the callee left lower than the caller's mark is now the caller's to watch.
  const low = machine.low;
  machine.low = machine.savedLow[frames]!;
  if (low < machine.low) machine.low = low;
  machine.iteratorBase = machine.savedIteratorBase[frames]!;
}

/** Copies what points into the registers that are about to die. */
function ownDying(machine: Machine, from: number, to: number): void {
  const { stack, registers, base, top } = machine;
  for (let i = from; i < to; i++) {
    const slot = stack[i]!;
    if (slot.kind !== Kind.Pointer) continue;
    const root = slot.origin ?? (slot.ref as Box);
    for (let r = base; r < top; r++) {
      if (registers[r] !== root) continue;
      noteFrameEnd(machine);
      copyInto(slot, slot.ref as Box, machine);
      break;
    }
  }
}

/** `InvokeChunk` and `DynamicCall`: reverses the arguments in place and enters the chunk. */
export function invokeChunk(machine: Machine, chunk: number, count: number): void {
  if (count > machine.sp) throw machineTrap('NotEnoughArguments');
  reverseTop(machine, count);
  if (machine.program.module.entries.has(chunk)) throw machineTrap('EntryChunkCalled');
  if (machine.config.tailCalls) {
    const next = machine.program.ops[machine.pc]! as LegacyOp;
    if (next === LegacyOp.Return || next === LegacyOp.End) leaveFrame(machine);
  }
  enterChunk(machine, chunk);
}

function reverseTop(machine: Machine, count: number): void {
  const { stack, sp } = machine;
  if (count > 1 && sp - count < machine.low) machine.low = sp - count;
  for (let low = sp - count, high = sp - 1; low < high; low++, high--) {
    const slot = stack[low]!;
    stack[low] = stack[high]!;
    stack[high] = slot;
  }
}
