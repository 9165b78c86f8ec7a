/** A place in the source of a contract. */
export interface SourceLocation {
  /** As the compiler was given it, with `/` between folders. Text of whoever made the file: escape it before showing it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, where it is known. */
  readonly column?: number;
}

/** From positions in code to names and lines, as far as the code's file tells. Positions are the engine's pc. */
export interface SourceMap {
  /** Name of the function that a position belongs to; undefined where nothing tells. Text of whoever made the file. */
  functionAt(pc: number): string | undefined;
  locate(pc: number): SourceLocation | undefined;
}

/** `counter.c:41`. */
export function formatLocation({ file, line }: SourceLocation): string {
  return `${file}:${line}`;
}
