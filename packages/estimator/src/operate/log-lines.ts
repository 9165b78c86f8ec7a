import type { Writable } from 'node:stream';

/** Most bytes that wait to be written. A disk that is slower for long loses lines rather than memory. */
const MAX_WAITING = 16_777_216;

/** Text that is written without waiting for more. */
const CHUNK = 32_768;

/**
 * Hands lines to a stream some at a time: a write for each would cost as much as an answer, and pino's own destination measures all that
 * waits again with every line. A line is written a fifth of a second late at most.
 */
export class LogLines {
  readonly #stream: Writable;
  readonly #timer: NodeJS.Timeout;
  #waiting = '';
  #dropped = 0;
  #isBroken = false;
  readonly #onError = (error: Error): void => {
    if (!this.#isBroken) process.stderr.write(`the log ends here: ${error.message}\n`);
    this.#isBroken = true;
  };

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', this.#onError);
    this.#timer = setInterval(() => this.#flush(), 200).unref();
  }

  /** Takes a line with its end. */
  write(line: string): void {
    if (this.#isBroken) return;
    if (this.#stream.writableLength > MAX_WAITING) {
      this.#dropped++;
      return;
    }
    this.#waiting += line;
    if (this.#waiting.length > CHUNK) this.#flush();
  }

  /** Writes what waits, and resolves when the stream has taken it. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#flush();
    if (!this.#isBroken) await new Promise<void>((resolve) => this.#stream.write('', () => resolve()));
    this.#stream.off('error', this.#onError);
  }

  #flush(): void {
    if (this.#dropped > 0 && this.#stream.writableLength <= MAX_WAITING) {
      this.#waiting += `{"level":40,"time":${Date.now()},"msg":"${this.#dropped} lines were not written: the log is too slow"}\n`;
      this.#dropped = 0;
    }
    if (this.#waiting === '' || this.#isBroken) return;
    this.#stream.write(this.#waiting);
    this.#waiting = '';
  }
}
