import { concatBytes, ERROR_TABLE, type VmErrorCode } from '@switchyard/core';
import { legacyEngine } from '@switchyard/legacy';
import {
  borsh,
  bytes,
  bytes32,
  type TestChainOptions,
  type TestContract,
  u16,
  u32,
  u64,
} from '@switchyard/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { chainOfContracts, contractFile, contractGas, ExitCodes, expectUnchanged } from './contract-tests.ts';

const exits = new ExitCodes('caller');
const gas = contractGas();
afterAll(() => gas.close());

const CALLED = 1;
const READ_ONLY = 1;

/** What `tos_invoke_contract` returns for a callee that broke. */
const broke = (code: VmErrorCode) => 2n ** 63n + BigInt(ERROR_TABLE[code].number);

interface CallRecord {
  readonly entry: number;
  readonly flags?: number;
  readonly gasLimit?: bigint;
  readonly value?: bigint;
  readonly params?: Uint8Array;
}

function deployed(options: TestChainOptions = {}) {
  const chain = chainOfContracts({ accounts: { alice: 1_000n }, ...options });
  const alice = chain.account('alice');
  const caller = chain.deploy(contractFile('caller/caller.so'));
  const counter = chain.deploy(contractFile('counter/counter.so'), { args: [u64(40)] });
  const faulty = chain.deploy(contractFile('faulty/faulty.so'));
  const legacy = chain.deploy(contractFile('legacy/counter.module'));
  const invoke = (own: 0 | 1, target: TestContract | Uint8Array, record: CallRecord, sent = record.value) => {
    const { entry, flags = 0, gasLimit = 0n, value = 0n, params = new Uint8Array(0) } = record;
    const args = [bytes32(target), u16(entry), u16(flags), u64(gasLimit), u64(value), bytes(params)];
    return caller.call(own, { sender: alice, args, ...(sent === undefined ? {} : { value: sent }) });
  };
  const tryCall = invoke.bind(undefined, 0);
  const mustCall = invoke.bind(undefined, 1);
  return { chain, caller, counter, faulty, legacy, alice, tryCall, mustCall };
}

/** Return data of `try`. */
const reply = (result: bigint, data: Uint8Array = new Uint8Array(0)) => borsh(u64(result), bytes(data));

