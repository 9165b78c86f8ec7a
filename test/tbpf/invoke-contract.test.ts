import { ERROR_TABLE, NATIVE_ASSET, type VmErrorCode } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { caller, callInput, contractAddress, environmentOf, USER } from './environment.fixture.ts';

/** The answer in r0 of a call whose callee failed so. */
const failure = (code: VmErrorCode): bigint => 2n ** 63n + BigInt(ERROR_TABLE[code].number);

/** Ends well and returns r0 as return data, so that a failed callee's number is seen without a revert. */
const showAnswer = `
  mov64 r1, r10
  add64 r1, -64
  stxdw [r1+0], r0
  mov64 r2, 8
  syscall tos_set_return_data
  mov64 r0, 0
  exit`;
const answerOf = (returnData: Uint8Array): bigint =>
  new DataView(returnData.buffer, returnData.byteOffset).getBigUint64(0, true);

const returns = (code: number): string => `entry_0: add64 r10, 0 mov64 r0, ${code} exit`;

/** Writes "h" = "h" to its storage, logs "hi", fires event 5, then goes on. */
const busy = (after: string): string => `
  entry_0:
    add64 r10, -64
    mov64 r1, r10
    sth [r1+0], 0x6968
    mov64 r2, 2
    syscall tos_log
    mov64 r3, r10
    mov64 r2, 1
    mov64 r4, 1
    syscall tos_storage_write
    mov64 r1, 5
    mov64 r2, r10
    mov64 r3, 0
    syscall tos_fire_event
    ${after}`;

