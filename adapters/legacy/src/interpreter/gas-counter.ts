import { type ExactGas, exactGas, MAX_U64 } from '@switchyard/core';
import { environmentTrap } from './trap.ts';

/** Gas is counted in windows of this size, so that the hot counter stays a small integer. */
const WINDOW = 0x3fff_ffff;
const LARGEST_NUMBER_COST = 0xffff_ffff_ffffn;

/**
 * Counts gas exactly in u64. What is charged goes to `count`, up to `bound`; when it passes the bound it is added to a bigint and a new
 * window opens, or the limit is reached. The counter keeps what was charged above the limit (spec §5).
 */
export class GasCounter {
  /** Charged in this window. */
  count = 0;
  /** Most that this window holds without `settle`. */
  bound = 0;
  #before = 0n;
  #limit = 0n;

  reset(limit: bigint): void {
    this.#before = 0n;
    this.#limit = limit;
    this.count = 0;
    this.#open();
  }

  get limit(): bigint {
    return this.#limit;
  }

  /** All gas charged. */
  get used(): bigint {
    return this.#before + BigInt(this.count);
  }

  /** All gas charged, at most the limit, as a number where that is exact. */
  get exactUsed(): ExactGas {
    if (this.#before === 0n && this.count <= this.bound) return this.count;
    const { used } = this;
    return exactGas(used < this.#limit ? used : this.#limit);
  }

  /** Charges an exact, non-negative number. @throws Trap NotEnoughGas, GasOverflow. */
  charge(amount: number): void {
    this.count += amount;
    if (this.count > this.bound) this.#settle(amount);
  }

  /** Charges bytes of memory; their product with the price wraps, as the reference's does. */
  chargeBytes(bytes: number, price: bigint): void {
    if (price === 1n) {
      this.charge(bytes);
      return;
    }
    this.chargeLarge(BigInt.asUintN(64, BigInt(bytes) * price));
  }

  /** Charges any u64. @throws Trap NotEnoughGas, GasOverflow. */
  chargeLarge(cost: bigint): void {
    if (cost <= LARGEST_NUMBER_COST) {
      this.charge(Number(cost));
      return;
    }
    if (this.used + cost > MAX_U64) throw environmentTrap('GasOverflow');
    this.#before += cost;
    this.#settle(0);
  }

  #settle(amount: number): void {
    const total = this.used;
    if (total > MAX_U64) {
      this.count -= amount;
      throw environmentTrap('GasOverflow');
    }
    if (total > this.#limit) {
      throw environmentTrap('NotEnoughGas', ` { limit: ${this.#limit}, actual: ${total} }`);
    }
    this.#before = total;
    this.count = 0;
    this.#open();
  }

  #open(): void {
    const left = this.#limit - this.#before;
    this.bound = left > BigInt(WINDOW) ? WINDOW : Number(left);
  }
}
