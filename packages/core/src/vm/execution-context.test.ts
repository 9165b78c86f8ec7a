import { describe, expect, test } from 'vitest';
import { VmError } from '../errors/vm-error.ts';
import { createContext, type PartialContext } from './execution-context.ts';

function messageOf(partial: unknown): string {
  try {
    createContext(partial as PartialContext);
  } catch (thrown) {
    return thrown instanceof VmError ? `${thrown.code}: ${thrown.message}` : `not a VmError: ${thrown}`;
  }
  return 'no error';
}

describe('createContext', () => {
  test('fills in safe defaults and freezes them', () => {
    const context = createContext();
    expect(context).toMatchObject({ gasLimit: 200_000n, value: 0n, isStatic: false, callDepth: 0 });
    expect(context.entry).toEqual({ kind: 'default' });
    expect(Object.isFrozen(context) && Object.isFrozen(context.block) && Object.isFrozen(context.tx)).toBe(
      true,
    );
  });

  test('lets origin, code address and transaction sender follow caller and contract', () => {
    const caller = new Uint8Array(32).fill(1);
    const contract = new Uint8Array(32).fill(2);
    const context = createContext({ caller, contract });
    expect(context.origin).toBe(caller);
    expect(context.tx.sender).toBe(caller);
    expect(context.codeAddress).toBe(contract);
  });

  test.each([
    [{ caller: new Uint8Array(3) }, 'CONTEXT_INVALID: caller: expected 32 bytes, found 3.'],
    [{ caller: 'alice' }, 'CONTEXT_INVALID: caller: expected 32 bytes, found a string.'],
    [{ gasLimit: 5 }, 'CONTEXT_INVALID: gasLimit: expected a bigint, found a number.'],
    [
      { gasLimit: 2n ** 64n },
      'CONTEXT_INVALID: gasLimit: expected 0 to 2^64 − 1, found 18446744073709551616.',
    ],
    [{ value: -1n }, 'CONTEXT_INVALID: value: expected 0 to 2^64 − 1, found -1.'],
    [{ input: 'abc' }, 'CONTEXT_INVALID: input: expected a Uint8Array, found a string.'],
    [
      { entry: 'entry_0' },
      "CONTEXT_INVALID: entry: expected an object with kind 'default', 'entry', 'hook' or 'function', found a string.",
    ],
    [
      { entry: { kind: 'hook', id: 256 } },
      'CONTEXT_INVALID: entry.id: expected an integer from 0 to 255, found 256.',
    ],
    [
      { deposits: [{ asset: new Uint8Array(32), amount: 5 }] },
      'CONTEXT_INVALID: deposits[0].amount: expected a bigint, found a number.',
    ],
    [{ block: { height: null } }, 'CONTEXT_INVALID: block.height: expected a bigint, found null.'],
  ])('names the field that is wrong: %o', (partial, message) => {
    expect(messageOf(partial)).toBe(message);
  });
});
