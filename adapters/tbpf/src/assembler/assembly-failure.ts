/** Thrown inside the assembler to leave it with a message; never leaves `assemble`. */
export class AssemblyFailure extends Error {
  /** Line of the statement that cannot be assembled, from 1; absent where the message says it, or no line is at fault. */
  line: number | undefined;
}

/** Does a statement's part; what fails in it carries the statement's line. */
export function atLine<T>(line: number, work: () => T): T {
  try {
    return work();
  } catch (failure) {
    if (failure instanceof AssemblyFailure) failure.line ??= line;
    throw failure;
  }
}

/** Leaves the assembler with this message. */
export function failAssembly(message: string): never {
  throw new AssemblyFailure(message);
}
