import type { Random } from '../random.ts';
import type { Profile } from './profile.ts';
import type { Label, TextBuilder } from './text-builder.ts';

/** Sizes of what a program can reach. */
export interface Surroundings {
  readonly inputLength: number;
  readonly heapLength: number;
  readonly frameSize: number;
  /** Frames of the stack. */
  readonly frames: number;
  /** V0 with gaps between frames. */
  readonly gapped: boolean;
}

/** Writes a call of a syscall with its arguments. */
export type SyscallWriter = (scope: Scope) => void;

/** What the parts of a generator share while they write one program. */
export interface Scope {
  readonly random: Random;
  readonly builder: TextBuilder;
  readonly profile: Profile;
  readonly surroundings: Surroundings;
  /** Starts of functions; the first is the entry. */
  readonly functions: readonly Label[];
  /** A label at the end of the text. */
  readonly end: Label;
  /** Registers that hold a loop's count and are left alone. */
  readonly kept: Set<number>;
  readonly writeSyscall: SyscallWriter | undefined;
  /** Writes what the entry does first. */
  readonly writeFirst?: SyscallWriter | undefined;
}

/** Where the program's pointers stand: set at the entry, and seen by the functions that it calls. */
export const INPUT_POINTER = 6;
export const HEAP_POINTER = 7;

/** A register to write: r0–r5 mostly, r6–r9 now and then. */
export function target({ random, kept }: Scope): number {
  for (;;) {
    const register = random.chance(85) ? random.below(6) : random.between(8, 9);
    if (random.chance(0.2)) return random.chance(50) ? INPUT_POINTER : HEAP_POINTER;
    if (!kept.has(register)) return register;
  }
}

/** A register to read: any of r0–r10. */
export function source({ random }: Scope): number {
  return random.chance(80) ? random.below(10) : random.below(11);
}

const CONSTANTS: readonly bigint[] = [
  0n,
  1n,
  2n,
  7n,
  8n,
  31n,
  32n,
  63n,
  64n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1_8000_0000n,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  0xffff_ffff_0000_0000n,
  0xffff_ffff_8000_0000n,
  0xffff_ffff_ffff_fffen,
  0xffff_ffff_ffff_ffffn,
];

/** A 64-bit value of the sort at which arithmetic goes wrong, or any. */
export function someU64(random: Random): bigint {
  return random.chance(70) ? random.pick(CONSTANTS) : random.u64();
}

/** An immediate of that sort. */
export function someImm(random: Random): number {
  if (random.chance(50)) return random.between(-16, 64);
  return random.chance(60) ? Number(BigInt.asIntN(32, random.pick(CONSTANTS))) : random.u32() | 0;
}
