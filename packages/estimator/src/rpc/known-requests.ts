import { LRUCache } from 'lru-cache';
import type { MethodName } from '../api/methods.ts';
import { kindOf } from '../http/fault-text.ts';
import type { Answer } from '../service/service.ts';

/** Longest body that is kept, in bytes: a wallet that polls sends a few hundred. */
const LONGEST_BODY = 4096;

/** What an entry takes beside its texts. */
const ENTRY_BYTES = 256;

/** How one call of a known request counts. */
export interface KnownCall {
  readonly method: MethodName;
  readonly outcome: 'ok' | 'contract';
}

/** A request that was answered before, byte for byte the same. */
export interface KnownRequest {
  readonly stateVersion: bigint;
  /** The whole response. */
  readonly text: string;
  readonly calls: readonly KnownCall[];
  /** The methods, for the log. */
  readonly methods: string;
}

/**
 * Whole responses by the bytes of their requests, beside the cache of answers that the service keeps: reading a request, checking it and putting
 * the answer together take longer than everything else that a cached answer needs. Bounded in bytes, least recently used out first.
 */
export class KnownRequests {
  readonly #requests: LRUCache<string, KnownRequest>;

  constructor(maxBytes: number) {
    this.#requests = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ text }, body) => ENTRY_BYTES + body.length + text.length,
    });
  }

  /** The name of a body; undefined for one that is not kept. */
  nameOf(body: Buffer): string | undefined {
    return body.length > LONGEST_BODY ? undefined : body.toString('latin1');
  }

  /** What the body was answered with, on whatever state. */
  find(name: string): KnownRequest | undefined {
    return this.#requests.get(name);
  }

  /** Keeps a response, if every answer in it is one that the same state gives again. */
  keep(
    name: string,
    response: Omit<KnownRequest, 'stateVersion' | 'calls'>,
    methods: readonly MethodName[],
    answers: readonly Answer[],
  ): void {
    const calls: KnownCall[] = [];
    const stateVersion = answers[0]?.stateVersion;
    if (stateVersion === undefined) return;
    for (const [index, answer] of answers.entries()) {
      const kind = answer.ok ? 'ok' : kindOf(answer);
      if (answer.stateVersion !== stateVersion || (kind !== 'ok' && kind !== 'contract')) return;
      calls.push({ method: methods[index]!, outcome: kind });
    }
    this.#requests.set(name, { ...response, stateVersion, calls });
  }
}
