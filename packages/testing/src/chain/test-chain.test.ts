import { readFileSync } from 'node:fs';
import { bytesToHex, concatBytes, DEFAULT_CONFIG, encodeUtf8, NATIVE_ASSET } from '@switchyard/core';
import { engineModule } from '@switchyard/core/container';
import { tbpfEngine } from '@switchyard/tbpf';
import { describe, expect, test } from 'vitest';
import { bothEngines, contractFile } from '../contracts.fixture.ts';
import { borsh, bytes32, u64 } from '../values.ts';
import { createAccount } from './accounts.ts';
import { createTestChain } from './create-test-chain.ts';

const counterFile = contractFile('counter/counter.so');
const legacyFile = contractFile('legacy/counter.module');

describe('deploying', () => {
  test('takes a URL, a path or bytes, and names the contract after its file', () => {
    const chain = bothEngines();
    const fromUrl = chain.deploy(counterFile);
    const fromPath = chain.deploy(counterFile.pathname);
    const fromBytes = chain.deploy(new Uint8Array(readFileSync(counterFile)), { name: 'mine' });
    expect([fromUrl.name, fromPath.name, fromBytes.name]).toEqual(['counter.so', 'counter.so', 'mine']);
    expect(new Set([fromUrl, fromPath, fromBytes].map(({ address }) => bytesToHex(address))).size).toBe(3);
    expect(fromUrl.deployment.codeHash).toEqual(fromBytes.deployment.codeHash);
  });

  test('runs a constructor if there is one, with the arguments that are given', () => {
    const counter = bothEngines().deploy(counterFile, { args: [u64(40)] });
    expect(counter.deployment).toMatchObject({ engine: 'tbpf', constructed: true, gasUsed: 743n });
    expect(counter.storage('value')).toEqual(borsh(u64(40)));
  });

  test('leaves the constructor out on request', () => {
    const counter = bothEngines().deploy(counterFile, { construct: false });
    expect(counter.deployment).toMatchObject({ constructed: false, gasUsed: 0n });
    expect(counter.storage('value')).toBeUndefined();
  });

  test('throws the whole outcome when it fails, which tryDeploy gives back', () => {
    const chain = bothEngines();
    expect(() => chain.deploy(counterFile, { input: Uint8Array.of(1) })).toThrow(
      /^counter\.so was not deployed\.\n\n {2}ended {7}reverted with exit code 1\n/,
    );
    expect(chain.tryDeploy(Uint8Array.of(1, 2, 3))).toMatchObject({
      status: 'failed',
      engine: null,
      error: { code: 'CODE_FORMAT_UNKNOWN' },
    });
    expect(chain.tryDeploy(contractFile('faulty/faulty.so'), { construct: true }).error?.code).toBe(
      'ENTRY_NOT_FOUND',
    );
  });

  test('says which file is missing', () => {
    expect(() => bothEngines().deploy('no/such.so')).toThrow(/^no\/such\.so: there is no such file in /);
  });

  test('puts a contract at a given address, by a given sender', () => {
    const chain = bothEngines();
    const alice = chain.account('alice');
    const address = new Uint8Array(32).fill(7);
    const token = chain.deploy(contractFile('token/token.so'), { address, sender: alice, args: [u64(100)] });
    expect(token.address).toEqual(address);
    expect(token.call(4).returnData).toEqual(alice.address);
  });

  test('takes engines as container modules, and a configuration as a file has it', () => {
    const chain = createTestChain({
      modules: [engineModule(tbpfEngine)],
      config: { engines: { tbpf: { options: { tier: 'reference' } } } },
    });
    expect(chain.deploy(counterFile).call(0).result.stats.tier).toBe('reference');
    expect(() => createTestChain({ config: { engines: { legacy: { enabled: true } } } })).toThrow(
      'createTestChain: engines.legacy: there is no engine "legacy".',
    );
  });
});