describe('try', () => {
  test('passes parameters on, and the return data back', () => {
    const { counter, caller, tryCall } = deployed();
    const outcome = gas.record('caller: try counter', tryCall(counter, { entry: 0, params: borsh(u64(2)) }));
    expect(outcome).toReturnBytes(reply(0n, borsh(u64(42))));
    expect(outcome).toEmit({ id: CALLED, data: borsh(bytes32(counter), u64(0)), contract: caller });
    expect(counter.storage('value')).toEqual(borsh(u64(42)));
    expect([caller.storage('calls'), caller.storage('failures')]).toEqual([borsh(u64(1)), undefined]);
  });

  test('goes on when the callee refuses, and the callee’s changes are gone', () => {
    const { caller, faulty, tryCall } = deployed();
    const outcome = tryCall(faulty, { entry: 5, params: borsh(u64(77)) });
    expect(outcome).toReturnBytes(reply(77n));
    expect(faulty.storage('dirty')).toBeUndefined();
    expect(caller.storage('failures')).toEqual(borsh(u64(1)));
  });

  test.each<[number, VmErrorCode]>([
    [0, 'ACCESS_VIOLATION'],
    [2, 'CALL_DEPTH_EXCEEDED'],
    [4, 'DIVISION_BY_ZERO'],
    [6, 'LIMIT_EXCEEDED'],
    [99, 'ENTRY_NOT_FOUND'],
  ])('goes on when entry %i of the callee breaks with %s', (entry, code) => {
    const { faulty, tryCall } = deployed();
    expect(tryCall(faulty, { entry })).toReturnBytes(reply(broke(code)));
  });

  test('gives an endless callee its gas limit and no more', () => {
    const { faulty, tryCall } = deployed();
    const outcome = tryCall(faulty, { entry: 1, gasLimit: 5_000n });
    expect(outcome).toReturnBytes(reply(broke('OUT_OF_GAS')));
    expect(outcome).toUseGas({ atLeast: 6_000, atMost: 10_000 });
  });

  test('a gas limit above what is left ends the caller', () => {
    const { chain, counter, tryCall } = deployed();
    const outcome = expectUnchanged(chain, () => tryCall(counter, { entry: 0, gasLimit: 200_000n }));
    expect(outcome).toFailWith('OUT_OF_GAS');
  });

  test('read-only, the callee may read and not write', () => {
    const { counter, tryCall } = deployed();
    expect(tryCall(counter, { entry: 1, flags: READ_ONLY })).toReturnBytes(reply(0n, borsh(u64(40))));
    expect(tryCall(counter, { entry: 0, flags: READ_ONLY })).toReturnBytes(reply(broke('STATIC_VIOLATION')));
    expect(counter.storage('value')).toEqual(borsh(u64(40)));
  });

  test('a flag that there is not ends the caller', () => {
    const { chain, counter, tryCall } = deployed();
    const outcome = expectUnchanged(chain, () => tryCall(counter, { entry: 1, flags: 2 }));
    expect(outcome.status).toBe('failed');
  });

  test('a contract that there is not ends the caller', () => {
    const { chain, tryCall } = deployed();
    const nowhere = new Uint8Array(32).fill(9);
    const outcome = expectUnchanged(chain, () => tryCall(nowhere, { entry: 0 }));
    expect(outcome).toFailWith('UNKNOWN_CONTRACT');
  });

  test('cuts return data at 512 bytes', () => {
    const { chain, tryCall } = deployed();
    const hasher = chain.deploy(contractFile('hasher/hasher.so'));
    const outcome = tryCall(hasher, { entry: 3, params: borsh(u32(0)) });
    expect(outcome.returnData).toHaveLength(12 + 96);
  });
});

describe('value', () => {
  test('goes to the callee', () => {
    const { chain, alice, counter, caller, tryCall } = deployed();
    expect(tryCall(counter, { entry: 0, value: 30n })).toReturnBytes(reply(0n, borsh(u64(41))));
    expect([chain.balance(alice), caller.balance(), counter.balance()]).toEqual([970n, 0n, 30n]);
  });

  test('comes back to the sender when the callee fails', () => {
    const { chain, alice, faulty, caller, tryCall } = deployed();
    expect(tryCall(faulty, { entry: 4, value: 30n })).toReturnBytes(reply(broke('DIVISION_BY_ZERO')));
    expect([chain.balance(alice), caller.balance(), faulty.balance()]).toEqual([1_000n, 0n, 0n]);
  });

  test('that is not passed on comes back, too', () => {
    const { chain, alice, counter, tryCall, mustCall } = deployed();
    tryCall(counter, { entry: 0, value: 30n }, 50n);
    mustCall(counter, { entry: 0, value: 30n }, 50n);
    expect([chain.balance(alice), counter.balance()]).toEqual([940n, 60n]);
  });

  test('that did not come along ends the caller', () => {
    const { chain, counter, tryCall } = deployed();
    const outcome = expectUnchanged(chain, () => tryCall(counter, { entry: 0, value: 30n }, 29n));
    expect(outcome).toFailWith('INSUFFICIENT_BALANCE');
  });

  test('of a read-only call ends the caller', () => {
    const { chain, counter, tryCall } = deployed();
    const outcome = expectUnchanged(chain, () => tryCall(counter, { entry: 1, value: 1n, flags: READ_ONLY }));
    expect(outcome).toFailWith('STATIC_VIOLATION');
  });
});

