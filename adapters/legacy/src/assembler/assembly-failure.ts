/** Leaves the assembler; caught where it began. `line` counts from 1. */
export class AssemblyFailure extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.name = 'AssemblyFailure';
    this.line = line;
  }
}
