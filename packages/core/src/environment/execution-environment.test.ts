import { describe, expect, test } from 'vitest';
import { address, FakeEngine, type FakeRun, fakeDefinition } from '../../test-support/fake-engine.ts';
import {
  createGasPolicy,
  type EnvironmentConfig,
  ExecutionEnvironment,
  type ExecutionHook,
  JournaledState,
  MemoryBackend,
  NATIVE_ASSET,
  type Precompile,
  PrecompileRegistry,
  VmError,
  VmEventBus,
  VmFactory,
} from '../index.ts';

const USER = address(0xaa);
const MINER = address(0xbb);
const ONE = address(1);
const TWO = address(2);
const GOLD = address(0x99);
const key = Uint8Array.of(1);
const fail = (run: FakeRun) => {
  run.exitCode = 1n;
};

type Script = (run: FakeRun) => void;

/** An environment with two engines: `alpha` runs the given scripts; `beta` the same ones, of another format. */
function build(
  scripts: readonly Script[],
  config: EnvironmentConfig = {},
  extra: { hooks?: readonly ExecutionHook[]; events?: VmEventBus; precompiles?: PrecompileRegistry } = {},
) {
  let commits = 0;
  class Counting extends MemoryBackend {
    override commit(changes: Parameters<MemoryBackend['commit']>[0]): void {
      commits++;
      super.commit(changes);
    }
  }
  const backend = new Counting();
  const alpha = new FakeEngine('alpha', 0xa0, scripts);
  const beta = new FakeEngine('beta', 0xb0, scripts);
  const state = new JournaledState(backend);
  const factory = new VmFactory([fakeDefinition(alpha), fakeDefinition(beta)]);
  const environment = new ExecutionEnvironment({ state, factory, config, ...extra });
  state.setCode(ONE, alpha.code(0));
  state.setCode(TWO, beta.code(1));
  state.adjustBalance(USER, NATIVE_ASSET, 1_000_000n);
  state.adjustBalance(USER, GOLD, 50n);
  state.flush();
  commits = 0;
  return { environment, state, backend, alpha, beta, commits: () => commits };
}

function errorOf(action: () => unknown): VmError {
  try {
    action();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(VmError);
    return thrown as VmError;
  }
  throw new Error('nothing was thrown');
}

