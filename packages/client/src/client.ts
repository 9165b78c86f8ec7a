import { type Outcome, readAnswers } from './answers.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { EstimatorError } from './errors.ts';
import type { ApiMethods } from './generated/api-types.ts';
import { type Endpoint, post } from './post.ts';
import { toJson } from './to-json.ts';

/** How to reach a service. */
export interface ClientOptions {
  /** Address of the service, such as `http://127.0.0.1:8645`; the client asks at `/rpc` below it. */
  readonly url: string | URL;
  /** Key of the service, sent as `Authorization: Bearer …`. */
  readonly key?: string | undefined;
  /** Instead of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Time of a call with its retries. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
  /** Most repetitions of a call that may succeed later. Default: 2. */
  readonly retries?: number | undefined;
  /** Longest answer. Default: 64 MiB. */
  readonly maxAnswerBytes?: number | undefined;
}

/** What one call may have of its own. */
export interface CallOptions {
  /** Ends the call when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly retries?: number | undefined;
}

/** Methods of the client: those of the service without `vm_`. */
export type ClientMethod = 'estimateGas' | 'execute' | 'call' | 'trace' | 'validateCode' | 'engines';

/** What a method takes. */
export type ParamsOf<M extends ClientMethod> = ApiMethods[`vm_${M}`]['params'];

/** What a method answers. */
export type ResultOf<M extends ClientMethod> = ApiMethods[`vm_${M}`]['result'];

/** A call in a batch. */
export type BatchCall = {
  readonly [M in ClientMethod]: { readonly method: M; readonly params: ParamsOf<M> };
}[ClientMethod];

/** What came of each call of a batch, in their order. */
export type BatchOutcomes<C extends readonly BatchCall[]> = {
  readonly [I in keyof C]: Outcome<ResultOf<C[I]['method']>>;
};

/** A gas estimation service. Every method but `batch` throws EstimatorError. */
export interface EstimatorClient {
  /** How much gas a call or a deployment needs, and where it goes. A call that fails at any gas throws, with its `fault`. */
  estimateGas(params: ParamsOf<'estimateGas'>, options?: CallOptions): Promise<ResultOf<'estimateGas'>>;
  /** Runs a call or a deployment and keeps nothing. A failing contract is a result, with its `fault`. */
  execute(params: ParamsOf<'execute'>, options?: CallOptions): Promise<ResultOf<'execute'>>;
  /** Runs calls one after another, each on what the ones before it changed, and keeps nothing. */
  call(params: ParamsOf<'call'>, options?: CallOptions): Promise<ResultOf<'call'>>;
  /** Tells what happens in a call: as a tree, as events, or as a profile of its gas. */
  trace(params: ParamsOf<'trace'>, options?: CallOptions): Promise<ResultOf<'trace'>>;
  /** Checks a module as a deployment would. Bad code is a result with `valid: false`. */
  validateCode(params: ParamsOf<'validateCode'>, options?: CallOptions): Promise<ResultOf<'validateCode'>>;
  /** The engines and limits of the service. */
  engines(options?: CallOptions): Promise<ResultOf<'engines'>>;
  /** Sends calls in one request. Never rejects: each call has its own outcome, and only those that may succeed later are repeated. */
  batch<const C extends readonly BatchCall[]>(calls: C, options?: CallOptions): Promise<BatchOutcomes<C>>;
}

const DEFAULTS = { timeoutMs: 30_000, retries: 2, maxAnswerBytes: 64 * 1024 * 1024 };

/** Wait before the first repetition where the service names none; doubled with each. */
const FIRST_WAIT_MS = 250;

/**
 * A client of the service at an address. It holds no connection and needs no closing.
 * @throws EstimatorError `PARAMS_INVALID` for an address that is none.
 */
export function createClient(options: ClientOptions): EstimatorClient {
  const endpoint: Endpoint = {
    url: rpcUrl(options.url),
    key: options.key,
    // Not stored as it is: a browser's fetch insists on being called on the window.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    maxAnswerBytes: options.maxAnswerBytes ?? DEFAULTS.maxAnswerBytes,
  };
  let lastId = 0;

  async function run(
    calls: readonly BatchCall[],
    isBatch: boolean,
    own: CallOptions = {},
  ): Promise<readonly Outcome<unknown>[]> {
    const deadline = startDeadline(own.timeoutMs ?? options.timeoutMs ?? DEFAULTS.timeoutMs, own.signal);
    const retries = own.retries ?? options.retries ?? DEFAULTS.retries;
    const requests = calls.map(({ method, params }) => {
      lastId++;
      return { jsonrpc: '2.0', id: lastId, method: `vm_${method}`, params };
    });
    const outcomes = new Map<number, Outcome<unknown>>();
    try {
      for (let attempt = 0, open = requests; open.length > 0; attempt++) {
        const ids = open.map(({ id }) => id);
        const found = await ask(endpoint, ids, isBatch ? open : open[0], deadline);
        ids.forEach((id, index) => {
          outcomes.set(id, found[index]!);
        });
        if (attempt >= retries || deadline.signal.aborted) break;
        open = open.filter(({ id }) => isWorthRepeating(outcomes.get(id)!));
        const wait = Math.max(0, ...open.map(({ id }) => waitAfter(outcomes.get(id)!, attempt)));
        if (open.length === 0 || wait >= deadline.remainingMs()) break;
        await deadline.wait(wait);
      }
    } finally {
      deadline.release();
    }
    return requests.map(({ id }) => outcomes.get(id)!);
  }

  async function one<M extends ClientMethod>(
    method: M,
    params: ParamsOf<M>,
    own: CallOptions | undefined,
  ): Promise<ResultOf<M>> {
    const [outcome] = await run([{ method, params } as BatchCall], false, own);
    if (!outcome!.ok) throw outcome!.error;
    return outcome!.result as ResultOf<M>;
  }

  return {
    estimateGas: (params, own) => one('estimateGas', params, own),
    execute: (params, own) => one('execute', params, own),
    call: (params, own) => one('call', params, own),
    trace: (params, own) => one('trace', params, own),
    validateCode: (params, own) => one('validateCode', params, own),
    engines: (own) => one('engines', {}, own),
    batch: async <C extends readonly BatchCall[]>(calls: C, own?: CallOptions) =>
      (await run(calls, true, own)) as BatchOutcomes<C>,
  };
}

/** One request over HTTP; a failure of the whole is that of each call in it. */
async function ask(
  endpoint: Endpoint,
  ids: readonly number[],
  body: unknown,
  deadline: Deadline,
): Promise<readonly Outcome<unknown>[]> {
  try {
    const ended = deadline.reason();
    if (ended !== undefined) throw ended;
    return readAnswers(ids, await post(endpoint, toJson(body), deadline));
  } catch (error) {
    if (!(error instanceof EstimatorError)) throw error;
    return ids.map(() => ({ ok: false, error }));
  }
}

function isWorthRepeating(outcome: Outcome<unknown>): boolean {
  return !outcome.ok && outcome.error.isRetryable;
}

function waitAfter(outcome: Outcome<unknown>, attempt: number): number {
  const asked = outcome.ok ? null : outcome.error.retryAfterSeconds;
  return asked === null ? FIRST_WAIT_MS * 2 ** attempt : asked * 1000;
}

function rpcUrl(address: string | URL): string {
  let url: URL;
  try {
    url = new URL(address);
  } catch (cause) {
    throw new EstimatorError('PARAMS_INVALID', `"${address}" is not the address of a service.`, { cause });
  }
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith('/rpc') ? path : `${path}/rpc`;
  return url.href;
}
