/** A registered function: its slot and its name, empty unless labels are enabled. */
export interface RegisteredFunction {
  readonly pc: number;
  readonly name: string;
}

/** Functions by key: murmur3 hashes in V0–V2, slots in V3+ (spec §8.4.5). */
export class FunctionRegistry {
  readonly #byKey = new Map<number, RegisteredFunction>();

  /** Number of registered functions. */
  get size(): number {
    return this.#byKey.size;
  }

  /** Finds a function by its unsigned 32-bit key. */
  get(key: number): RegisteredFunction | undefined {
    return this.#byKey.get(key);
  }

  /**
   * Registers a function. The same key with the same pc keeps the existing entry; with another pc
   * nothing changes and the answer is false (`SymbolHashCollision`).
   */
  register(key: number, pc: number, name: string): boolean {
    const existing = this.#byKey.get(key);
    if (existing !== undefined) return existing.pc === pc;
    this.#byKey.set(key, { pc, name });
    return true;
  }

  /** Finds the function with this name that has the lowest key. */
  findByName(name: string): (RegisteredFunction & { readonly key: number }) | undefined {
    for (const [key, entry] of this.entries()) if (entry.name === name) return { key, ...entry };
    return undefined;
  }

  /** All functions in ascending order of their keys. */
  entries(): readonly (readonly [key: number, entry: RegisteredFunction])[] {
    return [...this.#byKey].sort(([left], [right]) => left - right);
  }
}