describe('a transaction', () => {
  test('that succeeds writes everything in one commit and lists its outputs in order', () => {
    const { environment, backend, commits } = build([
      (run) => {
        run.charge(100n);
        run.state.setStorage(run.context.contract, key, Uint8Array.of(7));
        run.state.transfer(run.context.contract, MINER, NATIVE_ASSET, 3n);
        run.state.emitEvent(run.context.contract, [], key);
      },
    ]);
    const result = environment.call({
      contract: ONE,
      sender: USER,
      value: 5n,
      deposits: [{ asset: GOLD, amount: 2n }],
      gasLimit: 1000n,
    });
    expect(result.status).toBe('success');
    expect(result.outputs).toEqual([
      { kind: 'transfer', from: ONE, to: MINER, asset: NATIVE_ASSET, amount: 3n },
      { kind: 'event', contract: ONE, topics: [], data: key },
      { kind: 'exit-code', code: 0n },
      { kind: 'refund-gas', to: USER, amount: 900n },
    ]);
    expect(result.gas.charged).toBe(100n);
    expect(commits()).toBe(1);
    expect(backend.getStorage(ONE, key)).toEqual(Uint8Array.of(7));
    expect(backend.getBalance(ONE, NATIVE_ASSET)).toBe(2n);
    expect(backend.getBalance(ONE, GOLD)).toBe(2n);
    expect(backend.getNonce(USER)).toBe(1n);
    expect(result.stateChanges.map(({ kind }) => kind).sort()).toEqual([
      'balance',
      'balance',
      'balance',
      'balance',
      'balance',
      'nonce',
      'storage',
    ]);
  });

  test('that reverts keeps only the nonce, refunds the deposits and says so', () => {
    const { environment, backend } = build([
      (run) => {
        run.charge(40n);
        run.state.setStorage(run.context.contract, key, key);
        run.state.emitEvent(run.context.contract, [], key);
        run.exitCode = 12n;
      },
    ]);
    const deposits = [{ asset: GOLD, amount: 2n }];
    const result = environment.call({ contract: ONE, sender: USER, value: 5n, deposits, gasLimit: 100n });
    expect(result.status).toBe('reverted');
    expect(result.exitCode).toBe(12n);
    expect(result.outputs).toEqual([
      { kind: 'refund-deposits', to: USER, deposits },
      { kind: 'exit-code', code: 12n },
      { kind: 'refund-gas', to: USER, amount: 60n },
    ]);
    expect(result.stateChanges).toEqual([{ kind: 'nonce', address: USER, before: 0n, after: 1n }]);
    expect(backend.getBalance(USER, GOLD)).toBe(50n);
    expect(backend.getStorage(ONE, key)).toBeUndefined();
  });

  test('that fails has exit code none, and no gas back when all was used', () => {
    const { environment } = build([
      (run) => {
        run.charge(100n);
        run.charge(1n);
      },
    ]);
    const result = environment.call({ contract: ONE, sender: USER, gasLimit: 100n });
    expect(result.error?.code).toBe('OUT_OF_GAS');
    expect(result.outputs).toEqual([{ kind: 'exit-code', code: null }]);
    expect(result.gas).toMatchObject({ charged: 100n, refunded: 0n });
  });

  test('pays price × used: burned, to the producer, and the rest back', () => {
    const { environment, backend } = build([
      (run) => {
        run.charge(100n);
        run.gasRefund = 90n;
      },
    ]);
    const result = environment.call({
      contract: ONE,
      sender: USER,
      gasLimit: 1000n,
      gasPrice: 3n,
      block: { coinbase: MINER },
    });
    // Refund capped at 20 of 100 used; 80 × 3 = 240: 30 % burned = 72, the rest 168.
    expect(result.gas).toEqual({
      limit: 1000n,
      price: 3n,
      charged: 80n,
      refunded: 920n,
      fee: 240n,
      refundedFee: 2760n,
      burned: 72n,
      treasuryShare: 0n,
      producerShare: 168n,
    });
    expect(backend.getBalance(USER, NATIVE_ASSET)).toBe(1_000_000n - 240n);
    expect(backend.getBalance(MINER, NATIVE_ASSET)).toBe(168n);
  });

  test('is not admitted with a fee that cannot be paid, too much gas or too long an input', () => {
    const { environment, backend, commits } = build([() => {}], { limits: { maxInputSize: 4 } });
    const base = { contract: ONE, sender: USER };
    expect(errorOf(() => environment.call({ ...base, gasPrice: 6n })).code).toBe('INSUFFICIENT_BALANCE');
    const gas = errorOf(() => environment.call({ ...base, gasLimit: 1_400_001n }));
    expect(gas.code).toBe('LIMIT_EXCEEDED');
    expect(gas.message).toBe('gasLimit: 1400001 is above the maximum of 1400000.');
    expect(errorOf(() => environment.call({ ...base, input: new Uint8Array(5) })).code).toBe(
      'INPUT_TOO_LARGE',
    );
    expect(errorOf(() => environment.call({ ...base, contract: key })).code).toBe('CONTEXT_INVALID');
    expect(errorOf(() => environment.call({ ...base, isStatic: true, value: 1n })).code).toBe(
      'STATIC_VIOLATION',
    );
    expect(commits()).toBe(0);
    expect(backend.getNonce(USER)).toBe(0n);
  });

  test('fails with a result when value, code or engine is missing, and the nonce rises', () => {
    const { environment, state, backend } = build([() => {}]);
    state.setCode(address(5), Uint8Array.of(1, 2, 3));
    state.setCode(address(6), Uint8Array.of(0xa0, 1));
    state.setCode(address(7), Uint8Array.of(0xa0, 0, 0), 'gamma');
    state.flush();
    const deposits = [{ asset: GOLD, amount: 51n }];
    expect(environment.call({ contract: ONE, sender: USER, deposits }).outputs).toEqual([
      { kind: 'exit-code', code: null },
      { kind: 'refund-gas', to: USER, amount: 200_000n },
    ]);
    expect(environment.call({ contract: ONE, sender: USER, value: 2_000_000n }).error?.message).toBe(
      'value of 2000000: the caller holds 1000000.',
    );
    expect(environment.call({ contract: address(4), sender: USER }).error?.code).toBe('UNKNOWN_CONTRACT');
    expect(environment.call({ contract: address(5), sender: USER }).error?.code).toBe('CODE_FORMAT_UNKNOWN');
    expect(environment.call({ contract: address(6), sender: USER }).error?.code).toBe('CODE_INVALID');
    expect(environment.call({ contract: address(7), sender: USER }).error?.code).toBe('ENGINE_UNKNOWN');
    expect(backend.getNonce(USER)).toBe(6n);
  });

  test('leaves nothing when the engine breaks, and the environment goes on', () => {
    let broken = true;
    const { environment, commits } = build([
      (run) => {
        run.state.setNonce(ONE, 9n);
        if (broken) throw new TypeError('a bug');
      },
    ]);
    expect(() => environment.call({ contract: ONE, sender: USER })).toThrow('a bug');
    expect(commits()).toBe(0);
    expect(environment.state.isClean).toBe(true);
    broken = false;
    expect(environment.call({ contract: ONE, sender: USER }).status).toBe('success');
  });

  test('that the store refuses leaves nothing pending', () => {
    const { environment, backend } = build([(run) => run.state.setNonce(ONE, 9n)]);
    const commit = backend.commit.bind(backend);
    backend.commit = () => {
      throw new VmError('STATE_UNAVAILABLE', 'disk full.');
    };
    expect(errorOf(() => environment.call({ contract: ONE, sender: USER })).code).toBe('STATE_UNAVAILABLE');
    backend.commit = commit;
    expect(environment.state.isClean).toBe(true);
    expect(environment.call({ contract: ONE, sender: USER }).stateChanges).toHaveLength(2);
    expect(backend.getNonce(USER)).toBe(1n);
  });

  test('keeps what the host had pending apart from its own changes', () => {
    const { environment, state, backend, commits } = build([() => {}]);
    state.setNonce(MINER, 3n);
    expect(environment.simulate({ contract: ONE, sender: USER }).stateChanges).toHaveLength(1);
    expect(environment.call({ contract: ONE, sender: USER }).stateChanges).toHaveLength(1);
    expect(backend.getNonce(MINER)).toBe(3n);
    expect(commits()).toBe(2);
  });

  test('cannot start inside an open checkpoint; a simulation can, and leaves nothing', () => {
    const { environment, state, backend } = build([(run) => run.state.setNonce(ONE, 9n)]);
    const simulated = environment.simulate({ contract: ONE, sender: USER });
    expect(simulated.stateChanges).toHaveLength(2);
    expect(backend.getNonce(ONE)).toBe(0n);
    expect(state.isClean).toBe(true);
    const checkpoint = state.checkpoint();
    expect(errorOf(() => environment.call({ contract: ONE, sender: USER })).code).toBe('CHECKPOINT_INVALID');
    state.revert(checkpoint);
  });

  test('validates code once', () => {
    const { environment, alpha } = build([() => {}]);
    for (let i = 0; i < 5; i++) environment.call({ contract: ONE, sender: USER });
    expect(alpha.validations).toBe(1);
  });

  test('gives the same result twice on equal states', () => {
    const script: Script = (run) => {
      run.charge(10n);
      run.state.setStorage(run.context.contract, key, Uint8Array.of(run.context.input[0]!));
    };
    const request = { contract: ONE, sender: USER, input: Uint8Array.of(3), gasPrice: 1n };
    expect(build([script]).environment.call(request)).toEqual(build([script]).environment.call(request));
  });
});