describe('tos_invoke_contract', () => {
  test("answers the callee's exit code and costs 1,000 and the callee's own gas", () => {
    const { call } = environmentOf([caller('mov64 r0, 0\nexit'), returns(0)]);
    const result = call({ input: callInput({ to: 2 }) });
    expect(result.error).toBeNull();
    // Six instructions of the caller, the price, three of the callee.
    expect(result.result.gasUsed).toBe(1009n);
    const { call: other } = environmentOf([caller(), returns(7)]);
    expect(other({ input: callInput({ to: 2 }) })).toMatchObject({ status: 'reverted', exitCode: 7n });
  });

  test("gives back the callee's data with its identity", () => {
    const readBack = `
      lddw r1, 0x300000000
      mov64 r2, 8
      lddw r3, 0x300000008
      syscall tos_get_return_data
      lddw r1, 0x300000000
      mov64 r2, 40
      syscall tos_set_return_data
      mov64 r0, 0
      exit`;
    const echo = 'entry_3: add64 r10, 0 syscall tos_set_return_data exit';
    const { call } = environmentOf([caller(readBack), echo]);
    const result = call({ input: callInput({ to: 2, entry: 3, input: new Uint8Array(8).fill(0xab) }) });
    expect(result.result.returnData).toEqual(
      Uint8Array.of(...new Uint8Array(8).fill(0xab), ...contractAddress(2)),
    );
  });

  test("data that the caller did not set itself are not the caller's result", () => {
    const echo = 'entry_0: add64 r10, 0 syscall tos_set_return_data exit';
    const { call } = environmentOf([caller('exit'), echo]);
    expect(call({ input: callInput({ to: 2, input: Uint8Array.of(1) }) }).result.returnData).toHaveLength(0);
  });

  test('a callee writes to storage of its own', () => {
    const { call, state } = environmentOf([caller(), busy('mov64 r0, 0 exit')]);
    const result = call({ input: callInput({ to: 2 }) });
    expect(result.status).toBe('success');
    expect(state.getStorage(contractAddress(2), Uint8Array.of(0x68))).toEqual(Uint8Array.of(0x68));
    expect(state.getStorage(contractAddress(1), Uint8Array.of(0x68))).toBeUndefined();
    expect(result.result.events.map(({ contract }) => contract)).toEqual([contractAddress(2)]);
  });

  test('the outermost result has the access sets of all calls', () => {
    const { call, events } = environmentOf([caller(), busy('mov64 r0, 0 exit')]);
    const sets: number[] = [];
    events.on('result', (_context, { accessed }) => void sets.push(accessed.storageWrites.length));
    const { result } = call({ input: callInput({ to: 2 }) });
    expect(result.accessed.storageWrites).toEqual([
      { contract: contractAddress(2), key: Uint8Array.of(0x68) },
    ]);
    expect(sets).toEqual([0, 1]);
  });

  test('logs and events keep their order over contracts', () => {
    const fire = 'mov64 r1, 9\nmov64 r2, 0\nmov64 r3, 0\nsyscall tos_fire_event\n';
    const before = `
      entrypoint:
        add64 r10, 0
        mov64 r6, r1
        ${fire.replace('9', '1')}
        mov64 r1, r6
        mov64 r2, r6
        add64 r2, 32
        syscall tos_invoke_contract
        ${fire}
        mov64 r1, r6
        mov64 r2, 0
        syscall tos_log
        exit`;
    const { call } = environmentOf([before, busy('mov64 r0, 0 exit')]);
    const { result } = call({ input: callInput({ to: 2 }) });
    expect(result.events.map(({ topics }) => topics[0]![31])).toEqual([1, 5, 9]);
    expect(result.logs).toEqual([
      { contract: contractAddress(2), message: 'hi' },
      { contract: contractAddress(1), message: '' },
    ]);
  });

  test.each([
    ['divides by zero', 'mov64 r0, 0\ndiv64 r0, r0\nexit', 'DIVISION_BY_ZERO'],
    ['reads nowhere', 'mov64 r1, 0\nldxb r0, [r1+0]\nexit', 'ACCESS_VIOLATION'],
  ] as const)(
    'a callee that %s is rolled back, keeps its log, and the caller goes on',
    (_name, end, code) => {
      const { call, state } = environmentOf([caller(showAnswer), busy(end)]);
      const result = call({ input: callInput({ to: 2 }) });
      expect(result.status).toBe('success');
      expect(answerOf(result.result.returnData)).toBe(failure(code));
      expect(result.result.events).toEqual([]);
      expect(result.result.logs).toHaveLength(1);
      expect(state.getStorage(contractAddress(2), Uint8Array.of(0x68))).toBeUndefined();
    },
  );

  test('a callee that ends with an exit code is rolled back, too', () => {
    const { call, state } = environmentOf([caller(showAnswer), busy('mov64 r0, 3 exit')]);
    const result = call({ input: callInput({ to: 2 }) });
    expect(answerOf(result.result.returnData)).toBe(3n);
    expect(state.getStorage(contractAddress(2), Uint8Array.of(0x68))).toBeUndefined();
  });

  test('an entry that the callee does not have is its failure', () => {
    const { call } = environmentOf([caller(showAnswer), returns(0)]);
    const result = call({ input: callInput({ to: 2, entry: 1 }) });
    expect(answerOf(result.result.returnData)).toBe(failure('ENTRY_NOT_FOUND'));
  });

  test("code that no engine takes is the callee's failure", () => {
    const { call, state } = environmentOf([caller(showAnswer)]);
    state.setCode(contractAddress(2), Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0));
    state.flush();
    const result = call({ input: callInput({ to: 2 }) });
    expect(answerOf(result.result.returnData)).toBe(failure('CODE_INVALID'));
  });

  test.each([
    ['an address without code', { to: 5 }, 'UNKNOWN_CONTRACT', 'UnknownContract'],
    ['itself', { to: 1 }, 'REENTRANCY', 'Reentrancy'],
    ['with more value than it holds', { to: 2, value: 1001n }, 'INSUFFICIENT_BALANCE', 'InsufficientBalance'],
    ['with flags that do not exist', { to: 2, flags: 2 }, 'INVALID_ARGUMENT', 'InvalidCallRecord'],
    ['with value, read-only', { to: 2, flags: 1, value: 1n }, 'STATIC_VIOLATION', 'StaticViolation'],
  ] as const)('calling %s ends the caller', (_name, record, code, native) => {
    const { call } = environmentOf([caller(showAnswer), returns(0)]);
    const result = call({ input: callInput(record) });
    expect(result.error).toMatchObject({ code, native: { detail: `SyscallError(${native})` } });
    expect(result.result.gasUsed).toBe(1004n);
  });

  test('a record that is not 8-aligned, or not mapped, ends the caller', () => {
    const skewed = caller().replace('r2, 32', 'r2, 33');
    const { call } = environmentOf([skewed]);
    expect(call({ input: new Uint8Array(80) }).error?.native?.detail).toBe('SyscallError(InvalidCallRecord)');
    expect(call({ input: new Uint8Array(72) }).error?.native?.detail).toBe(
      'SyscallError(AccessViolation(Load, 17179869217, 40, "input"))',
    );
  });

  test.each([2n ** 63n, 2n ** 64n - 1n, 3n])(
    'parameters of %i bytes that are not mapped end the caller',
    (length) => {
      const { call } = environmentOf([caller(), returns(0)]);
      const input = callInput({ to: 2 });
      new DataView(input.buffer).setBigUint64(56, length, true);
      expect(call({ input }).error?.native?.detail).toBe(
        `SyscallError(AccessViolation(Load, 17179869256, ${length}, "input"))`,
      );
    },
  );

  test('value moves with the call, and back when the callee fails', () => {
    const { call, state } = environmentOf([caller('mov64 r0, 0\nexit'), returns(0), returns(1)]);
    const given = call({ input: callInput({ to: 2, value: 30n }) });
    expect(given.result.transfers).toEqual([
      {
        kind: 'transfer',
        from: contractAddress(1),
        to: contractAddress(2),
        asset: NATIVE_ASSET,
        amount: 30n,
      },
    ]);
    call({ input: callInput({ to: 3, value: 50n }) });
    const balances = [1, 2, 3].map((n) => state.getBalance(contractAddress(n), NATIVE_ASSET));
    expect(balances).toEqual([970n, 1030n, 1000n]);
  });

  test('a read-only call may not change the state', () => {
    const { call } = environmentOf([caller(showAnswer), busy('mov64 r0, 0 exit')]);
    const result = call({ input: callInput({ to: 2, flags: 1 }) });
    expect(answerOf(result.result.returnData)).toBe(failure('STATIC_VIOLATION'));
    const outer = call({ input: callInput({ to: 2 }), isStatic: true });
    expect(answerOf(outer.result.returnData)).toBe(failure('STATIC_VIOLATION'));
  });
});