describe('call', () => {
  test('returns what the callee returns', () => {
    const { counter, mustCall } = deployed();
    const outcome = gas.record('caller: call counter', mustCall(counter, { entry: 0 }));
    expect(outcome).toReturnBytes(borsh(u64(41)));
  });

  test('fails when the callee does, and undoes all', () => {
    const { chain, faulty, mustCall } = deployed();
    exits.expectRefusal(chain, 'CALLEE_REFUSED', () => mustCall(faulty, { entry: 5, value: 3n }));
    exits.expectRefusal(chain, 'CALLEE_BROKE', () => mustCall(faulty, { entry: 4, value: 3n }));
  });
});

describe('a legacy module', () => {
  const params = (value: bigint) => legacyEngine.tools.calls!.encodeParameters([{ value: u64(value) }]);

  test('is called like any other contract', () => {
    const { legacy, tryCall } = deployed();
    const outcome = tryCall(legacy, { entry: 1, params: params(5n) });
    gas.record('caller: try legacy counter', outcome);
    expect(outcome.returnData.subarray(0, 8)).toEqual(borsh(u64(0)));
    expect(outcome).toEmit({ contract: legacy });
    // The module's own check: it fails with 2 unless the value is the given one.
    expect(legacy.call(2, { args: [u64(5)] })).toSucceed();
    expect(tryCall(legacy, { entry: 2, params: params(5n) }).returnData.subarray(0, 8)).toEqual(
      borsh(u64(0)),
    );
    expect(tryCall(legacy, { entry: 2, params: params(6n) }).returnData.subarray(0, 8)).toEqual(
      borsh(u64(2)),
    );
  });

  test('that refuses, or writes in a read-only call, does not end the caller', () => {
    const { chain, legacy, tryCall, mustCall } = deployed();
    exits.expectRefusal(chain, 'CALLEE_REFUSED', () => mustCall(legacy, { entry: 2, params: params(6n) }));
    const written = tryCall(legacy, { entry: 1, params: params(5n), flags: READ_ONLY });
    expect(written).toReturnBytes(reply(broke('STATIC_VIOLATION')));
    const malformed = tryCall(legacy, { entry: 1, params: Uint8Array.of(255) });
    expect(malformed).toReturnBytes(reply(broke('INVALID_ARGUMENT')));
    const short = tryCall(legacy, { entry: 1, params: params(5n), gasLimit: 100n });
    expect(short).toReturnBytes(reply(broke('OUT_OF_GAS')));
    expect(legacy.call(2, { args: [u64(0)] })).toSucceed();
  });
});

describe('try_all', () => {
  const one = (target: TestContract, entry: number, params: Uint8Array = new Uint8Array(0)) =>
    concatBytes(target.address, borsh(u16(entry), bytes(params)));
  const list = (...calls: readonly Uint8Array[]) => concatBytes(borsh(u32(calls.length)), ...calls);

  test('goes from one to the next whatever happens', () => {
    const { caller, counter, faulty } = deployed();
    const input = list(
      one(counter, 0),
      one(faulty, 4),
      one(faulty, 5),
      one(counter, 0, borsh(u64(9))),
      one(counter, 0, Uint8Array.of(1)),
    );
    const outcome = gas.record('caller: try_all five', caller.call(2, { input }));
    expect(outcome).toReturnBytes(
      borsh(u32(5), u64(0), u64(broke('DIVISION_BY_ZERO')), u64(42), u64(0), u64(1)),
    );
    expect(counter.storage('value')).toEqual(borsh(u64(50)));
    expect([caller.storage('calls'), caller.storage('failures')]).toEqual([borsh(u64(5)), borsh(u64(3))]);
  });

  test('takes 32 calls, and not one more', () => {
    const { chain, caller, counter } = deployed();
    const calls = (count: number) => list(...Array.from({ length: count }, () => one(counter, 0)));
    expect(caller.call(2, { input: calls(32) })).toSucceed();
    expect(counter.storage('value')).toEqual(borsh(u64(72)));
    exits.expectRefusal(chain, 'TOO_MANY_CALLS', () => caller.call(2, { input: calls(33) }));
  });

  test('undoes all when the list turns out malformed', () => {
    const { chain, caller, counter } = deployed();
    const good = list(one(counter, 0), one(counter, 0, Uint8Array.of(1, 2)));
    exits.expectRefusal(chain, 'BAD_INPUT', () => caller.call(2, { input: good.subarray(0, -1) }));
    const longer = concatBytes(good, Uint8Array.of(0));
    exits.expectRefusal(chain, 'BAD_INPUT', () => caller.call(2, { input: longer }));
  });
});

