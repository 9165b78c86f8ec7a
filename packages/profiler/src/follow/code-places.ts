import type { SourceLocation, SourceMap } from '@switchyard/core';

/** Gives the source map of a code; undefined where the engine has none. */
export type SourceMapOf = (engine: string, code: Uint8Array) => SourceMap | undefined;

/** What a function is called that nothing names. */
const UNNAMED = '(code)';

/** Names and lines of one code's positions, each looked up once. */
export class CodePlaces {
  readonly #map: SourceMap | undefined;
  readonly #functions = new Map<number, string>();
  readonly #locations = new Map<number, SourceLocation | undefined>();

  constructor(map: SourceMap | undefined) {
    this.#map = map;
  }

  functionAt(pc: number): string {
    let name = this.#functions.get(pc);
    if (name === undefined) {
      name = this.#map?.functionAt(pc) ?? UNNAMED;
      this.#functions.set(pc, name);
    }
    return name;
  }

  locate(pc: number): SourceLocation | undefined {
    if (this.#locations.has(pc)) return this.#locations.get(pc);
    const location = this.#map?.locate(pc);
    this.#locations.set(pc, location);
    return location;
  }
}

/** Of what has no code: it has no steps, so nobody asks. */
const NOWHERE = new CodePlaces(undefined);

/** The places of every code that a transaction runs, by the identity of its bytes. */
export class PlacesOfCodes {
  readonly #sourceMapOf: SourceMapOf | undefined;
  readonly #known = new WeakMap<Uint8Array, CodePlaces>();

  constructor(sourceMapOf: SourceMapOf | undefined) {
    this.#sourceMapOf = sourceMapOf;
  }

  of(engine: string, code: Uint8Array | undefined): CodePlaces {
    if (code === undefined) return NOWHERE;
    let places = this.#known.get(code);
    if (places === undefined) {
      places = new CodePlaces(this.#sourceMapOf?.(engine, code));
      this.#known.set(code, places);
    }
    return places;
  }
}