describe('a read-only call', () => {
  test('may read, and is failed when it writes', () => {
    const { environment, backend } = build([
      (run) => {
        if (run.context.input.length > 0) run.state.setStorage(run.context.contract, key, key);
      },
    ]);
    expect(environment.call({ contract: ONE, sender: USER, isStatic: true }).status).toBe('success');
    const writing = environment.call({ contract: ONE, sender: USER, isStatic: true, input: key });
    expect(writing.error?.code).toBe('STATIC_VIOLATION');
    expect(backend.getStorage(ONE, key)).toBeUndefined();
  });
});

describe('hooks', () => {
  test('that refuse fail the call, which is rolled back, and stay paired', () => {
    const calls: string[] = [];
    const hook = (name: string, refuse = false): ExecutionHook => ({
      name,
      before() {
        calls.push(`+${name}`);
        if (refuse) throw new Error('closed today');
      },
      after(_context, result) {
        calls.push(`-${name} ${result.status}`);
      },
    });
    const { environment, backend } = build(
      [() => {}],
      {},
      { hooks: [hook('a'), hook('b', true), hook('c')] },
    );
    const result = environment.call({ contract: ONE, sender: USER, value: 5n });
    expect(result.error?.code).toBe('HOOK_FAILED');
    expect(result.error?.message).toBe('hook b, before the call: closed today');
    expect(calls).toEqual(['+a', '+b', '-a failed']);
    expect(backend.getBalance(ONE, NATIVE_ASSET)).toBe(0n);
  });
});

