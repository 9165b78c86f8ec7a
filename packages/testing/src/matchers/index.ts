/*
 * Importing this module adds the matchers to vitest's `expect`, here and in types: in a test file, or once in a file of `setupFiles`.
 */
import type { VmErrorCode } from '@switchyard/core';
import { expect } from 'vitest';
import { type ExpectedEvent, toEmit } from './event-matcher.ts';
import { type ExpectedGas, toUseGas } from './gas-matcher.ts';
import { toFailWith, toLog, toReturnBytes, toRevertWith, toSucceed } from './outcome-matchers.ts';

export type { ExpectedEvent } from './event-matcher.ts';
export type { ExpectedGas } from './gas-matcher.ts';

/** Matchers on the outcome of a call or a deployment. @typeParam R what they give: vitest's matchers give nothing. */
export interface OutcomeMatchers<R> {
  /** It ended well, with exit code 0. */
  toSucceed(): R;
  /** It failed with the error of that code; one that reverted has the code REVERTED. */
  toFailWith(code: VmErrorCode): R;
  /** The contract itself ended it with that exit code. */
  toRevertWith(exitCode: number | bigint): R;
  /** It was charged that many units, or a number within the bounds. */
  toUseGas(expected: ExpectedGas): R;
  /** It emitted the event of that number, and, if given, with that data. */
  toEmit(id: number | bigint, data?: Uint8Array): R;
  /** It emitted an event like that. */
  toEmit(expected: ExpectedEvent): R;
  /** It succeeded and returned exactly these bytes. */
  toReturnBytes(bytes: Uint8Array): R;
  /** One of its log messages is the text, or fits the pattern. */
  toLog(message: string | RegExp): R;
}

declare module 'vitest' {
  // The name of the parameter is vitest's; matchers are there for any value, as vitest's own are, and say so when it is none of theirs.
  interface Matchers<T> extends OutcomeMatchers<void> {}
}

expect.extend({ toSucceed, toFailWith, toRevertWith, toUseGas, toEmit, toReturnBytes, toLog });
