import {
  codeHash,
  type Output,
  type StateChange,
  type TransactionResult,
  toVmError,
  VmError,
} from '@switchyard/core';
import type { ParamsOf } from '../api/methods.ts';
import { type BlockParams, type CallParams, type Target, targetOf } from './call-request.ts';
import { estimateJson, estimateTarget } from './estimate.ts';
import { faultOf } from './fault.ts';
import type { JobOutcome } from './job-outcome.ts';
import { applyOverrides } from './overrides.ts';
import type { Runtime } from './runtime.ts';
import { surroundingsOf } from './surroundings.ts';
import { toWire } from './to-wire.ts';

/** `vm_execute`. */
export function execute(runtime: Runtime, params: ParamsOf<'vm_execute'>): JobOutcome {
  applyOverrides(runtime, params.state);
  const target = targetOf(runtime, params, params.block);
  const { environment } = runtime;
  const result =
    target.kind === 'deploy'
      ? environment.simulateDeploy(target.request)
      : environment.simulate(target.request);
  return { error: null, run: result.result, value: toWire(resultJson(runtime, target, result)) };
}

/** `vm_call`: what each call writes lands in the overlay, where the next one finds it. */
export function executeSequence(runtime: Runtime, params: ParamsOf<'vm_call'>): JobOutcome {
  applyOverrides(runtime, params.state);
  const results = params.calls.map((call, index) => {
    try {
      return executeNext(runtime, call, params.block, params.estimate ?? false);
    } catch (thrown) {
      throw inCall(index, toVmError(thrown));
    }
  });
  return { error: null, value: toWire({ results }) };
}

/** What is wrong with one call of a sequence. */
function inCall(index: number, cause: VmError): VmError {
  const { code, details, hint, contract } = cause;
  return new VmError(code, `calls[${index}]: ${cause.message}`, {
    details,
    hint,
    ...(contract === undefined ? {} : { contract }),
    cause,
  });
}

function executeNext(
  runtime: Runtime,
  call: CallParams,
  block: BlockParams | undefined,
  wantsEstimate: boolean,
): Record<string, unknown> {
  const target = targetOf(runtime, call, block);
  const estimate = wantsEstimate ? estimateInSequence(runtime, target) : null;
  const { environment } = runtime;
  const result =
    target.kind === 'deploy' ? environment.deploy(target.request) : environment.call(target.request);
  return { ...resultJson(runtime, target, result), estimate };
}

function estimateInSequence(runtime: Runtime, target: Target): Record<string, unknown> {
  const outcome = estimateTarget(runtime, target, { wantsBreakdown: true });
  return outcome.error === null
    ? estimateJson(outcome.estimate, outcome.breakdown)
    : { fault: faultOf(outcome.error, outcome.result) };
}

function resultJson(
  runtime: Runtime,
  target: Target,
  { status, exitCode, error, contract, result, outputs, gas, stateChanges }: TransactionResult,
): Record<string, unknown> {
  return {
    status,
    exitCode,
    returnData: result.returnData,
    returnValue: result.returnValue ?? null,
    gas: {
      limit: gas.limit,
      charged: gas.charged,
      refunded: gas.refunded,
      price: gas.price,
      fee: gas.fee,
    },
    logs: result.logs,
    events: outputs.flatMap((output) =>
      output.kind === 'event'
        ? [{ contract: output.contract, topics: output.topics, data: output.data }]
        : [],
    ),
    transfers: outputs.flatMap(transferJson),
    stateChanges: stateChanges.map(changeJson),
    fault: error === null ? null : faultOf(error, result),
    ...surroundingsOf(runtime, contract, result.stats.engine, target.request.block?.height),
  };
}

function transferJson(output: Output): readonly Record<string, unknown>[] {
  if (output.kind !== 'transfer' && output.kind !== 'mint' && output.kind !== 'burn') return [];
  const { kind, asset, amount } = output;
  return [
    {
      kind,
      from: kind === 'mint' ? null : output.from,
      to: kind === 'burn' ? null : output.to,
      asset,
      amount,
    },
  ];
}

function changeJson(change: StateChange): Record<string, unknown> {
  const { kind } = change;
  switch (kind) {
    case 'storage':
      return { kind, address: change.contract, key: change.key, before: change.before, after: change.after };
    case 'balance':
      return { kind, address: change.address, key: change.asset, before: change.before, after: change.after };
    case 'nonce':
      return { kind, address: change.address, key: null, before: change.before, after: change.after };
    case 'code':
      return {
        kind,
        address: change.address,
        key: null,
        before: change.before === undefined ? null : codeHash(change.before),
        after: change.after === undefined ? null : codeHash(change.after),
      };
    case 'asset':
      return {
        kind,
        address: change.asset,
        key: null,
        before: change.before?.supply ?? null,
        after: change.after?.supply ?? null,
      };
  }
}