describe('gas of a nested call', () => {
  const spin = 'entry_0: add64 r10, 0 loop: ja loop';

  test('a limit of its own bounds the callee, and all of it is charged', () => {
    const { call } = environmentOf([caller(showAnswer), spin]);
    const result = call({ input: callInput({ to: 2, gas: 500n }) });
    expect(answerOf(result.result.returnData)).toBe(failure('OUT_OF_GAS'));
    // The call with its price and limit, then six instructions and the return data's 108.
    expect(result.result.gasUsed).toBe(1004n + 500n + 7n + 108n);
  });

  test('a limit above what is left fails the caller', () => {
    const { call } = environmentOf([caller(showAnswer), returns(0)]);
    const run = (gasLimit: bigint) => call({ input: callInput({ to: 2, gas: 5000n }), gasLimit });
    expect(run(6004n).error?.native?.detail).not.toBe('SyscallError(ExceededMaxInstructions)');
    const refused = run(6003n);
    expect(refused.error).toMatchObject({
      code: 'OUT_OF_GAS',
      native: { detail: 'SyscallError(ExceededMaxInstructions)' },
    });
    expect(refused.result.gasUsed).toBe(1004n);
  });

  test('0 gives the callee all that is left', () => {
    const { call } = environmentOf([
      caller(showAnswer),
      'entry_0: add64 r10, 0 syscall tos_get_gas_left exit',
    ]);
    const result = call({ input: callInput({ to: 2 }), gasLimit: 20_000n });
    // 20,000 less 1,004 of the caller, two instructions and 10 of the callee.
    expect(answerOf(result.result.returnData)).toBe(18_984n);
    expect(result.result.stats.gasObserved).toBe(true);
  });

  test('the peak demand is above what is used, and the estimate is exact', () => {
    const { call, environment } = environmentOf([caller('mov64 r0, 0\nexit'), returns(0)]);
    const request = { contract: contractAddress(1), sender: USER, input: callInput({ to: 2, gas: 5000n }) };
    const estimate = environment.estimateGas(request);
    expect(estimate).toMatchObject({ method: 'exact', gasLimit: 6004n, gasUsed: 1009n });
    expect(call({ ...request, gasLimit: 6004n }).status).toBe('success');
    expect(call({ ...request, gasLimit: 6003n }).error?.code).toBe('OUT_OF_GAS');
  });

  test('through three contracts the innermost limit decides', () => {
    const middle = `
      entry_0:
        add64 r10, 0
        mov64 r2, r1
        add64 r2, 32
        syscall tos_invoke_contract
        mov64 r0, 0
        exit`;
    const { call, environment } = environmentOf([caller('mov64 r0, 0\nexit'), middle, returns(0)]);
    const inner = callInput({ to: 3, gas: 7000n });
    // The inner record's pointer counts from the start of the middle contract's own input.
    const input = callInput({ to: 2, input: inner });
    const request = { contract: contractAddress(1), sender: USER, input };
    const estimate = environment.estimateGas(request);
    expect(estimate).toMatchObject({ method: 'exact', gasLimit: 1004n + 1004n + 7000n, gasUsed: 2015n });
    expect(call({ ...request, gasLimit: 9008n }).status).toBe('success');
    // One less: the middle contract fails for want of gas. The caller does not look at that, and goes on.
    expect(call({ ...request, gasLimit: 9007n }).result.events).toEqual([]);
  });

  test('a callee that fails for want of gas under an open limit makes the estimate a search', () => {
    const create =
      'entry_0: add64 r10, 0 mov64 r2, 0 mov64 r3, 0 mov64 r5, r10 add64 r5, -64 syscall tos_asset_create exit';
    const { environment } = environmentOf([caller('mov64 r0, 0\nexit'), create]);
    const request = { contract: contractAddress(1), sender: USER, input: callInput({ to: 2 }) };
    const estimate = environment.estimateGas({ ...request, gasLimit: 5000n });
    expect(estimate.method).toBe('search');
    expect(environment.simulate({ ...request, gasLimit: estimate.gasLimit }).status).toBe('success');
  });
});

