/** What gas was spent on (framework.md G3). */
export type GasCategory = 'computation' | 'storage' | 'memory' | 'precompiles' | 'subcalls';

/** Gas by category. */
export type GasBreakdown = Readonly<Record<GasCategory, bigint>>;

/** A checked gas meter for engines that want one. Charge before acting; a refused charge leaves the meter as it was. */
export class GasMeter {
  readonly limit: bigint;
  #used = 0n;
  #refund = 0n;
  readonly #breakdown: Record<GasCategory, bigint> | undefined;

  /** @param detailed keeps a breakdown by category. */
  constructor(limit: bigint, detailed = false) {
    this.limit = limit;
    this.#breakdown = detailed
      ? { computation: 0n, storage: 0n, memory: 0n, precompiles: 0n, subcalls: 0n }
      : undefined;
  }

  get used(): bigint {
    return this.#used;
  }

  get left(): bigint {
    return this.limit - this.#used;
  }

  get refund(): bigint {
    return this.#refund;
  }

  /** Copy of the breakdown; undefined unless asked for at construction. */
  get breakdown(): GasBreakdown | undefined {
    return this.#breakdown === undefined ? undefined : { ...this.#breakdown };
  }

  /** Takes gas. @returns false, and takes nothing, when less than `amount` is left. */
  charge(amount: bigint, category: GasCategory = 'computation'): boolean {
    if (amount < 0n || amount > this.limit - this.#used) return false;
    this.#used += amount;
    if (this.#breakdown !== undefined) this.#breakdown[category] += amount;
    return true;
  }

  /** Gives back what was charged and not needed, such as a callee's unused gas. */
  giveBack(amount: bigint, category: GasCategory = 'computation'): void {
    this.#used -= amount;
    if (this.#breakdown !== undefined) this.#breakdown[category] -= amount;
  }

  /** Adds to the refund counter; below 0 takes back, never under 0. The cap is the gas policy's. */
  addRefund(amount: bigint): void {
    const refund = this.#refund + amount;
    this.#refund = refund < 0n ? 0n : refund;
  }
}