describe('calling', () => {
  test('gives status, exit code, gas, return data, events and logs', () => {
    const chain = bothEngines();
    const outcome = chain.deploy(contractFile('hello_world/hello_world.so')).call('entrypoint', {
      input: new TextEncoder().encode('Ada'),
    });
    expect(outcome).toMatchObject({ status: 'success', exitCode: 0n, gasUsed: 688n, events: [] });
    expect(outcome.logs).toEqual(['Hello, Ada!', "The block's height is 0."]);
    expect(new TextDecoder().decode(outcome.returnData)).toBe('Hello, Ada!');
  });

  test.each([
    ['an ELF file', counterFile, 0, 870n],
    ['a legacy module', legacyFile, 1, 725n],
  ])('encodes the same arguments for %s', (_, file, entry, gas) => {
    const counter = bothEngines().deploy(file);
    expect(counter.call(entry, { args: [u64(5)] })).toMatchObject({ status: 'success', gasUsed: gas });
  });

  test('takes an argument with its declared type', () => {
    const counter = bothEngines().deploy(counterFile);
    const five = { value: u64(5), type: { kind: 'u64' } } as const;
    expect(counter.call(0, { args: [five] }).returnData).toEqual(borsh(u64(5)));
  });

  test('refuses input beside arguments, and arguments for an address without code', () => {
    const chain = bothEngines();
    const counter = chain.deploy(counterFile);
    expect(() => counter.call(0, { args: [], input: new Uint8Array(8) })).toThrow(
      'a call takes input or args',
    );
    expect(() => chain.call(chain.account('bob'), 0, { args: [] })).toThrow(
      'there is no code at the address',
    );
    expect(() => chain.call(new Uint8Array(20), 0)).toThrow('an address has 32 bytes, not 20');
  });

  test('reaches an entry by number, by name and as the default', () => {
    const counter = bothEngines().deploy(counterFile, { args: [u64(9)] });
    for (const entry of [1, 'entry_1', 'entrypoint', { kind: 'entry', id: 1 }] as const) {
      expect(counter.call(entry).returnData).toEqual(borsh(u64(9)));
    }
    expect(counter.call({ kind: 'hook', id: 0 })).toMatchObject({ status: 'reverted', exitCode: 3n });
  });

  test('obeys the gas limit', () => {
    const counter = bothEngines().deploy(counterFile);
    expect(counter.call(0, { gasLimit: 868n }).error?.code).toBe('OUT_OF_GAS');
    expect(counter.estimateGas(0)).toMatchObject({ gasLimit: 869n, method: 'exact' });
  });

  test('simulates without a trace', () => {
    const chain = bothEngines();
    const counter = chain.deploy(counterFile);
    expect(counter.simulate(0).returnData).toEqual(borsh(u64(1)));
    expect(counter.storage('value')).toEqual(borsh(u64(0)));
    expect(chain.nonce(chain.account('tester'))).toBe(1n);
  });
});

describe('accounts', () => {
  test('have the same address in every run, and the funds that they are given', () => {
    const chain = bothEngines({ accounts: { alice: 1_000n } });
    const alice = chain.account('alice');
    expect(bytesToHex(alice.address).slice(0, 16)).toBe('e005bdbef8f285d0');
    expect(createAccount('alice').address).toEqual(alice.address);
    expect(chain.account('alice', 7n)).toBe(alice);
    expect(chain.balance(alice)).toBe(7n);
    expect(() => chain.setBalance(alice, -1n)).toThrow('a balance is 0 to 2^64 − 1, not -1.');
  });

  test('give value along, pay for gas, and count their transactions', () => {
    const chain = bothEngines({ accounts: { alice: 1_000_000n } });
    const alice = chain.account('alice');
    const counter = chain.deploy(counterFile);
    const { gasUsed } = counter.call(0, { sender: alice, value: 30n, gasPrice: 2n });
    expect(counter.balance()).toBe(30n);
    expect(chain.balance(alice)).toBe(1_000_000n - 30n - 2n * gasUsed);
    expect(chain.nonce(alice)).toBe(1n);
  });

  test('hold other assets, too', () => {
    const chain = bothEngines();
    const asset = new Uint8Array(32).fill(1);
    chain.setBalance(chain.account('bob'), 5n, asset);
    expect(chain.balance(chain.account('bob'), asset)).toBe(5n);
    expect(chain.balance(chain.account('bob'), NATIVE_ASSET)).toBe(0n);
  });

  test('are what a token transfers between', () => {
    const chain = bothEngines();
    const [alice, bob] = [chain.account('alice'), chain.account('bob')];
    const token = chain.deploy(contractFile('token/token.so'), { sender: alice, args: [u64(1_000)] });
    token.call(0, { sender: alice, args: [bytes32(bob), u64(250)] });
    const key = concatBytes(encodeUtf8('balances:'), bob.address);
    expect(token.storage(key)).toEqual(borsh(u64(250)));
    expect(token.call(1, { args: [bytes32(bob)] }).returnData).toEqual(borsh(u64(250)));
  });
});

