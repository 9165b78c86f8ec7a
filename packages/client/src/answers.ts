import { EstimatorError, type EstimatorErrorFacts } from './errors.ts';
import type { Fault } from './generated/api-types.ts';

/** An answer of the server, as HTTP has it. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfterSeconds: number | undefined;
}

/** What came of one request. */
export type Outcome<T> =
  | { readonly ok: true; readonly result: T }
  | { readonly ok: false; readonly error: EstimatorError };

type Fields = Readonly<Record<string, unknown>>;

/** HTTP states of a server, or of a proxy before it, that pass. */
const PASSING = [408, 425, 429, 502, 503, 504];

/**
 * Outcomes of requests by their ids, in the ids' order.
 * @throws EstimatorError for an answer that is none to these requests, or an error for all of them.
 */
export function readAnswers(ids: readonly number[], answer: HttpAnswer): readonly Outcome<unknown>[] {
  const body = parse(answer);
  const rows = Array.isArray(body) ? body : [body];
  const byId = new Map<unknown, Fields>();
  for (const row of rows) {
    if (!isFields(row) || row['jsonrpc'] !== '2.0') throw notRpc(answer);
    const { id } = row;
    // Without an id: the request as a whole was refused, before it was read.
    if (id === null && isFields(row['error'])) throw readError(row['error'], answer);
    if (byId.has(id)) throw invalid(`has id ${JSON.stringify(id)} twice`, answer);
    byId.set(id, row);
  }
  for (const id of byId.keys()) {
    if (!ids.some((asked) => asked === id)) {
      throw invalid(`has id ${JSON.stringify(id)}, which was not asked for`, answer);
    }
  }
  return ids.map((id) => {
    const row = byId.get(id);
    if (row === undefined) throw invalid(`lacks id ${id}`, answer);
    if (isFields(row['error'])) return { ok: false, error: readError(row['error'], answer) };
    if (!isFields(row['result'])) throw invalid(`has neither result nor error for id ${id}`, answer);
    return { ok: true, result: row['result'] };
  });
}

function parse(answer: HttpAnswer): unknown {
  try {
    return JSON.parse(answer.text);
  } catch (cause) {
    throw notRpc(answer, cause);
  }
}

function notRpc(answer: HttpAnswer, cause?: unknown): EstimatorError {
  if (answer.status < 400) return invalid('is not JSON-RPC', answer, cause);
  const begin = answer.text.slice(0, 200).trim();
  return new EstimatorError('HTTP_ERROR', `HTTP ${answer.status}${begin === '' ? '' : `: ${begin}`}`, {
    ...factsOf(answer),
    isRetryable: PASSING.includes(answer.status),
    cause,
  });
}

function invalid(what: string, answer: HttpAnswer, cause?: unknown): EstimatorError {
  return new EstimatorError('ANSWER_INVALID', `The answer ${what}.`, { ...factsOf(answer), cause });
}

function readError(error: Fields, answer: HttpAnswer): EstimatorError {
  const data = isFields(error['data']) ? error['data'] : {};
  const rpcCode = typeof error['code'] === 'number' ? error['code'] : undefined;
  const code = typeof data['code'] === 'string' ? data['code'] : 'ANSWER_INVALID';
  const after = data['retryAfterSeconds'];
  return new EstimatorError(code, String(error['message']), {
    ...factsOf(answer),
    rpcCode,
    ...(typeof data['retryable'] === 'boolean' ? { isRetryable: data['retryable'] } : {}),
    ...(isFault(data) ? { fault: data } : {}),
    ...(typeof after === 'number' && after >= 0 ? { retryAfterSeconds: after } : {}),
  });
}

function factsOf({ status, retryAfterSeconds }: HttpAnswer): EstimatorErrorFacts {
  return { status, retryAfterSeconds };
}

/** The service sends a whole fault with each error; a gateway before it may send other data, or none. */
function isFault(data: unknown): data is Fault {
  if (!isFields(data)) return false;
  return ['code', 'message', 'hint', 'returnData'].every((name) => typeof data[name] === 'string');
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
