/** What can give up its compiled module. */
export interface ModuleHolder {
  /** When it ran last, in any unit that grows. */
  readonly lastUse: number;
  drop(): void;
}

/** Default bound: bytes of emitted modules; machine code takes a few times as much. */
const DEFAULT_MOST_BYTES = 32 * 2 ** 20;

/** The compiled modules of a process, bounded in bytes: the one that has not run for the longest gives its up first. */
export class CompiledModules {
  readonly #mostBytes: number;
  readonly #bytes = new Map<ModuleHolder, number>();
  #total = 0;

  constructor(mostBytes: number = DEFAULT_MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  get bytes(): number {
    return this.#total;
  }

  /** Counts a module; a holder has one at a time. May make others give theirs up. @returns false for a module that is too large by itself. */
  add(holder: ModuleHolder, bytes: number): boolean {
    this.#forget(holder);
    if (bytes > this.#mostBytes) return false;
    this.#bytes.set(holder, bytes);
    this.#total += bytes;
    while (this.#total > this.#mostBytes) {
      const oldest = this.#oldest(holder)!;
      this.#forget(oldest);
      oldest.drop();
    }
    return true;
  }

  #forget(holder: ModuleHolder): void {
    this.#total -= this.#bytes.get(holder) ?? 0;
    this.#bytes.delete(holder);
  }

  #oldest(except: ModuleHolder): ModuleHolder | undefined {
    let oldest: ModuleHolder | undefined;
    for (const holder of this.#bytes.keys()) {
      if (holder !== except && (oldest === undefined || holder.lastUse < oldest.lastUse)) oldest = holder;
    }
    return oldest;
  }
}

/** The process's: memory is the process's, not an engine's. */
export const compiledModules = new CompiledModules();
