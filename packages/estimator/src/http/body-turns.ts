/** Bodies up to so many bytes are read at once: reading them takes less than a turn of the event loop costs. */
const SMALL_BODY = 65_536;

/**
 * Has large bodies read one a turn of the event loop: to read and check a module of 1 MiB takes 10 ms and more, and thirty that have arrived
 * together would hold up every small request behind them for as long as all of them take.
 */
export class BodyTurns {
  readonly #waiting: (() => void)[] = [];

  /** Calls `read` now for a small body, else in a turn of its own, in the order of arrival. */
  take(bytes: number, read: () => void): void {
    if (bytes <= SMALL_BODY) {
      read();
      return;
    }
    this.#waiting.push(read);
    if (this.#waiting.length === 1) setImmediate(() => this.#next());
  }

  #next(): void {
    this.#waiting[0]!();
    this.#waiting.shift();
    if (this.#waiting.length > 0) setImmediate(() => this.#next());
  }
}