describe('ask', () => {
  test('reads a number of another contract', () => {
    const { caller, counter } = deployed();
    const outcome = caller.call(3, { args: [bytes32(counter), u16(1)] });
    expect(gas.record('caller: ask counter', outcome)).toReturnBytes(borsh(u64(40)));
  });

  test('fails when there is none', () => {
    const { chain, caller, counter, faulty } = deployed();
    const hello = chain.deploy(contractFile('hello_world/hello_world.so'));
    const refused = (name: string, target: TestContract, entry: number) =>
      exits.expectRefusal(chain, name, () => caller.call(3, { args: [bytes32(target), u16(entry)] }));
    refused('CALLEE_BROKE', hello, 0);
    refused('CALLEE_BROKE', counter, 0);
    refused('NO_NUMBER', caller.chain.deploy(contractFile('nft/nft.so'), { construct: false }), 11);
    refused('CALLEE_BROKE', faulty, 4);
    refused('CALLEE_REFUSED', chain.deploy(contractFile('hasher/hasher.so')), 0);
  });
});

describe('reentrancy', () => {
  const again = (caller: TestContract, depth: bigint, gasLimit = 200_000n) =>
    caller.call(4, { args: [u64(depth)], gasLimit });

  test('is refused, which ends the caller', () => {
    const { chain, caller } = deployed();
    expect(expectUnchanged(chain, () => again(caller, 1n))).toFailWith('REENTRANCY');
    expect(again(caller, 0n)).toReturnBytes(borsh(u64(0)));
  });

  test('through another contract ends that one, and the first goes on', () => {
    const { chain, caller, tryCall } = deployed();
    const other = chain.deploy(contractFile('caller/caller.so'));
    const back = borsh(bytes32(caller), u16(4), u16(0), u64(0), u64(0), bytes(borsh(u64(0))));
    expect(tryCall(other, { entry: 0, params: back })).toReturnBytes(reply(broke('REENTRANCY')));
    expect([caller.storage('calls'), other.storage('calls')]).toEqual([borsh(u64(1)), undefined]);
  });

  test('where the host allows it goes 64 calls deep', () => {
    const config = { contracts: { reentrancy: { default: 'allow' as const } } };
    const { chain, caller } = deployed({ config });
    expect(gas.record('caller: descend 10', again(caller, 10n))).toReturnBytes(borsh(u64(10)));
    expect(again(caller, 64n)).toReturnBytes(borsh(u64(64)));
    // The deepest one breaks; the ones above it end with an exit code each.
    exits.expectRefusal(chain, 'CALLEE_REFUSED', () => again(caller, 65n));
  });
});

test.each([0, 1, 2, 3, 4])('entry %i refuses what is malformed', (entry) => {
  const { chain, caller } = deployed();
  for (const length of [0, 1, 7, 9, 33, 35, 55]) {
    const input = new Uint8Array(length);
    exits.expectRefusal(chain, 'BAD_INPUT', () => caller.call(entry, { input }));
  }
});

test('there is no default entry', () => {
  const { chain, caller } = deployed();
  exits.expectRefusal(chain, 'NO_SUCH_ENTRY', () => caller.call('entrypoint'));
});

test('all exit codes were seen', () => exits.expectAllSeen());