describe('blocks', () => {
  const hello = contractFile('hello_world/hello_world.so');

  test('go on when they are told to', () => {
    const chain = bothEngines({ block: { height: 10n, timestamp: 1_000n }, secondsPerBlock: 15 });
    const contract = chain.deploy(hello);
    contract.call('entrypoint');
    expect(chain.block).toMatchObject({ height: 10n, topoheight: 10n, timestamp: 1_000n });
    const { hash } = chain.block;
    chain.mine(2);
    expect(chain.block).toMatchObject({ height: 12n, topoheight: 12n, timestamp: 1_030n });
    expect(chain.block.hash).not.toEqual(hash);
    chain.advanceTime(5);
    expect(chain.block).toMatchObject({ height: 12n, timestamp: 1_035n });
    chain.setBlock({ height: 10n });
    expect(chain.block).toMatchObject({ height: 10n, topoheight: 10n, timestamp: 1_035n, hash });
    expect(() => chain.mine(0)).toThrow('mine: expected 1 or more, found 0.');
    expect(() => chain.advanceTime(-1)).toThrow('advanceTime: expected 0 or more, found -1.');
  });

  test('are what contracts see, and one call may see another', () => {
    const chain = bothEngines();
    const contract = chain.deploy(hello);
    chain.mine(41);
    expect(contract.call('entrypoint').logs[1]).toBe("The block's height is 41.");
    expect(contract.call('entrypoint', { block: { height: 7n } }).logs[1]).toBe("The block's height is 7.");
    expect(chain.block.height).toBe(41n);
  });
});

describe('snapshots', () => {
  test('bring back storage, balances, nonces, code, block and addresses to come, any number of times', () => {
    const chain = bothEngines();
    const counter = chain.deploy(counterFile);
    const alice = chain.account('alice', 50n);
    const before = chain.snapshot();
    const act = () => {
      chain.setBlock({ baseFee: 3n });
      chain.mine();
      counter.call(0, { value: 20n, sender: alice });
      return chain.deploy(counterFile).address;
    };
    const first = act();
    expect([counter.balance(), chain.balance(alice), chain.nonce(alice)]).toEqual([20n, 30n, 1n]);
    chain.revert(before);
    expect([counter.balance(), chain.balance(alice), chain.nonce(alice)]).toEqual([0n, 50n, 0n]);
    expect(counter.storage('value')).toEqual(borsh(u64(0)));
    expect(chain.block.baseFee).toBeUndefined();
    expect(chain.block.height).toBe(0n);
    expect(chain.backend.getCode(first)).toBeUndefined();
    expect(act()).toEqual(first);
    chain.revert(before);
    expect(chain.balance(alice)).toBe(50n);
  });

  test('forget what the test wrote but did not flush', () => {
    const chain = bothEngines();
    const counter = chain.deploy(counterFile);
    const before = chain.snapshot();
    chain.state.setStorage(counter.address, new TextEncoder().encode('value'), borsh(u64(7)));
    expect(counter.storage('value')).toEqual(borsh(u64(7)));
    chain.state.setStorage(counter.address, new TextEncoder().encode('value'), borsh(u64(8)));
    chain.revert(before);
    expect(counter.storage('value')).toEqual(borsh(u64(0)));
  });
});

test('storage can be written around the contract', () => {
  const chain = bothEngines();
  const counter = chain.deploy(counterFile);
  chain.setStorage(counter, 'value', borsh(u64(99)));
  expect(counter.call(0).returnData).toEqual(borsh(u64(100)));
});

test('two chains that do the same have the same results, hashes included', () => {
  const run = () => {
    const chain = bothEngines();
    const counter = chain.deploy(counterFile);
    chain.mine(3);
    const outcome = counter.call(0, { args: [u64(3)] });
    return { block: chain.block, address: counter.address, gas: outcome.gas, changes: outcome.stateChanges };
  };
  expect(run()).toEqual(run());
});

test('the limits are those of the default configuration', () => {
  const { gas } = bothEngines().deploy(counterFile).call(0);
  expect(gas.limit).toBe(DEFAULT_CONFIG.gas.defaultLimit);
});
