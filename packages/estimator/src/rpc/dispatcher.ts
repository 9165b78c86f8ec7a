import type { Span } from '@opentelemetry/api';
import { VmError } from '@switchyard/core';
import { FAULT_KINDS } from '../api/fault-kinds.ts';
import { failureOf, kindOf } from '../http/fault-text.ts';
import { parseJson } from '../http/parse-json.ts';
import type { Metrics, Outcome } from '../operate/metrics.ts';
import type { JobRunner } from '../operate/run-jobs.ts';
import type { Answer, EstimatorService } from '../service/service.ts';
import { RPC_CODES } from './codes.ts';
import { type KnownRequest, KnownRequests } from './known-requests.ts';
import { type RpcCall, readCall } from './read-call.ts';
import { errorResponse, resultResponse } from './response-text.ts';

/** Bounds of a request. */
export interface RpcLimits {
  readonly batch: number;
  readonly responseBytes: number;
}

/** Whose a request is, and what is to be done with what is read of it. */
export interface RpcRequest {
  readonly client: string;
  readonly span: Span;
  /** Called once with the number of calls, before any runs. @throws what ends the request */
  admit(calls: number): void;
  /** Called with the methods, for the log. */
  note(methods: string): void;
}

/** Answers JSON-RPC 2.0 requests: single calls, batches, notifications. */
export class RpcDispatcher {
  readonly #runner: JobRunner;
  readonly #known: KnownRequests | undefined;
  readonly #stateVersion: () => bigint | Promise<bigint>;
  readonly #metrics: Metrics | undefined;
  readonly #limits: RpcLimits;

  /** @param cacheBytes 0: every request is read. */
  constructor(
    runner: JobRunner,
    service: Pick<EstimatorService, 'stateVersion'>,
    metrics: Metrics | undefined,
    limits: RpcLimits,
    cacheBytes: number,
  ) {
    this.#runner = runner;
    this.#stateVersion = () => service.stateVersion();
    this.#known = cacheBytes > 0 ? new KnownRequests(cacheBytes) : undefined;
    this.#metrics = metrics;
    this.#limits = limits;
  }

  /** Text of the answer, or null where nothing is answered: to notifications alone. Throws only what `admit` throws. */
  async answer(body: Buffer, request: RpcRequest): Promise<string | null> {
    const name = this.#known?.nameOf(body);
    const known = name === undefined ? undefined : this.#known!.find(name);
    if (known !== undefined && (await this.#isCurrent(known))) return this.#answerKnown(known, request);
    let value: unknown;
    try {
      value = parseJson(body);
    } catch (error) {
      request.admit(1);
      return this.#refuse(RPC_CODES.parseError, error as VmError);
    }
    if (!Array.isArray(value)) {
      request.admit(1);
      const call = readCall(value);
      const methods = call.method ?? '';
      request.note(methods);
      const { texts, answers } = await this.#answerCalls([call], request);
      return this.#keep(name, texts[0]!, methods, [call], answers);
    }
    const { batch } = this.#limits;
    if (value.length === 0 || value.length > batch) {
      request.admit(1);
      const message = `the batch: expected 1 to ${batch} requests (estimator.limits.batch), found ${value.length}.`;
      return this.#refuse(RPC_CODES.invalidRequest, new VmError('REQUEST_INVALID', message));
    }
    request.admit(value.length);
    const calls = value.map(readCall);
    const methods = methodsOf(calls);
    request.note(methods);
    const { texts: all, answers } = await this.#answerCalls(calls, request);
    const texts = all.filter((text) => text !== null);
    const text = texts.length === 0 ? null : `[${this.#bounded(calls, texts).join(',')}]`;
    return this.#keep(name, text, methods, calls, answers);
  }

  /** Remembers the response, if each of its calls was run. @returns the text */
  #keep(
    name: string | undefined,
    text: string | null,
    methods: string,
    calls: readonly RpcCall[],
    answers: readonly Answer[],
  ): string | null {
    if (name !== undefined && text !== null && answers.length === calls.length) {
      const names = calls.map(({ job }) => job!.method);
      this.#known!.keep(name, { text, methods }, names, answers);
    }
    return text;
  }

  /** Whether the state is still the one that was answered on. Where it cannot be told, the service says why. */
  async #isCurrent({ stateVersion }: KnownRequest): Promise<boolean> {
    try {
      return (await this.#stateVersion()) === stateVersion;
    } catch {
      return false;
    }
  }

  #answerKnown({ text, calls, methods }: KnownRequest, request: RpcRequest): string {
    request.admit(calls.length);
    request.note(methods);
    for (const { method, outcome } of calls) {
      this.#metrics?.call(method, outcome);
      this.#metrics?.cached(method);
    }
    return text;
  }

