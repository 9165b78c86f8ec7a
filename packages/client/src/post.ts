import type { HttpAnswer } from './answers.ts';
import type { Deadline } from './deadline.ts';
import { EstimatorError } from './errors.ts';

/** Where and how to post. */
export interface Endpoint {
  readonly url: string;
  readonly key: string | undefined;
  readonly fetch: typeof fetch;
  readonly maxAnswerBytes: number;
}

/** @throws EstimatorError `NETWORK`, `TIMEOUT`, `ABORTED` or `ANSWER_TOO_LARGE`. */
export async function post(endpoint: Endpoint, body: string, deadline: Deadline): Promise<HttpAnswer> {
  const { url, key, fetch, maxAnswerBytes } = endpoint;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body,
      signal: deadline.signal,
      redirect: 'error',
    });
    return {
      status: response.status,
      text: await readText(response, maxAnswerBytes),
      retryAfterSeconds: retryAfter(response.headers.get('retry-after')),
    };
  } catch (cause) {
    if (cause instanceof EstimatorError) throw cause;
    const reason = deadline.reason();
    if (reason !== undefined) throw reason;
    throw new EstimatorError('NETWORK', `${url} could not be reached: ${textOf(cause)}`, {
      isRetryable: true,
      cause,
    });
  }
}

async function readText(response: Response, maximum: number): Promise<string> {
  const tooLarge = (): EstimatorError =>
    new EstimatorError(
      'ANSWER_TOO_LARGE',
      `The answer is longer than ${maximum} bytes; maxAnswerBytes allows more.`,
      { status: response.status },
    );
  // An answer that tells its length is taken as a whole: Chromium calls one that was read in parts and may not be stored cancelled.
  const length = response.headers.get('content-length');
  if (length !== null) {
    if (Number(length) > maximum) {
      await response.body?.cancel();
      throw tooLarge();
    }
    const text = await response.text();
    if (text.length > maximum) throw tooLarge();
    return text;
  }
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  let read = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    read += value.length;
    if (read > maximum) {
      await reader.cancel();
      throw tooLarge();
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** Seconds of a Retry-After header; of its two forms, the date, is left alone: it needs two clocks to agree. */
function retryAfter(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}$/.test(header.trim()) ? Number(header) : undefined;
}

/** fetch tells why in the cause of its error. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
