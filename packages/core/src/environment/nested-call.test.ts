import { describe, expect, test } from 'vitest';
import { address, FakeEngine, type FakeRun, fakeDefinition } from '../../test-support/fake-engine.ts';
import {
  type CallOutcome,
  type EnvironmentConfig,
  ExecutionEnvironment,
  JournaledState,
  MemoryBackend,
  NATIVE_ASSET,
  VmFactory,
} from '../index.ts';

const USER = address(0xaa);
const key = Uint8Array.of(1);
const fail = (run: FakeRun) => {
  run.exitCode = 1n;
};

/** Contracts at addresses 1, 2, …, script by script, alternately on two engines. */
function build(scripts: readonly ((run: FakeRun) => void)[], config: EnvironmentConfig = {}) {
  const engines = [new FakeEngine('alpha', 0xa0, scripts), new FakeEngine('beta', 0xb0, scripts)];
  const state = new JournaledState(new MemoryBackend());
  const environment = new ExecutionEnvironment({
    state,
    factory: new VmFactory(engines.map((engine) => fakeDefinition(engine))),
    config,
  });
  for (const index of scripts.keys()) state.setCode(address(index + 1), engines[index % 2]!.code(index));
  state.adjustBalance(USER, NATIVE_ASSET, 100n);
  state.flush();
  const call = (gasLimit = 100_000n, value = 0n) =>
    environment.call({ contract: address(1), sender: USER, gasLimit, value });
  return { environment, state, call };
}

describe('a nested call', () => {
  test('crosses engines, moves value as an output, and gives back data and logs', () => {
    let outcome: CallOutcome | undefined;
    const { call, state } = build([
      (run) => {
        outcome = run.call(address(2), { value: 4n, input: key });
        run.charge(5n);
      },
      (run) => {
        run.charge(30n);
        run.log('hello');
        run.returnData = Uint8Array.of(...run.context.input, run.context.callDepth, run.context.caller[0]!);
        run.state.setStorage(run.context.contract, key, key);
      },
    ]);
    const result = call(1000n, 10n);
    expect(outcome).toMatchObject({ status: 'success', started: true, gasUsed: 30n, exitCode: 0n });
    expect(outcome?.returnData).toEqual(Uint8Array.of(1, 1, 1));
    expect(result.gas.charged).toBe(35n);
    expect(result.result.logs.map(({ message }) => message)).toEqual(['hello']);
    expect(result.outputs[0]).toEqual({
      kind: 'transfer',
      from: address(1),
      to: address(2),
      asset: NATIVE_ASSET,
      amount: 4n,
    });
    expect(state.getBalance(address(2), NATIVE_ASSET)).toBe(4n);
    expect(state.getStorage(address(2), key)).toEqual(key);
  });

  test('that fails is rolled back alone, its gas is charged, and the caller goes on', () => {
    let outcome: CallOutcome | undefined;
    const { call, state } = build([
      (run) => {
        run.state.setStorage(run.context.contract, key, key);
        outcome = run.call(address(2), { value: 4n });
      },
      (run) => {
        run.charge(30n);
        run.state.setStorage(run.context.contract, key, key);
        run.state.emitEvent(run.context.contract, [], key);
        run.log('kept');
        run.exitCode = 3n;
      },
    ]);
    const result = call(1000n, 10n);
    expect(outcome).toMatchObject({ status: 'reverted', started: true, exitCode: 3n, gasUsed: 30n });
    expect(outcome?.logs).toHaveLength(1);
    expect(result.status).toBe('success');
    expect(result.outputs.map(({ kind }) => kind)).toEqual(['exit-code', 'refund-gas']);
    expect(state.getStorage(address(1), key)).toEqual(key);
    expect(state.getStorage(address(2), key)).toBeUndefined();
    expect(state.getBalance(address(1), NATIVE_ASSET)).toBe(10n);
  });

  test('is refused, without having started, for no contract, no funds or a long input', () => {
    const codes: unknown[] = [];
    const { call } = build(
      [
        (run) => {
          for (const request of [{ value: 1n }, { input: new Uint8Array(9) }]) {
            const { error, started, gasUsed } = run.call(address(2), request);
            codes.push([error?.code, started, gasUsed]);
          }
          const { error, started } = run.call(address(77));
          codes.push([error?.code, started]);
        },
        () => {},
      ],
      { limits: { maxInputSize: 8 } },
    );
    expect(call().status).toBe('success');
    expect(codes).toEqual([
      ['INSUFFICIENT_BALANCE', false, 0n],
      ['INPUT_TOO_LARGE', false, 0n],
      ['UNKNOWN_CONTRACT', false],
    ]);
  });

  test('of a read-only call is read-only, and may not move value', () => {
    const seen: unknown[] = [];
    const { environment } = build([
      (run) => {
        seen.push(run.call(address(2), { value: 1n }).error?.code);
        run.call(address(2));
      },
      (run) => void seen.push(run.context.isStatic),
    ]);
    environment.call({ contract: address(1), sender: USER, isStatic: true });
    expect(seen).toEqual(['STATIC_VIOLATION', true]);
  });

  test('that is read-only itself is failed when it writes', () => {
    const { call, state } = build([
      (run) => {
        const outcome = run.call(address(2), { isStatic: true });
        expect(outcome.error?.code).toBe('STATIC_VIOLATION');
      },
      (run) => run.state.setStorage(run.context.contract, key, key),
    ]);
    expect(call().status).toBe('success');
    expect(state.getStorage(address(2), key)).toBeUndefined();
  });
});

