import type { z } from 'zod';
import {
  enginesParams,
  estimateGasParams,
  executeParams,
  sequenceParams,
  traceParams,
  validateCodeParams,
} from './call-params.ts';
import {
  enginesResult,
  estimateGasResult,
  executeResult,
  sequenceResult,
  traceResult,
  validateCodeResult,
} from './results.ts';

/** What the service offers under one name: a JSON-RPC method and a REST endpoint over the same schemas. */
export interface ApiMethod {
  readonly params: z.ZodType;
  readonly result: z.ZodType;
  readonly http: { readonly method: 'GET' | 'POST'; readonly path: string };
  readonly summary: string;
  readonly description: string;
}

/** Every method by its JSON-RPC name. */
export const METHODS = {
  vm_estimateGas: {
    params: estimateGasParams,
    result: estimateGasResult,
    http: { method: 'POST', path: '/v1/estimate-gas' },
    summary: 'How much gas a call or a deployment needs, and why',
    description:
      'Runs the call on a copy of the state and answers with the smallest gas limit that works, proved by a run, and where the gas goes. A call that fails at any gas answers with its fault.',
  },
  vm_execute: {
    params: executeParams,
    result: executeResult,
    http: { method: 'POST', path: '/v1/execute' },
    summary: 'Run a call or a deployment and keep nothing',
    description: 'A failing contract is a result, with its fault.',
  },
  vm_call: {
    params: sequenceParams,
    result: sequenceResult,
    http: { method: 'POST', path: '/v1/call' },
    summary: 'Run calls one after another and keep nothing',
    description:
      'Each call sees what the ones before it changed: approve, then transfer. A failed call changes nothing but nonce and fee, and the next one runs.',
  },
  vm_trace: {
    params: traceParams,
    result: traceResult,
    http: { method: 'POST', path: '/v1/trace' },
    summary: 'Tell what happens in a call',
    description: 'As a tree of calls, as events, or as a profile of gas for a flame graph.',
  },
  vm_validateCode: {
    params: validateCodeParams,
    result: validateCodeResult,
    http: { method: 'POST', path: '/v1/validate-code' },
    summary: 'Check a module as a deployment would',
    description: 'Bad code is an answer with `valid: false` and a fault, not an error.',
  },
  vm_engines: {
    params: enginesParams,
    result: enginesResult,
    http: { method: 'GET', path: '/v1/engines' },
    summary: 'The engines and limits of this service',
    description: 'What runs here: engines with version and features, gas limits, the gas policy.',
  },
} as const satisfies Record<string, ApiMethod>;

/** Name of a method. */
export type MethodName = keyof typeof METHODS;

/** What a method takes, as JSON. */
export type ParamsOf<M extends MethodName> = z.input<(typeof METHODS)[M]['params']>;

/** What a method answers, as JSON. */
export type ResultOf<M extends MethodName> = z.output<(typeof METHODS)[M]['result']>;

/** True for the name of a method; names come from requests. */
export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name);
}
