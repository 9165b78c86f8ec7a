import { VmError } from '../errors/vm-error.ts';
import type { ExecutionResult, ExecutionStatus } from '../vm/execution-result.ts';
import type { GasEstimate } from './gas-estimate.ts';
import { larger, smaller } from './smaller.ts';

/** What an estimate looks at in a run. */
export interface GasProbe {
  readonly status: ExecutionStatus;
  readonly gasUsed: bigint;
  /** The smallest limit with which the run could have ended the same way. */
  readonly gasPeak: bigint;
  /** True when the contract looked at its gas, so that `gasPeak` is only a guess. */
  readonly gasObserved: boolean;
  readonly refund: bigint;
  readonly error: VmError | null;
}

/** Options of `estimateGas`. */
export interface EstimateOptions {
  /** The largest limit to consider; also bounds the answer with its margin. */
  readonly cap: bigint;
  /** A search stops when it knows the need to so many units. Default 1: as exact as a search can be. */
  readonly tolerance?: bigint | undefined;
  /** Added to the need, in percent, rounded up. Default 0. */
  readonly marginPercent?: number | undefined;
  /** True when the caller chose the cap himself; for the message of a need above it. */
  readonly isCapGiven?: boolean;
  /** What the block allows, if that is less than the cap: the margin is cut to it, and a need above it is told. */
  readonly blockLimit?: bigint | undefined;
  /** Runs the call with a limit on unchanged state. */
  readonly run: (limit: bigint) => GasProbe;
}

/** The probe of an engine's result. */
export function probeOf(result: ExecutionResult): GasProbe {
  return {
    status: result.status,
    gasUsed: result.gasUsed,
    gasPeak: result.stats.gasPeak,
    gasObserved: result.stats.gasObserved,
    refund: result.gasRefund,
    error: result.error,
  };
}

/**
 * The limit that a call needs. One run at the cap tells used gas and peak demand; if the contract never looked at its gas, one more
 * at exactly the peak proves it (`exact`). Otherwise a search between used gas and cap, from the peak as first guess; success need not
 * be monotone there, so the answer is only promised to work (`search`).
 * @throws the run's own VmError when the call fails at the cap: it would fail at any gas, or needs more than the cap.
 */
export function estimateGas(options: EstimateOptions): GasEstimate {
  const { cap, run } = options;
  const first = run(cap);
  if (first.status !== 'success') throw failureAtCap(first, options);
  if (!first.gasObserved && first.gasPeak <= cap) {
    if (first.gasPeak === cap) return answer(options, cap, first, 1, 'exact');
    const confirmed = run(first.gasPeak);
    if (confirmed.status === 'success') return answer(options, first.gasPeak, confirmed, 2, 'exact');
    return search(options, first, first.gasPeak, 2);
  }
  return search(options, first, first.gasUsed - 1n, 1);
}

/** @param fails the largest limit so far that is known, or taken, not to work. */
function search(options: EstimateOptions, first: GasProbe, fails: bigint, runsSoFar: number): GasEstimate {
  const tolerance = larger(options.tolerance ?? 1n, 1n);
  let low = fails;
  let high = options.cap;
  let best = first;
  let runs = runsSoFar;
  let guess = larger(first.gasPeak, first.gasUsed);
  while (high - low > tolerance) {
    if (guess <= low || guess >= high) guess = low + (high - low) / 2n;
    const probe = options.run(guess);
    runs++;
    if (probe.status === 'success') {
      high = guess;
      best = probe;
    } else {
      low = guess;
    }
    guess = low + (high - low) / 2n;
  }
  return answer(options, high, best, runs, 'search');
}

function answer(
  { cap, blockLimit = cap, marginPercent = 0 }: EstimateOptions,
  need: bigint,
  probe: GasProbe,
  runs: number,
  method: GasEstimate['method'],
): GasEstimate {
  const wanted = need + (need * BigInt(marginPercent) + 99n) / 100n;
  const allowed = smaller(cap, blockLimit);
  const gasLimit = larger(need, smaller(wanted, allowed));
  return {
    gasLimit,
    gasUsed: probe.gasUsed,
    refund: probe.refund,
    runs,
    method,
    margin: gasLimit - need,
    exceedsLimit: wanted > allowed,
  };
}

function failureAtCap(probe: GasProbe, { cap, isCapGiven = false }: EstimateOptions): VmError {
  const error = probe.error ?? new VmError('INTERNAL', 'the run failed without an error.');
  if (error.code !== 'OUT_OF_GAS') return error;
  const whose = isCapGiven ? 'the limit that the estimate was given' : 'the largest limit allowed here';
  return new VmError('OUT_OF_GAS', `the call needs more than ${cap} gas, ${whose}.`, {
    hint: isCapGiven
      ? 'Give the estimate a higher gas limit, or none.'
      : 'Raise gas.maxLimit in the configuration, if the call is meant to need so much.',
    cause: error,
    ...(error.native === undefined ? {} : { native: error.native }),
    ...(error.pc === undefined ? {} : { pc: error.pc }),
    ...(error.contract === undefined ? {} : { contract: error.contract }),
    details: error.details,
  });
}