describe('the call stack', () => {
  /** Calls the contract whose address is its whole input, with that input; forwards what it answers. */
  const again = `
    entry_0:
    entrypoint:
      add64 r10, -128
      mov64 r6, r1
      stdw [r10+0], 0
      stdw [r10+8], 0
      stxdw [r10+16], r6
      stdw [r10+24], 32
      stdw [r10+32], 0
      mov64 r2, r10
      syscall tos_invoke_contract
      exit`;

  test('a contract may call itself where the configuration allows it, to the depth limit', () => {
    const config = { contracts: { reentrancy: { default: 'allow' as const } }, limits: { maxCallDepth: 3 } };
    const { call, events } = environmentOf([again], config);
    const depths: number[] = [];
    events.on('call', ({ callDepth }) => void depths.push(callDepth));
    const result = call({ input: contractAddress(1) });
    expect(depths).toEqual([0, 1, 2, 3]);
    // The fourth call ends the contract at depth 3, which its caller gets as a number and ends with.
    expect(result).toMatchObject({ status: 'reverted', exitCode: failure('CALL_DEPTH_EXCEEDED') });
  });

  test('64 deep is the default', () => {
    const config = { contracts: { reentrancy: { default: 'allow' as const } } };
    const { call, events } = environmentOf([again], config);
    let deepest = 0;
    events.on('call', ({ callDepth }) => {
      deepest = Math.max(deepest, callDepth);
    });
    call({ input: contractAddress(1) });
    expect(deepest).toBe(64);
  });

  test('a contract that is named in the configuration may be re-entered, others not', () => {
    const allowed = {
      contracts: { reentrancy: { allow: [contractAddress(1)] } },
      limits: { maxCallDepth: 1 },
    };
    expect(environmentOf([again], allowed).call({ input: contractAddress(1) })).toMatchObject({
      exitCode: failure('CALL_DEPTH_EXCEEDED'),
    });
    expect(environmentOf([again]).call({ input: contractAddress(1) }).error?.code).toBe('REENTRANCY');
  });
});
