import { Step } from '../interpreter/step.ts';
import { Op } from '../isa/op.ts';

/**
 * Fields of a predecoded instruction by byte offset. Register fields hold the register's number times 8, its place in the cells.
 */
export const Field = {
  /** u8: an `Op`, a `Step` or one of the `Code`s below. */
  op: 0,
  /** u8: 1 << region for each region that this memory access has gone to. */
  profile: 1,
  dst: 2,
  src: 3,
  /** i32: linear address of a jump's or call's target; index of a syscall; value of a store with immediate. */
  operand: 4,
  /** i64: immediate of arithmetic; of a memory access its offset, less the region's base in the handlers for one region. */
  immediate: 8,
} as const;

/** Handlers of memory accesses: one set for each region that an access may keep to, and one for accesses that do not. */
export const enum Variant {
  Program = 0,
  /** Without gaps. */
  Stack,
  /** With gaps of `COMMON_GAP`. */
  GappedStack,
  Heap,
  Input,
  /** Has gone to several regions. */
  Mixed,
}

export const VARIANTS = 6;

/** The memory accesses stand together in `Op`: loads of 1, 2, 4, 8 bytes, stores of an immediate, stores of a register. */
export const FIRST_ACCESS: number = Op.Ldxb;
export const ACCESSES = Op.Stxdw - Op.Ldxb + 1;

const FIRST_VARIANT = Step.Overrun + 1;

/** Codes that only tier 0 knows, numbered on from `Step`. */
export const Code = {
  /** `FIRST_VARIANT + variant × ACCESSES + access`. */
  variants: FIRST_VARIANT as number,
  /** The memory syscalls, in the order of `memorySyscalls`. */
  memorySyscalls: FIRST_VARIANT + VARIANTS * ACCESSES,
} as const;

export const MEMORY_SYSCALLS = 4;

/** How many codes there are. */
export const CODES = Code.memorySyscalls + MEMORY_SYSCALLS;

/** The code of an access (0 to 11) with the handlers of a variant. */
export function variantCode(variant: Variant, access: number): number {
  return Code.variants + variant * ACCESSES + access;
}
