import type { ExecutionEnvironment, TransactionRequest, TransactionResult } from '@switchyard/core';
import { createProfiler, type ProfilerOptions } from './create-profiler.ts';
import type { Profile } from './profile.ts';

/** A profiled call: its profile, and its result, which is the same as without a profile. */
export interface ProfiledCall {
  readonly profile: Profile;
  readonly result: TransactionResult;
}

/**
 * Simulates a call and tells where its gas went; nothing is written. `gasUsed` of the profile is the raw gas of the outermost call, to the
 * unit, however it ended.
 * @throws VmError as `simulate` does, for what is wrong with the request.
 */
export function profileCall(
  environment: ExecutionEnvironment,
  request: TransactionRequest,
  options: ProfilerOptions = {},
): ProfiledCall {
  const profiler = createProfiler(options);
  const result = environment.simulate({ ...request, observer: profiler.observer });
  return { profile: profiler.finish(result.result, result.gas.limit), result };
}