describe('events of the bus', () => {
  test('tell of every call and result, nested ones inside', () => {
    const events = new VmEventBus();
    const told: string[] = [];
    events.on('call', (context) => told.push(`call ${context.contract[0]} depth ${context.callDepth}`));
    events.on('result', (context, result) => told.push(`result ${context.contract[0]} ${result.status}`));
    const { environment } = build([(run) => void run.call(TWO), fail], {}, { events });
    environment.call({ contract: ONE, sender: USER });
    expect(told).toEqual(['call 1 depth 0', 'call 2 depth 1', 'result 2 reverted', 'result 1 success']);
  });
});

describe('precompiles', () => {
  const identity: Precompile = {
    address: address(4),
    name: 'identity',
    gasCost: (input) => 15n + BigInt(input.length),
    execute: (_context, input) =>
      input.length === 3
        ? { status: 'failed', error: new VmError('INVALID_ARGUMENT', 'three bytes.') }
        : { status: 'success', output: input },
  };
  const extra = { precompiles: new PrecompileRegistry([identity]) };

  test('are found before any code, cost their price and can be called by contracts', () => {
    const { environment, state } = build(
      [
        (run) => {
          run.returnData = run.call(address(4), { input: key }).returnData.slice();
        },
      ],
      {},
      extra,
    );
    state.setCode(address(4), Uint8Array.of(0));
    state.flush();
    const direct = environment.call({ contract: address(4), sender: USER, input: Uint8Array.of(1, 2) });
    expect(direct.result.returnData).toEqual(Uint8Array.of(1, 2));
    expect(direct.gas.charged).toBe(17n);
    const nested = environment.call({ contract: ONE, sender: USER });
    expect(nested.result.returnData).toEqual(key);
    expect(nested.gas.charged).toBe(16n);
  });

  test('fail out of gas uncharged, and on bad input with their price', () => {
    const { environment } = build([], {}, extra);
    const poor = environment.call({ contract: address(4), sender: USER, gasLimit: 14n });
    expect([poor.error?.code, poor.gas.charged]).toEqual(['OUT_OF_GAS', 0n]);
    const bad = environment.call({ contract: address(4), sender: USER, input: new Uint8Array(3) });
    expect([bad.error?.code, bad.gas.charged]).toEqual(['INVALID_ARGUMENT', 18n]);
  });
});

test('the evm policy burns the base fee and a treasury takes its share', () => {
  const policy = createGasPolicy({ burnBaseFee: true, treasuryPercent: 50, treasury: GOLD });
  const { environment, backend } = build([(run) => run.charge(10n)], { gas: { policy } });
  const result = environment.call({
    contract: ONE,
    sender: USER,
    gasLimit: 10n,
    gasPrice: 5n,
    block: { baseFee: 2n, coinbase: MINER },
  });
  expect(result.gas).toMatchObject({ fee: 50n, burned: 20n, treasuryShare: 15n, producerShare: 15n });
  expect(backend.getBalance(GOLD, NATIVE_ASSET)).toBe(15n);
});

describe('a request that a program without type checks makes', () => {
  test.each([
    [{ sender: new Uint8Array(3) }, 'sender: expected 32 bytes, found 3.'],
    [{ contract: undefined }, 'contract: expected 32 bytes, found nothing.'],
    [{ gasLimit: 5 }, 'gasLimit: expected a bigint, found a number.'],
    [{ input: 'abc' }, 'input: expected a Uint8Array, found a string.'],
  ])('%o is refused before anything happens', (wrong, message) => {
    const environment = new ExecutionEnvironment({
      state: new JournaledState(new MemoryBackend()),
      factory: new VmFactory([]),
    });
    const request = { sender: new Uint8Array(32), contract: new Uint8Array(32), ...wrong };
    expect(() => environment.call(request as never)).toThrow(message);
    expect(() => environment.deploy({ sender: new Uint8Array(32), code: [1, 2] } as never)).toThrow(
      'code: expected a Uint8Array, found an object.',
    );
    expect(environment.state.getNonce(new Uint8Array(32))).toBe(0n);
  });
});
