import type { ExactGas } from '@switchyard/core';

/** A sum is moved to its bigint before it could lose digits. */
const FLUSH_ABOVE = 2 ** 52;

/** An exact sum of gas that is cheap to add to. */
export class GasSum {
  #near = 0;
  #far = 0n;

  add(gas: ExactGas): void {
    if (typeof gas === 'bigint') {
      this.#far += gas;
      return;
    }
    this.#near += gas;
    if (this.#near > FLUSH_ABOVE || this.#near < -FLUSH_ABOVE) {
      this.#far += BigInt(this.#near);
      this.#near = 0;
    }
  }

  get value(): bigint {
    return this.#far + BigInt(this.#near);
  }
}

/** `a − b`, exact. */
export function gasBetween(b: ExactGas, a: ExactGas): ExactGas {
  return typeof a === 'number' && typeof b === 'number' ? a - b : BigInt(a) - BigInt(b);
}
