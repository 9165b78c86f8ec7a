import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { RunAnswer } from '../run/run-job.ts';

/** Keys above this many characters are kept as their hash. */
const LONG_KEY = 512;

/** What an entry takes beside its text. */
const ENTRY_BYTES = 256;

/**
 * Answers to requests that were asked before on the same state, least recently used out first, bounded in bytes. The key is the state's
 * version, the method and the params as their schema gives them; engines and limits are one service's, and do not change while it lives.
 */
export class AnswerCache {
  readonly #answers: LRUCache<string, RunAnswer> | undefined;

  /** @param maxBytes 0 keeps nothing. */
  constructor(maxBytes: number) {
    if (maxBytes > 0) {
      this.#answers = new LRUCache({
        maxSize: maxBytes,
        sizeCalculation: (answer, key) => ENTRY_BYTES + key.length + answer.json.length,
      });
    }
  }

  get entries(): number {
    return this.#answers?.size ?? 0;
  }

  get bytes(): number {
    return this.#answers?.calculatedSize ?? 0;
  }

  /** The name of a request on a state. */
  keyOf(stateVersion: bigint, job: string): string {
    const text = job.length > LONG_KEY ? createHash('sha256').update(job).digest('base64') : job;
    return `${stateVersion} ${text}`;
  }

  get(key: string): RunAnswer | undefined {
    return this.#answers?.get(key);
  }

  set(key: string, answer: RunAnswer): void {
    this.#answers?.set(key, answer);
  }
}
