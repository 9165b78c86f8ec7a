import { VmError } from '@switchyard/core';
import type { FastifyRequest } from 'fastify';
import type { EstimatorConfig, Rate } from '../config/config.ts';
import { failureOf } from '../http/fault-text.ts';
import { Refusal } from '../http/refusal.ts';
import { KeyRing, presentedKey } from './api-keys.ts';
import { clientAddress } from './client-address.ts';
import { TokenBuckets } from './token-buckets.ts';

/** Whose a request is. */
export interface Caller {
  /** Name of its key, or its address. A key's name is no address: it starts with a letter and has no colon. */
  readonly client: string;
  readonly rate: Rate | undefined;
}

type KeyedCaller = Caller & { readonly sha256: string };

/** Who may call, and how often. */
export class Access {
  readonly #config: EstimatorConfig;
  readonly #keys: KeyRing<KeyedCaller>;
  readonly #buckets: TokenBuckets;

  constructor(config: EstimatorConfig, now: () => number) {
    this.#config = config;
    this.#keys = new KeyRing(config.keys.map(({ name, sha256, rate }) => ({ client: name, rate, sha256 })));
    this.#buckets = new TokenBuckets(now);
  }

  /**
   * Whose the request is.
   * @throws Refusal UNAUTHORIZED for a wrong key, and for none where one is needed
   */
  identify(request: FastifyRequest, needsKey = !this.#config.anonymous): Caller {
    if (this.#config.keys.length > 0) {
      const key = presentedKey(request.headers);
      if (key !== undefined) {
        const caller = this.#keys.find(key);
        if (caller === undefined) throw unauthorized('The key is not one of this service.');
        return caller;
      }
      if (needsKey) throw unauthorized('The request brings no key.');
    }
    return { client: clientAddress(request.ip), rate: this.#config.rate };
  }

  /**
   * Counts calls of a client.
   * @throws Refusal RATE_LIMITED, with the time to wait; REQUEST_INVALID for a batch that can never pass
   */
  admit({ client, rate }: Caller, calls: number): void {
    if (rate === undefined) return;
    const wait = this.#buckets.take(client, rate, calls);
    if (wait === 0) return;
    if (wait === Number.POSITIVE_INFINITY) {
      const message = `the batch: expected at most ${rate.burst} calls, which is the burst of this client, found ${calls}.`;
      const hint = `Send at most ${rate.burst} calls in a batch; the operator may raise \`burst\` of the key or of \`estimator.rate\`.`;
      throw new Refusal(failureOf(new VmError('REQUEST_INVALID', message, { hint })));
    }
    const seconds = Math.ceil(wait);
    const message = `More than ${rate.callsPerSecond} calls a second, with bursts of ${rate.burst}: ask again in ${seconds} s.`;
    throw new Refusal(failureOf(new VmError('RATE_LIMITED', message), seconds));
  }
}

function unauthorized(message: string): Refusal {
  return new Refusal(failureOf(new VmError('UNAUTHORIZED', message)));
}
