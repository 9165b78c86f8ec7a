import { encodeUtf8, type TypedValue } from '@switchyard/core';
import { borsh, u8, u64 } from '@switchyard/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { chainOfContracts, contractFile, contractGas, expectUnchanged } from './contract-tests.ts';

const gas = contractGas();
afterAll(() => gas.close());

const deployed = (name: string, ...args: readonly TypedValue[]) => {
  const chain = chainOfContracts();
  const contract = chain.deploy(contractFile(`${name}/${name}.so`), args.length === 0 ? {} : { args });
  const refuse = (exitCode: number, entry: number | string, input: Uint8Array = new Uint8Array(0)) =>
    expect(expectUnchanged(chain, () => contract.call(entry, { input }))).toRevertWith(exitCode);
  return { chain, contract, refuse };
};

describe('hello_world', () => {
  test('greets by name, and says the height', () => {
    const { contract } = deployed('hello_world');
    const outcome = contract.call('entrypoint', { input: encodeUtf8('Ada') });
    expect(gas.record('hello_world: greet Ada', outcome)).toReturnBytes(encodeUtf8('Hello, Ada!'));
    expect(outcome.logs).toEqual(['Hello, Ada!', "The block's height is 0."]);
    const world = gas.record('hello_world: greet the world', contract.call('entrypoint'));
    expect(world).toReturnBytes(encodeUtf8('Hello, world!'));
  });

  test('takes names of up to 64 bytes of UTF-8', () => {
    const { chain, contract, refuse } = deployed('hello_world');
    expect(contract.call('entrypoint', { input: encodeUtf8('x'.repeat(64)) })).toSucceed();
    refuse(1, 'entrypoint', encodeUtf8('x'.repeat(65)));
    const broken = expectUnchanged(chain, () => contract.call('entrypoint', { input: Uint8Array.of(0xff) }));
    expect(broken.error?.native?.name).toBe('SyscallError');
  });
});

describe('counter', () => {
  const ADD = 0;
  const GET = 1;

  test('starts, adds, and says its value', () => {
    const { contract } = deployed('counter', u64(40));
    gas.record('counter: deploy', contract.deployment);
    expect(gas.record('counter: add', contract.call(ADD, { args: [u64(2)] }))).toReturnBytes(borsh(u64(42)));
    expect(gas.record('counter: add one', contract.call(ADD))).toReturnBytes(borsh(u64(43)));
    expect(gas.record('counter: get', contract.call(GET))).toReturnBytes(borsh(u64(43)));
    const byNumber = contract.call('entrypoint', { args: [u8(0), u64(7)] });
    expect(gas.record('counter: add by number', byNumber)).toReturnBytes(borsh(u64(50)));
    expect(contract.call('entrypoint')).toReturnBytes(borsh(u64(50)));
  });

  test('ends with each of its exit codes', () => {
    const { chain, contract, refuse } = deployed('counter', u64(40));
    refuse(1, ADD, Uint8Array.of(1));
    refuse(1, GET, Uint8Array.of(1));
    refuse(2, ADD, borsh(u64(2n ** 64n - 40n)));
    refuse(4, 'entrypoint', Uint8Array.of(2));
    const hook = { kind: 'hook', id: 0 } as const;
    expect(expectUnchanged(chain, () => contract.call(hook))).toRevertWith(3);
    expect(expectUnchanged(chain, () => contract.call(hook, { input: Uint8Array.of(1) }))).toRevertWith(1);
  });
});

describe('faulty', () => {
  test('ends with its exit codes, and undoes what it wrote', () => {
    const { contract, refuse } = deployed('faulty');
    refuse(42, 5);
    refuse(7, 5, borsh(u64(7)));
    refuse(1, 0, Uint8Array.of(1));
    refuse(2, 'entrypoint', Uint8Array.of(99));
    expect(contract.call('entrypoint')).toSucceed();
  });

  test('costs what it has done until it breaks', () => {
    const { contract } = deployed('faulty');
    gas.record('faulty: bad read', contract.call(0));
    gas.record('faulty: recursion', contract.call(2));
    gas.record('faulty: division by zero', contract.call(4));
    gas.record('faulty: exit code', contract.call(5));
    gas.record('faulty: too much return data', contract.call(6));
    expect(contract.call(1)).toUseGas(200_000);
  });
});
