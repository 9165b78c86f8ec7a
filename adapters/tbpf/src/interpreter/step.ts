/**
 * What the interpreter dispatches on: every `Op`, then these forms that a version or the registries decide, so that nothing of it is
 * decided while running. Numbered on from `Op.Unknown`, so that the dispatch is one dense jump table (a test holds this).
 */
export const enum Step {
  /** `add32`, `sub32`, `mul32` with zero-extended result (V2 and later). */
  Add32ImmZero = 117,
  Add32RegZero,
  Sub32RegZero,
  Mul32ImmZero,
  Mul32RegZero,
  Sub32ImmZero,
  /** V2: imm − d. */
  Sub32ImmSwapped,
  Sub64ImmSwapped,
  /** V2 and later: sign-extends. */
  Mov32RegSigned,
  /** `call` of a function; the target is absolute. */
  CallFunction,
  /** `call` of a registered function that lies outside the text. */
  CallOutside,
  /** `call` of the syscall with this index. */
  CallSyscall,
  /** Slot n: control fell off the end. */
  Overrun,
}
