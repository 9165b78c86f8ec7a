import { keccak_256 } from '@noble/hashes/sha3.js';
import { describe, expect, test } from 'vitest';
import { address, FakeEngine, type FakeRun, fakeDefinition } from '../../test-support/fake-engine.ts';
import {
  contractAddress,
  type EnvironmentConfig,
  ExecutionEnvironment,
  JournaledState,
  MemoryBackend,
  NATIVE_ASSET,
  VmFactory,
} from '../index.ts';

const USER = address(0xaa);
const key = Uint8Array.of(1);

function build(scripts: readonly ((run: FakeRun) => void)[], config: EnvironmentConfig = {}) {
  const alpha = new FakeEngine('alpha', 0xa0, scripts);
  const backend = new MemoryBackend();
  const state = new JournaledState(backend);
  state.adjustBalance(USER, NATIVE_ASSET, 1000n);
  state.flush();
  const environment = new ExecutionEnvironment({
    state,
    factory: new VmFactory([fakeDefinition(alpha)]),
    config,
  });
  return { environment, backend, alpha };
}

const nothing = () => {};
const initialise = (run: FakeRun) => {
  run.charge(20n);
  run.state.setStorage(run.context.contract, key, run.context.input);
};

describe('a deployment', () => {
  test('stores the code at keccak-256 of creator and nonce', () => {
    const { environment, backend, alpha } = build([nothing]);
    const first = environment.deploy({ code: alpha.code(0), sender: USER });
    const second = environment.deploy({ code: alpha.code(0), sender: USER, engine: 'alpha' });
    const preimage = Uint8Array.from([...USER, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(first.contract).toEqual(keccak_256(preimage));
    expect(second.contract).toEqual(contractAddress(USER, 1n));
    expect(first).toMatchObject({ status: 'success', engine: 'alpha', constructed: false, exitCode: 0n });
    expect(backend.getCode(first.contract)).toEqual({ code: alpha.code(0), engine: undefined });
    expect(backend.getCode(second.contract)).toEqual({ code: alpha.code(0), engine: 'alpha' });
    expect(backend.getNonce(USER)).toBe(2n);
  });

  test('can take its address from the transaction hash or from the request', () => {
    const { environment, alpha } = build([nothing], { deploy: { addressPolicy: 'tx-hash' } });
    const code = alpha.code(0);
    expect(environment.deploy({ code, sender: USER, txHash: address(8) }).contract).toEqual(address(8));
    expect(environment.deploy({ code, sender: USER, address: address(9) }).contract).toEqual(address(9));
    expect(() => environment.deploy({ code, sender: USER })).toThrow('a transaction hash is needed');
  });

  test('runs hook 0 if the code has it, with what was given for it', () => {
    const { environment, backend, alpha } = build([nothing, initialise]);
    const code = alpha.code(0, 1);
    const plain = environment.deploy({ code, sender: USER });
    expect(plain.constructed).toBe(true);
    expect(plain.gas.charged).toBe(20n);
    const given = environment.deploy({
      code,
      sender: USER,
      construct: { input: key, value: 5n, gasLimit: 20n },
    });
    expect(given.status).toBe('success');
    expect(backend.getStorage(given.contract, key)).toEqual(key);
    expect(backend.getBalance(given.contract, NATIVE_ASSET)).toBe(5n);
    const none = environment.deploy({ code, sender: USER, construct: 'none' });
    expect(none.constructed).toBe(false);
    expect(backend.getStorage(none.contract, key)).toBeUndefined();
  });

  test('leaves nothing but the nonce when the constructor fails', () => {
    const { environment, backend, alpha } = build([nothing, initialise]);
    const deposits = [{ asset: NATIVE_ASSET, amount: 3n }];
    const result = environment.deploy({
      code: alpha.code(0, 1),
      sender: USER,
      construct: { gasLimit: 19n, value: 5n, deposits },
    });
    expect(result.error?.code).toBe('OUT_OF_GAS');
    expect(result.outputs[0]).toEqual({ kind: 'refund-deposits', to: USER, deposits });
    expect(result.stateChanges).toEqual([{ kind: 'nonce', address: USER, before: 0n, after: 1n }]);
    expect(backend.getCode(result.contract)).toBeUndefined();
  });

  test('fails when a constructor is called that the code lacks', () => {
    const { environment, alpha } = build([nothing]);
    const result = environment.deploy({ code: alpha.code(0), sender: USER, construct: {} });
    expect(result.error?.code).toBe('ENTRY_NOT_FOUND');
    expect(result.error?.message).toBe('the deployment calls a constructor, and the code has no hook 0.');
  });

  test('fails for code that is too large, invalid or unknown, and for a taken address', () => {
    const { environment, backend, alpha } = build([nothing], { limits: { maxCodeSize: 3 } });
    const deploy = (code: Uint8Array, more = {}) =>
      environment.deploy({ code, sender: USER, ...more }).error?.code;
    expect(deploy(new Uint8Array(4))).toBe('CODE_TOO_LARGE');
    expect(deploy(Uint8Array.of(0xa0))).toBe('CODE_INVALID');
    expect(deploy(Uint8Array.of(1, 2, 3))).toBe('CODE_FORMAT_UNKNOWN');
    expect(deploy(alpha.code(0), { engine: 'beta' })).toBe('ENGINE_UNKNOWN');
    expect(deploy(alpha.code(0), { address: address(5) })).toBeUndefined();
    expect(deploy(alpha.code(0), { address: address(5) })).toBe('CONTRACT_EXISTS');
    expect(backend.getNonce(USER)).toBe(6n);
  });

  test('charges for each byte of code, before the constructor', () => {
    const { environment, alpha } = build([nothing, initialise], { deploy: { gasPerByte: 10n } });
    const code = alpha.code(0, 1);
    const request = { code, sender: USER, construct: {} };
    expect(environment.estimateDeployGas(request)).toMatchObject({ gasLimit: 50n, method: 'exact' });
    expect(environment.simulateDeploy({ ...request, construct: { gasLimit: 49n } }).error?.code).toBe(
      'OUT_OF_GAS',
    );
    expect(environment.simulateDeploy({ ...request, construct: { gasLimit: 29n } }).error?.message).toBe(
      'storing 3 bytes of code costs 30 gas, the limit is 29.',
    );
    expect(environment.deploy({ ...request, construct: { gasLimit: 50n } }).gas.charged).toBe(50n);
  });
});
