import { tbpfEngine } from '@switchyard/tbpf';
import { borsh, createTestChain, u64 } from '@switchyard/testing';
import { createGasSnapshot } from '@switchyard/testing/gas';
import '@switchyard/testing/matchers';
import { afterAll, describe, expect, test } from 'vitest';

// The first run writes the file; commit it. `npm run gas:check` says what has changed since.
const gas = createGasSnapshot('gas.snapshot.json');
afterAll(() => {
  gas.close();
});

/** A contract of its own for each test, on a chain that starts empty. */
function deploy(limit: bigint) {
  const chain = createTestChain({ engines: [tbpfEngine] });
  return chain.deploy('{{name}}.so', { args: [u64(limit)] });
}

describe('deployment', () => {
  test('takes the limit', () => {
    const contract = deploy(100n);
    expect(gas.record('deploy', contract.deployment)).toSucceed();
    expect(contract.storage('limit')).toEqual(borsh(u64(100n)));
  });

  test('refuses a malformed limit, and keeps no contract', () => {
    const chain = createTestChain({ engines: [tbpfEngine] });
    expect(chain.tryDeploy('{{name}}.so', { input: new Uint8Array(7) })).toRevertWith(1);
  });

  test('happens once', () => {
    const contract = deploy(100n);
    expect(contract.call({ kind: 'hook', id: 0 }, { args: [u64(200n)] })).toRevertWith(2);
    expect(contract.storage('limit')).toEqual(borsh(u64(100n)));
  });
});

describe('entry 0, add', () => {
  test('adds up to the limit, says the new value and emits it', () => {
    const contract = deploy(100n);
    expect(contract.call(0, { args: [u64(40n)] })).toSucceed();
    const outcome = gas.record('add', contract.call(0, { args: [u64(60n)] }));
    expect(outcome).toSucceed();
    expect(outcome).toReturnBytes(borsh(u64(100n)));
    expect(outcome).toEmit(1, borsh(u64(60n), u64(100n)));
    expect(contract.storage('value')).toEqual(borsh(u64(100n)));
  });

  test.each([61n, 2n ** 64n - 1n])('refuses to add %d above the limit, and changes nothing', (by) => {
    const contract = deploy(100n);
    contract.call(0, { args: [u64(40n)] });
    const outcome = contract.call(0, { args: [u64(by)] });
    expect(outcome).toRevertWith(3);
    expect(outcome).not.toEmit(1);
    expect(contract.storage('value')).toEqual(borsh(u64(40n)));
  });

  test.each([0, 7, 9])('refuses an input of %d bytes, and changes nothing', (length) => {
    const contract = deploy(100n);
    expect(contract.call(0, { input: new Uint8Array(length).fill(1) })).toRevertWith(1);
    expect(contract.storage('value')).toBeUndefined();
  });

  test('fails when its gas runs out, and changes nothing', () => {
    const contract = deploy(100n);
    const args = [u64(1n)];
    const { gasLimit } = contract.estimateGas(0, { args });
    expect(contract.simulate(0, { args, gasLimit })).toSucceed();
    expect(contract.call(0, { args, gasLimit: gasLimit - 1n })).toFailWith('OUT_OF_GAS');
    expect(contract.storage('value')).toBeUndefined();
  });
});

describe('entry 1, read', () => {
  test('says the value and the limit', () => {
    const contract = deploy(100n);
    contract.call(0, { args: [u64(40n)] });
    expect(gas.record('read', contract.call(1))).toReturnBytes(borsh(u64(40n), u64(100n)));
  });

  test('takes no input', () => {
    expect(deploy(100n).call(1, { args: [u64(1n)] })).toRevertWith(1);
  });
});

test('there is no default entry', () => {
  expect(deploy(100n).call('entrypoint')).toRevertWith(4);
});
