import {
  type ExecutionResult,
  type GasEstimate,
  type TransactionFields,
  toVmError,
  type VmError,
} from '@switchyard/core';
import type { ParamsOf } from '../api/methods.ts';
import { type Target, targetOf } from './call-request.ts';
import { u64Of } from './from-wire.ts';
import { type BreakdownWatch, type GasShare, watchBreakdown } from './gas-breakdown.ts';
import type { JobOutcome } from './job-outcome.ts';
import { applyOverrides } from './overrides.ts';
import type { Runtime } from './runtime.ts';
import { surroundingsOf } from './surroundings.ts';

/** How an estimate is wanted. */
export interface EstimateWish {
  readonly marginPercent?: number | undefined;
  readonly tolerance?: bigint | undefined;
  readonly wantsBreakdown: boolean;
}

/** An estimate with where the gas goes, or why there is none. */
export type EstimateOutcome =
  | {
      readonly error: null;
      readonly estimate: GasEstimate;
      readonly result: ExecutionResult;
      readonly breakdown: readonly GasShare[] | null;
    }
  | { readonly error: VmError; readonly result: ExecutionResult | undefined };

/** `vm_estimateGas`. */
export function estimateGas(runtime: Runtime, params: ParamsOf<'vm_estimateGas'>): JobOutcome {
  applyOverrides(runtime, params.state);
  const target = targetOf(runtime, params, params.block);
  const outcome = estimateTarget(runtime, target, {
    marginPercent: params.marginPercent,
    tolerance: params.tolerance === undefined ? undefined : u64Of(params.tolerance),
    wantsBreakdown: params.breakdown ?? true,
  });
  if (outcome.error !== null) return { error: outcome.error, run: outcome.result };
  const contract = contractOf(runtime, target);
  const { engine } = outcome.result.stats;
  return {
    error: null,
    run: outcome.result,
    // Not two objects spread into a third: V8 copies those property by property, which was a tenth of a small estimate.
    value: Object.assign(
      estimateJson(outcome.estimate, outcome.breakdown),
      surroundingsOf(runtime, contract, engine, target.request.block?.height),
    ),
  };
}

/** Estimates a call or deployment on the state as it is with overlay and all. */
export function estimateTarget(runtime: Runtime, target: Target, wish: EstimateWish): EstimateOutcome {
  const { environment, events, config } = runtime;
  const { marginPercent, tolerance, wantsBreakdown } = wish;
  const watch = wantsBreakdown ? watchBreakdown(events) : undefined;
  const codeGas =
    target.kind === 'deploy' ? config.deploy.gasPerByte * BigInt(target.request.code.length) : 0n;
  let first: ExecutionResult | undefined;
  let best: ExecutionResult | undefined;
  let breakdown: readonly GasShare[] | null = null;
  const settings = {
    marginPercent,
    tolerance,
    onRun(_limit: bigint, result: ExecutionResult): void {
      first ??= result;
      // Later successful runs are at smaller limits, and the last one is the estimate's.
      if (result.status !== 'success') return;
      best = result;
      if (watch !== undefined) breakdown = watch.sharesOf(result, codeGas);
    },
  };
  try {
    const estimate =
      target.kind === 'deploy'
        ? environment.estimateDeployGas(observed(target.request, watch), settings)
        : environment.estimateGas(observed(target.request, watch), settings);
    return { error: null, estimate, result: best!, breakdown };
  } catch (thrown) {
    const error = toVmError(thrown);
    if (first === undefined || first.status === 'success') return { error, result: undefined };
    return { error, result: first };
  } finally {
    watch?.end();
  }
}

function observed<T extends TransactionFields>(request: T, watch: BreakdownWatch | undefined): T {
  return watch === undefined ? request : { ...request, observer: watch.observer };
}

/** An estimate as JSON has it. */
export function estimateJson(
  { gasLimit, gasUsed, refund, method, runs, margin, exceedsLimit }: GasEstimate,
  breakdown: readonly GasShare[] | null,
) {
  return {
    gasLimit: `${gasLimit}`,
    gasUsed: `${gasUsed}`,
    refund: `${refund}`,
    method,
    runs,
    margin: `${margin}`,
    exceedsLimit,
    breakdown: breakdown?.map(({ kind, name, gas, calls }) => ({ kind, name, gas: `${gas}`, calls })) ?? null,
  };
}

function contractOf({ environment }: Runtime, target: Target): Uint8Array {
  return target.kind === 'call' ? target.request.contract : environment.deploymentAddress(target.request);
}
