import { ERROR_TABLE, equalBytes, nearest, type VmErrorCode } from '@switchyard/core';
import { describeBytes, describeEnd } from '../describe/describe-outcome.ts';
import { requireOutcome, type Verdict, verdict } from './verdict.ts';

/** Passes when the call ended well, with exit code 0. */
export function toSucceed(received: unknown): Verdict {
  requireOutcome('toSucceed', received);
  return verdict(received, received.status === 'success', 'to succeed', ended(received));
}

/** Passes when the call failed with the error of that code; one that reverted has the code REVERTED. */
export function toFailWith(received: unknown, code: VmErrorCode): Verdict {
  requireOutcome('toFailWith', received);
  if (!Object.hasOwn(ERROR_TABLE, code)) {
    const meant = nearest(code, Object.keys(ERROR_TABLE));
    throw new TypeError(
      `toFailWith: there is no error code ${code}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    );
  }
  return verdict(received, received.error?.code === code, `to fail with ${code}`, ended(received));
}

/** Passes when the contract itself ended the call with that exit code. */
export function toRevertWith(received: unknown, exitCode: number | bigint): Verdict {
  requireOutcome('toRevertWith', received);
  const pass = received.status === 'reverted' && received.exitCode === BigInt(exitCode);
  return verdict(received, pass, `to revert with exit code ${exitCode}`, ended(received));
}

/** Passes when the call returned exactly these bytes. */
export function toReturnBytes(received: unknown, bytes: Uint8Array): Verdict {
  requireOutcome('toReturnBytes', received);
  const { returnData } = received.result;
  const pass = received.status === 'success' && equalBytes(returnData, bytes);
  const found = received.status === 'success' ? `returned ${describeBytes(returnData)}` : ended(received);
  return verdict(received, pass, `to return ${describeBytes(bytes)}`, found);
}

/** Passes when one of the call's log messages is the text, or fits the pattern. */
export function toLog(received: unknown, message: string | RegExp): Verdict {
  requireOutcome('toLog', received);
  const messages = received.result.logs.map((log) => log.message);
  // search, unlike test, does not keep a place in a global pattern.
  const fits = (one: string) => (typeof message === 'string' ? one === message : one.search(message) >= 0);
  const wanted = typeof message === 'string' ? JSON.stringify(message) : `${message}`;
  const found = messages.length === 0 ? 'logged nothing' : `logged ${messages.map(quote).join(', ')}`;
  return verdict(received, messages.some(fits), `to log ${wanted}`, found);
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function ended(outcome: Parameters<typeof describeEnd>[0]): string {
  return outcome.status === 'success' ? 'succeeded' : describeEnd(outcome);
}
