/** Distinct amounts that are kept exactly; above, they are rounded. */
const EXACT_AMOUNTS = 4096;

/** Digits that a rounded amount keeps. */
const KEPT_DIGITS = 3;

/** What reports say of one side's gas in one entry. */
export interface GasSummary {
  readonly min: number;
  readonly median: number;
  readonly max: number;
  readonly total: string;
}

/** Gas of any number of calls in bounded memory: least, median, greatest, sum. The median is exact up to 4,096 distinct amounts, then to three digits. */
export class GasStatistics {
  #counts = new Map<number, number>();
  #isRounded = false;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  #total = 0n;
  #calls = 0;

  add(gas: number): void {
    this.#calls++;
    this.#total += BigInt(gas);
    this.#min = Math.min(this.#min, gas);
    this.#max = Math.max(this.#max, gas);
    const amount = this.#isRounded ? rounded(gas) : gas;
    this.#counts.set(amount, (this.#counts.get(amount) ?? 0) + 1);
    if (this.#counts.size > EXACT_AMOUNTS && !this.#isRounded) this.#round();
  }

  /** Undefined when no call was counted. */
  summary(): GasSummary | undefined {
    if (this.#calls === 0) return undefined;
    return { min: this.#min, median: this.#median(), max: this.#max, total: `${this.#total}` };
  }

  /** All that is known, as JSON; `fromJSON` reads it. */
  toJSON(): unknown {
    return {
      counts: [...this.#counts],
      isRounded: this.#isRounded,
      min: this.#calls === 0 ? null : this.#min,
      max: this.#max,
      total: `${this.#total}`,
      calls: this.#calls,
    };
  }

  static fromJSON(json: unknown): GasStatistics {
    const { counts, isRounded, min, max, total, calls } = json as {
      counts: [number, number][];
      isRounded: boolean;
      min: number | null;
      max: number;
      total: string;
      calls: number;
    };
    const made = new GasStatistics();
    made.#counts = new Map(counts);
    made.#isRounded = isRounded;
    made.#min = min ?? Number.POSITIVE_INFINITY;
    made.#max = max;
    made.#total = BigInt(total);
    made.#calls = calls;
    return made;
  }

  /** The lower median, so that it is an amount that was seen. */
  #median(): number {
    let left = Math.ceil(this.#calls / 2);
    for (const [amount, count] of [...this.#counts].sort(([a], [b]) => a - b)) {
      left -= count;
      if (left <= 0) return amount;
    }
    return this.#max;
  }

  #round(): void {
    this.#isRounded = true;
    const counts = new Map<number, number>();
    for (const [amount, count] of this.#counts) {
      counts.set(rounded(amount), (counts.get(rounded(amount)) ?? 0) + count);
    }
    this.#counts = counts;
  }
}

function rounded(amount: number): number {
  const step = 10 ** Math.max(0, `${amount}`.length - KEPT_DIGITS);
  return Math.floor(amount / step) * step;
}
