/** Thrown inside the assembler to leave it with a message; never leaves `assemble`. */
export class AssemblyFailure extends Error {}

/** Leaves the assembler with this message. */
export function failAssembly(message: string): never {
  throw new AssemblyFailure(message);
}
