/** What went wrong; callers test this, not the message. */
export type WasmBuilderErrorCode =
  /** An operand of another type than the instruction takes (checked mode). */
  | 'TYPE_MISMATCH'
  /** An instruction takes more operands than there are, or a block ends with some left over (checked mode). */
  | 'STACK_HEIGHT'
  /** A branch to a label that isn't open. */
  | 'BAD_LABEL'
  /** No function, type, local, global, table, memory or segment of this index. */
  | 'BAD_INDEX'
  /** `end`, `else` or the end of the body in the wrong place. */
  | 'BAD_NESTING'
  /** Not an instruction, or one that carries immediates and has a method of its own. */
  | 'BAD_OPCODE'
  /** A number, limit, name or constant expression outside its range. */
  | 'BAD_VALUE'
  /** A call that comes too late or too early: an import after a definition, two bodies at once. */
  | 'BAD_ORDER'
  /** A graph whose arrays do not fit together. */
  | 'BAD_GRAPH'
  /** More than an engine accepts; the module would be refused there. */
  | 'LIMIT';

/** The one error of this package. All but LIMIT are mistakes of the program that calls the builder. */
export class WasmBuilderError extends Error {
  override readonly name = 'WasmBuilderError';

  constructor(
    readonly code: WasmBuilderErrorCode,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** Throws LIMIT when `value` is above `limit`. */
export function refuseAbove(limit: number, value: number, what: string): void {
  if (value > limit) throw new WasmBuilderError('LIMIT', `${value} ${what}, at most ${limit} are accepted`);
}
