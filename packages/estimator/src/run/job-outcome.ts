import type { ExecutionResult, VmError } from '@switchyard/core';

/** How a job ended: a value as JSON has it, or an error; and the contract's run, where there was one. */
export type JobOutcome =
  | { readonly error: null; readonly value: unknown; readonly run?: ExecutionResult | undefined }
  | { readonly error: VmError; readonly run?: ExecutionResult | undefined };
