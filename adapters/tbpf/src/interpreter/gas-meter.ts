import { type ExactGas, exactGas } from '@switchyard/core';

/** Largest count held as a plain number; all below is exact. */
const EXACT = Number.MAX_SAFE_INTEGER;
const EXACT_BIGINT = BigInt(EXACT);

/**
 * Counts what is left of a u64 budget without BigInt on the usual path: `near` is a plain number, `far` holds what a budget above
 * 2^53 − 1 has beyond it. The interpreter draws slices of `near` and gives back what it did not use (spec §5).
 */
export class GasMeter {
  #limit: bigint;
  #near = 0;
  #far = 0n;
  /** What `near` and `far` were at the start. */
  #firstNear = 0;
  #firstFar = 0n;

  constructor(limit: bigint) {
    this.#limit = limit;
    this.#begin(limit);
  }

  /** The budget that it started with. */
  get limit(): bigint {
    return this.#limit;
  }

  /** Starts over with another budget, for a machine that serves many runs. */
  restart(limit: bigint): void {
    this.#limit = limit;
    this.#begin(limit);
  }

  /** True when nothing is left. */
  get isEmpty(): boolean {
    return this.#near === 0 && this.#far === 0n;
  }

  /** Units left. */
  get left(): bigint {
    return this.#far === 0n ? BigInt(this.#near) : BigInt(this.#near) + this.#far;
  }

  /** Units used so far. */
  get used(): bigint {
    return this.#limit - this.left;
  }

  /** Units used so far, as a number where that is exact. */
  get exactUsed(): ExactGas {
    return this.#far === this.#firstFar ? this.#firstNear - this.#near : exactGas(this.used);
  }

  /** Takes up to `most` units out; 0 when nothing is left. */
  draw(most: number): number {
    if (this.#near === 0 && this.#far > 0n) this.#bringNear();
    const drawn = Math.min(this.#near, most);
    this.#near -= drawn;
    return drawn;
  }

  /** Puts back what was drawn and not used. */
  giveBack(units: number): void {
    const room = EXACT - this.#near;
    if (units <= room) {
      this.#near += units;
      return;
    }
    this.#far += BigInt(units - room);
    this.#near = EXACT;
  }

  /** Charges all of `units` or nothing; a number is at most 2^53 − 1. @returns false when less is left. */
  charge(units: number | bigint): boolean {
    if (typeof units === 'number' && units <= this.#near) {
      this.#near -= units;
      return true;
    }
    const { left } = this;
    if (units > left) return false;
    this.#set(left - BigInt(units));
    return true;
  }

  /** Charges `units` (u64), or all that is left if that is less. */
  consume(units: bigint): void {
    const left = this.left;
    this.#set(units > left ? 0n : left - units);
  }

  #begin(limit: bigint): void {
    this.#set(limit);
    this.#firstNear = this.#near;
    this.#firstFar = this.#far;
  }

  #bringNear(): void {
    this.#set(this.left);
  }

  #set(left: bigint): void {
    if (left <= EXACT_BIGINT) {
      this.#near = Number(left);
      this.#far = 0n;
    } else {
      this.#near = EXACT;
      this.#far = left - EXACT_BIGINT;
    }
  }
}
