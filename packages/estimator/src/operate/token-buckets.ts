import type { Rate } from '../config/config.ts';

interface Bucket {
  tokens: number;
  /** When `tokens` was right, in milliseconds. */
  at: number;
}

/** Most clients whose calls are remembered, about 10 MB of memory. Who was forgotten starts with a full bucket. */
const MAX_CLIENTS = 65_536;

/**
 * Token buckets: a client has `burst` tokens, a call takes one, and `callsPerSecond` come back. A refused request takes none, so that who
 * asks too early is not punished for it. (rate-limiter-flexible counts in fixed windows, takes points for refusals as well, and has a timer
 * for each client and no bound of their number.)
 */
export class TokenBuckets {
  readonly #now: () => number;
  readonly #maxClients: number;
  /** Insertion order is age: a used bucket is put again at the end. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(now: () => number, maxClients: number = MAX_CLIENTS) {
    this.#now = now;
    this.#maxClients = maxClients;
  }

  /** Clients that are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /**
   * Takes tokens for calls if there are enough.
   * @returns 0, or the seconds until there will be enough; Infinity for more calls than a full bucket has
   */
  take(client: string, rate: Rate, calls: number): number {
    if (calls > rate.burst) return Number.POSITIVE_INFINITY;
    const now = this.#now();
    const bucket = this.#buckets.get(client) ?? { tokens: rate.burst, at: now };
    bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) / 1000) * rate.callsPerSecond);
    bucket.at = now;
    this.#buckets.delete(client);
    this.#buckets.set(client, bucket);
    if (this.#buckets.size > this.#maxClients) this.#buckets.delete(this.#buckets.keys().next().value!);
    if (bucket.tokens < calls) return (calls - bucket.tokens) / rate.callsPerSecond;
    bucket.tokens -= calls;
    return 0;
  }
}