  /** One text a call, in order; null for a notification. */
  async #answerCalls(
    calls: readonly RpcCall[],
    { client, span }: RpcRequest,
  ): Promise<{ readonly texts: readonly (string | null)[]; readonly answers: readonly Answer[] }> {
    // What a notification asks for is neither answered nor kept, so it is not run.
    const asked = calls.filter((call) => call.job !== null && call.id !== undefined);
    const jobs = asked.map((call) => call.job!);
    const answers = jobs.length === 0 ? [] : await this.#runner.run(jobs, client, span);
    let next = 0;
    const texts = calls.map((call) => {
      if (call.job === null) {
        this.#metrics?.call(call.method, 'request');
        return call.id === undefined ? null : errorResponse(call.id, call.code, failureOf(call.error));
      }
      if (call.id === undefined) {
        this.#metrics?.call(call.method, 'ok');
        return null;
      }
      const answer = answers[next++]!;
      this.#metrics?.call(call.method, outcomeOf(answer));
      return answerText(call.id, answer);
    });
    return { texts, answers };
  }

  /** Texts that together are no longer than an answer may be; those that do not fit are replaced by an error. */
  #bounded(calls: readonly RpcCall[], texts: readonly string[]): readonly string[] {
    const limit = this.#limits.responseBytes;
    let bytes = 0;
    for (const text of texts) bytes += Buffer.byteLength(text);
    if (bytes <= limit) return texts;
    const message = `The answers of the batch are longer than ${limit} bytes together.`;
    const failure = failureOf(new VmError('RESPONSE_TOO_LARGE', message));
    const ids = calls.flatMap(({ id }) => (id === undefined ? [] : [id]));
    const replacements = ids.map((id) => errorResponse(id, FAULT_KINDS.limit.rpc, failure));
    // Every entry keeps room for its replacement, so that the whole stays within the limit wherever that can be.
    let room = limit - replacements.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    return texts.map((text, index) => {
      const more = Buffer.byteLength(text) - Buffer.byteLength(replacements[index]!);
      if (more > Math.max(room, 0)) return replacements[index]!;
      room -= more;
      return text;
    });
  }

  #refuse(code: number, error: VmError): string {
    this.#metrics?.call(null, 'request');
    return errorResponse('null', code, failureOf(error));
  }
}

/** How an answer counts. */
export function outcomeOf(answer: Answer): Outcome {
  return answer.ok ? 'ok' : kindOf(answer);
}

function answerText(id: string, answer: Answer): string {
  if (answer.ok) return resultResponse(id, answer.json);
  return errorResponse(id, FAULT_KINDS[kindOf(answer)].rpc, answer);
}

/** `vm_execute×99 vm_engines` */
function methodsOf(calls: readonly RpcCall[]): string {
  const counts = new Map<string, number>();
  for (const { method } of calls) counts.set(method ?? '?', (counts.get(method ?? '?') ?? 0) + 1);
  return [...counts].map(([method, count]) => (count === 1 ? method : `${method}×${count}`)).join(' ');
}
