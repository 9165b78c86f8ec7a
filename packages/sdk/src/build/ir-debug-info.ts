/**
 * Adds to the debug information of LLVM's textual code what new functions and calls need. clang's BPF back end crashes on a function without a
 * subprogram as soon as a module has any debug information, and the reader drops all of it when a call between two subprograms has no place.
 */
export class IrDebugInfo {
  readonly #rows: string[] = [];
  readonly #unit: string | undefined;
  readonly #file: string | undefined;
  /** Locations without a line, by the scope of the function. */
  readonly #locations = new Map<string, string>();
  #next = 0;
  #empty: string | undefined;

  constructor(text: string) {
    this.#unit = /^!llvm\.dbg\.cu = !\{(!\d+)/m.exec(text)?.[1];
    if (this.#unit === undefined) return;
    for (const match of text.matchAll(/^!(\d+) = /gm))
      this.#next = Math.max(this.#next, Number(match[1]) + 1);
    const row = new RegExp(`^${this.#unit} = .*DICompileUnit\\(.*?file: (!\\d+)`, 'm').exec(text);
    this.#file = row?.[1];
  }

  /** ` !dbg !9` for the definition of a function of our own; nothing in a module without debug information. */
  subprogram(name: string): string {
    if (this.#unit === undefined || this.#file === undefined) return '';
    this.#empty ??= this.#add('!{}');
    const type = this.#add(`!DISubroutineType(types: ${this.#empty})`);
    const id = this.#add(
      `distinct !DISubprogram(name: "${name}", scope: ${this.#file}, file: ${this.#file}, type: ${type}, flags: DIFlagArtificial, spFlags: DISPFlagLocalToUnit | DISPFlagDefinition, unit: ${this.#unit}, retainedNodes: ${this.#empty})`,
    );
    return ` !dbg ${id}`;
  }

  /** `, !dbg !9` for an instruction without a place, in the function whose definition has the scope. */
  locationIn(scope: string | undefined): string {
    if (scope === undefined) return '';
    const known = this.#locations.get(scope);
    const id = known ?? this.#add(`!DILocation(line: 0, scope: ${scope})`);
    this.#locations.set(scope, id);
    return `, !dbg ${id}`;
  }

  /** The rows to append to the module. */
  rows(): readonly string[] {
    return this.#rows;
  }

  #add(value: string): string {
    const id = `!${this.#next++}`;
    this.#rows.push(`${id} = ${value}`);
    return id;
  }
}

/** The scope in `define … !dbg !9 {`; undefined on any other line. */
export function scopeOfDefinition(line: string): string | undefined {
  return /^define .* !dbg (!\d+)[^"]*\{$/.exec(line)?.[1];
}
