/**
 * Int32Arrays cut from one buffer that is kept from graph to graph: small functions would otherwise spend their time in allocating.
 * After `reset` the earlier arrays must no longer be used.
 */
export class IntArena {
  private buffer = new Int32Array(1 << 12);
  private used = 0;

  reset(): void {
    this.used = 0;
  }

  /** `length` numbers, all `value`. */
  take(length: number, value = 0): Int32Array {
    if (this.used + length > this.buffer.length) {
      // Arrays that were handed out stay on the old buffer.
      this.buffer = new Int32Array(Math.max(this.buffer.length * 2, length));
      this.used = 0;
    }
    const array = this.buffer.subarray(this.used, this.used + length);
    this.used += length;
    return array.fill(value);
  }
}
