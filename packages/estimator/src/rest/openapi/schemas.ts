import { z } from 'zod';
import { FAULT_KINDS, type FaultKind } from '../../api/fault-kinds.ts';
import { METHODS } from '../../api/methods.ts';
import { fault } from '../../api/results.ts';

/* Schemas of answers that belong to no method. */

const kinds = Object.keys(FAULT_KINDS) as [FaultKind, ...FaultKind[]];

const extendedFault = fault
  .extend({
    kind: z.enum(kinds).meta({ description: 'Whose fault it is.' }),
    retryable: z.boolean().meta({ description: 'The same request may succeed later.' }),
    retryAfterSeconds: z.int().min(0).optional().meta({ description: 'When to ask again.' }),
  })
  .meta({ id: 'ExtendedFault', description: 'A fault, and what to do about it.' });

/** Body of every REST answer that is no success. */
export const errorBody = z.object({ error: extendedFault }).meta({ id: 'ErrorBody' });

export const health = z
  .object({ status: z.literal('ok'), version: z.string(), uptimeSeconds: z.int().min(0) })
  .meta({ id: 'Health' });

export const readiness = z
  .object({
    ready: z.boolean(),
    parts: z
      .record(z.string(), z.string())
      .meta({ description: '`ok`, or what is wrong, of `state`, `workers` and `server`.' }),
    stateVersion: z
      .string()
      .regex(/^[0-9]+$/)
      .nullable(),
  })
  .meta({ id: 'Readiness' });

const rpcId = z.union([z.string(), z.number(), z.null()]);

const rpcRequest = z
  .object({
    jsonrpc: z.literal('2.0'),
    method: z.enum(Object.keys(METHODS) as [string, ...string[]]),
    id: rpcId.optional().meta({ description: 'Repeated in the answer; without it there is none.' }),
    params: z
      .union([z.record(z.string(), z.unknown()), z.array(z.record(z.string(), z.unknown())).max(1)])
      .optional()
      .meta({ description: "The method's params: an object, or an array of that object." }),
  })
  .meta({ id: 'RpcRequest' });

const rpcResponse = z
  .union([
    z.object({ jsonrpc: z.literal('2.0'), id: rpcId, result: z.record(z.string(), z.unknown()) }),
    z.object({
      jsonrpc: z.literal('2.0'),
      id: rpcId,
      error: z.object({ code: z.int(), message: z.string(), data: extendedFault }),
    }),
  ])
  .meta({ id: 'RpcResponse' });

export const rpcBody = z
  .union([rpcRequest, z.array(rpcRequest).min(1)])
  .meta({ id: 'RpcBody', description: 'A request, or a batch of them.' });

export const rpcAnswer = z.union([rpcResponse, z.array(rpcResponse).min(1)]).meta({ id: 'RpcAnswer' });

/** The refusal of a whole HTTP request at /rpc. */
export const rpcRefusal = rpcResponse;
