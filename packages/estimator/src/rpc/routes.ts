import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FAULT_KINDS } from '../api/fault-kinds.ts';
import { JSON_TYPE, readBody, sendText } from '../http/bodies.ts';
import type { BodyTurns } from '../http/body-turns.ts';
import { kindOf } from '../http/fault-text.ts';
import { type Refusal, type RefusalContext, refusalOf } from '../http/refusal.ts';
import type { Access } from '../operate/access.ts';
import { rpcOperation, type SecurityChoice } from '../rest/openapi/operations.ts';
import { RPC_CODES } from './codes.ts';
import type { RpcDispatcher } from './dispatcher.ts';
import { errorResponse } from './response-text.ts';

/** Mounts JSON-RPC at POST `/` and POST `/rpc`. A JSON-RPC answer has status 200, or 204 where there is nothing to say. */
export function mountRpc(
  app: FastifyInstance,
  turns: BodyTurns,
  dispatcher: RpcDispatcher,
  access: Access,
  context: RefusalContext,
  security: SecurityChoice,
): void {
  readBody(app, turns, (body) => body);
  app.setErrorHandler((error, request, reply) => refuse(reply, refusalOf(error, request.id, context)));
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { facts } = request;
    const caller = facts.caller!;
    const text = await dispatcher.answer((request.body as Buffer | undefined) ?? NO_BODY, {
      client: caller.client,
      span: facts.span,
      admit: (calls) => access.admit(caller, calls),
      note: (methods) => {
        facts.calls = methods;
      },
    });
    return text === null ? reply.code(204).send() : sendText(reply, JSON_TYPE, text);
  };
  app.post('/', { schema: { hide: true } }, answer);
  app.post('/rpc', { schema: rpcOperation(security) }, answer);
}

const NO_BODY = Buffer.alloc(0);

/** A refusal of the whole HTTP request: its status, and a JSON-RPC error under the id null. */
function refuse(reply: FastifyReply, { failure, status }: Refusal): FastifyReply {
  const kind = kindOf(failure);
  const code = kind === 'request' ? RPC_CODES.invalidRequest : FAULT_KINDS[kind].rpc;
  if (failure.retryAfterSeconds !== undefined) reply.header('retry-after', failure.retryAfterSeconds);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return sendText(reply.code(status), JSON_TYPE, errorResponse('null', code, failure));
}