describe('depth', () => {
  /** A chain of contracts, each calling the next; tells how deep it got and why it ended. */
  function dive(contracts: number, config: EnvironmentConfig) {
    let deepest = 0;
    let reason: string | undefined;
    const script = (run: FakeRun) => {
      deepest = Math.max(deepest, run.context.callDepth);
      const next = run.context.contract.slice();
      next[0] = next[0]! + 1;
      next.fill(next[0]!);
      const code = run.call(next).error?.code;
      reason = reason ?? code;
    };
    const { call } = build(Array(contracts).fill(script), config);
    expect(call().status).toBe('success');
    return { deepest, reason };
  }

  test('64 is reached and 65 is refused by default', () => {
    expect(dive(80, {})).toEqual({ deepest: 64, reason: 'CALL_DEPTH_EXCEEDED' });
  });

  test('is configurable', () => {
    expect(dive(5, { limits: { maxCallDepth: 2 } })).toEqual({ deepest: 2, reason: 'CALL_DEPTH_EXCEEDED' });
    expect(dive(5, { limits: { maxCallDepth: 0 } })).toEqual({ deepest: 0, reason: 'CALL_DEPTH_EXCEEDED' });
  });

  test('of 256 fits the stack of the host, and a depth that does not is no result of the contract', () => {
    let depth = 0;
    const dig = (run: FakeRun) => {
      depth = Math.max(depth, run.context.callDepth);
      run.call(address(1));
    };
    const contracts = { reentrancy: { default: 'allow' as const } };
    expect(build([dig], { limits: { maxCallDepth: 256 }, contracts }).call().status).toBe('success');
    expect(depth).toBe(256);
    const overflow = (): number => overflow() + 1;
    const { call, state } = build([() => void overflow()], { contracts });
    expect(() => call()).toThrow("the calls were nested deeper than the host's own stack allows.");
    expect(state.isClean).toBe(true);
  });

  test('above 256 is refused when the environment is made', () => {
    expect(() => build([], { limits: { maxCallDepth: 257 } })).toThrow(
      'limits.maxCallDepth: at most 256, found 257.',
    );
  });
});

describe('reentrancy', () => {
  const pair = (seen: unknown[]) => [
    (run: FakeRun) => {
      if (run.context.callDepth === 0) run.call(address(2));
      else seen.push('re-entered');
    },
    (run: FakeRun) => {
      const { error, started } = run.call(address(1), { isStatic: run.context.isStatic });
      seen.push([error?.code, started]);
      const again = run.call(address(1), { isStatic: true });
      seen.push(again.error?.code);
    },
  ];

  test('is refused by default, read-only calls included', () => {
    const seen: unknown[] = [];
    build(pair(seen)).call();
    expect(seen).toEqual([['REENTRANCY', false], 'REENTRANCY']);
  });

  test('is allowed to listed contracts, to all, or to read-only calls', () => {
    const listed: unknown[] = [];
    build(pair(listed), { contracts: { reentrancy: { allow: [address(1)] } } }).call();
    expect(listed).toEqual(['re-entered', [undefined, true], 're-entered', undefined]);
    const all: unknown[] = [];
    build(pair(all), { contracts: { reentrancy: { default: 'allow' } } }).call();
    expect(all).toEqual(['re-entered', [undefined, true], 're-entered', undefined]);
    const readOnly: unknown[] = [];
    build(pair(readOnly), { contracts: { reentrancy: { staticCalls: 'allow' } } }).call();
    expect(readOnly).toEqual([['REENTRANCY', false], 're-entered', undefined]);
  });

  test('is possible again after the call has ended', () => {
    const { call } = build([
      (run) => {
        expect(run.call(address(2)).status).toBe('success');
        expect(run.call(address(2)).status).toBe('success');
      },
      () => {},
    ]);
    expect(call().status).toBe('success');
  });
});

describe('estimates through the environment', () => {
  test('are exact for contracts that do not look at their gas, also across calls with a limit of their own', () => {
    const { environment, state } = build([
      (run) => {
        run.charge(10n);
        run.call(address(2), { gasLimit: 500n });
        run.charge(7n);
      },
      (run) => run.charge(30n),
    ]);
    const request = { contract: address(1), sender: USER };
    const estimate = environment.estimateGas(request);
    expect(estimate).toEqual({
      gasLimit: 510n,
      gasUsed: 47n,
      refund: 0n,
      runs: 2,
      method: 'exact',
      margin: 0n,
      exceedsLimit: false,
    });
    expect(state.isClean).toBe(true);
    expect(environment.estimateGas(request, { marginPercent: 10 })).toMatchObject({
      gasLimit: 561n,
      margin: 51n,
    });
    expect(environment.call({ ...request, gasLimit: 510n }).status).toBe('success');
  });

  test('work for contracts that look at their gas', () => {
    const { environment } = build([
      (run) => {
        run.charge(10n);
        if (run.gasLeft() < 1234n) run.exitCode = 1n;
      },
    ]);
    const request = { contract: address(1), sender: USER };
    const estimate = environment.estimateGas(request);
    expect(estimate).toMatchObject({ gasLimit: 1244n, method: 'search' });
    expect(environment.call({ ...request, gasLimit: 1244n }).status).toBe('success');
    expect(environment.call({ ...request, gasLimit: 1243n }).status).toBe('reverted');
  });

  test('throw what the call fails with', () => {
    const { environment } = build([fail]);
    expect(() => environment.estimateGas({ contract: address(1), sender: USER })).toThrow(
      'fake: exit code 1.',
    );
  });
});
