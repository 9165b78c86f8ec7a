import { assetHash, NATIVE_ASSET } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { bytesOf, emptyState, OTHER, runAssembly, SELF } from '../run-assembly.fixture.ts';

const native = (detail: string) => ({ native: { name: 'SyscallError', detail: `SyscallError(${detail})` } });
const MAX = 2n ** 64n - 1n;

/** A state in which the contract holds native units. */
function holding(amount: bigint) {
  const state = emptyState();
  state.adjustBalance(SELF, NATIVE_ASSET, amount);
  return state;
}

describe('native units', () => {
  const transfer = (amount: string) => `lddw r2, ${amount}\nsyscall tos_transfer\nexit`;

  test('are moved from the contract, and the move is an output', () => {
    const state = holding(100n);
    const result = runAssembly(transfer('60'), { input: OTHER, state });
    expect(result).toMatchObject({ status: 'success', exitCode: 0n, gasUsed: 503n });
    expect(result.transfers).toEqual([
      { kind: 'transfer', from: SELF, to: OTHER, asset: NATIVE_ASSET, amount: 60n },
    ]);
    expect(state.getBalance(SELF, NATIVE_ASSET)).toBe(40n);
    expect(state.getBalance(OTHER, NATIVE_ASSET)).toBe(60n);
    const balance = runAssembly('syscall tos_get_balance\nexit', { input: OTHER, state });
    expect(balance.exitCode).toBe(60n);
  });

  test.each([
    ['more than there is', '101', 'InsufficientBalance', 'INSUFFICIENT_BALANCE'],
    ['2^64 − 1', '-1', 'InsufficientBalance', 'INSUFFICIENT_BALANCE'],
    ['nothing', '0', 'InvalidAmount', 'INVALID_ARGUMENT'],
  ])('are not moved when the amount is %s', (_name, amount, name, code) => {
    const state = holding(100n);
    const result = runAssembly(transfer(amount), { input: OTHER, state });
    expect(result.error).toMatchObject({ code, ...native(name) });
    expect(result.gasUsed).toBe(502n);
    expect(state.getBalance(SELF, NATIVE_ASSET)).toBe(100n);
  });

  test('do not overflow the recipient', () => {
    const state = holding(100n);
    state.adjustBalance(OTHER, NATIVE_ASSET, MAX);
    const result = runAssembly(transfer('1'), { input: OTHER, state });
    expect(result.error).toMatchObject({ code: 'BALANCE_OVERFLOW', ...native('BalanceOverflow') });
  });

  test('a recipient of 31 bytes is a memory fault', () => {
    const result = runAssembly(transfer('1'), { input: new Uint8Array(31), state: holding(1n) });
    expect(result.error).toMatchObject(native('AccessViolation(Load, 17179869184, 32, "input")'));
  });

  test('an unknown account has none', () => {
    expect(runAssembly('syscall tos_get_balance\nexit', { input: OTHER }).exitCode).toBe(0n);
  });

  test('are burnt by the null pointer or by 32 zero bytes', () => {
    const state = holding(100n);
    const burn = (asset: string) => `mov64 r2, ${asset}\nmov64 r1, 30\nsyscall tos_burn\nexit`;
    const result = runAssembly(burn('0'), { state });
    expect(result.transfers).toEqual([{ kind: 'burn', from: SELF, asset: NATIVE_ASSET, amount: 30n }]);
    runAssembly(burn('r1'), { input: new Uint8Array(32), state });
    expect(state.getBalance(SELF, NATIVE_ASSET)).toBe(40n);
    expect(runAssembly('mov64 r1, 41\nmov64 r2, 0\nsyscall tos_burn\nexit', { state }).error).toMatchObject(
      native('InsufficientBalance'),
    );
    expect(runAssembly('mov64 r1, 0\nmov64 r2, 0\nsyscall tos_burn\nexit', { state }).error).toMatchObject(
      native('InvalidAmount'),
    );
  });
});

describe('an asset', () => {
  const gold = assetHash(SELF, 'gold');
  /** Writes the hash to the start of the heap and returns it. */
  const create = (decimals: string, supply: string, length = '4') => `
    lddw r2, ${length}
    lddw r3, ${decimals}
    lddw r4, ${supply}
    lddw r5, 0x300000000
    syscall tos_asset_create
    lddw r1, 0x300000000
    mov64 r2, 32
    syscall tos_set_return_data
    exit`;
  const mint = (amount: string) =>
    `mov64 r3, r1\nadd64 r3, 32\nlddw r2, ${amount}\nsyscall tos_asset_mint\nexit`;

  test('lives: created, minted, moved, burnt, counted', () => {
    const state = emptyState();
    const created = runAssembly(create('2', '1000'), { input: 'gold', state });
    expect(created).toMatchObject({ status: 'success', returnData: gold });
    expect(state.getAsset(gold)).toEqual({
      creator: SELF,
      name: 'gold',
      decimals: 2,
      maxSupply: 1000n,
      supply: 0n,
    });

    const minted = runAssembly(mint('900'), { input: bytesOf(gold, SELF), state });
    expect(minted.transfers).toEqual([{ kind: 'mint', to: SELF, asset: gold, amount: 900n }]);
    const over = runAssembly(mint('101'), { input: bytesOf(gold, SELF), state });
    expect(over.error).toMatchObject({ code: 'SUPPLY_EXCEEDED', ...native('SupplyExceeded') });

    const move = 'mov64 r2, 250\nmov64 r3, r1\nadd64 r3, 32\nsyscall tos_transfer_asset\nexit';
    expect(runAssembly(move, { input: bytesOf(OTHER, gold), state }).status).toBe('success');
    const burn = 'mov64 r2, r1\nmov64 r1, 50\nsyscall tos_burn\nexit';
    expect(runAssembly(burn, { input: gold, state }).status).toBe('success');

    const balance = 'mov64 r2, r1\nadd64 r2, 32\nsyscall tos_get_asset_balance\nexit';
    expect(runAssembly(balance, { input: bytesOf(SELF, gold), state }).exitCode).toBe(600n);
    expect(runAssembly(balance, { input: bytesOf(OTHER, gold), state }).exitCode).toBe(250n);
    expect(runAssembly('syscall tos_asset_supply\nexit', { input: gold, state }).exitCode).toBe(850n);
  });

  test('exists once', () => {
    const state = emptyState();
    runAssembly(create('0', '0'), { input: 'gold', state });
    expect(runAssembly(create('0', '0'), { input: 'gold', state }).error).toMatchObject({
      code: 'ASSET_EXISTS',
      ...native('AssetExists'),
    });
  });

  test('without a maximum may have 2^64 − 1 units', () => {
    const state = emptyState();
    runAssembly(create('0', '0'), { input: 'gold', state });
    expect(runAssembly(mint('-1'), { input: bytesOf(gold, SELF), state }).status).toBe('success');
    expect(runAssembly(mint('1'), { input: bytesOf(gold, OTHER), state }).error).toMatchObject(
      native('SupplyExceeded'),
    );
  });

  test('is minted by the contract that created it only', () => {
    const state = emptyState();
    state.createAsset(gold, { creator: OTHER, name: 'gold', decimals: 0, maxSupply: 0n, supply: 0n });
    expect(runAssembly(mint('1'), { input: bytesOf(gold, SELF), state }).error).toMatchObject({
      code: 'NOT_ASSET_OWNER',
      ...native('NotAssetOwner'),
    });
  });

  test('that does not exist has neither supply nor mint; its balance is 0', () => {
    expect(runAssembly('syscall tos_asset_supply\nexit', { input: gold }).error).toMatchObject({
      code: 'UNKNOWN_ASSET',
      ...native('UnknownAsset'),
    });
    expect(runAssembly(mint('1'), { input: bytesOf(gold, SELF) }).error).toMatchObject(
      native('UnknownAsset'),
    );
  });

  test.each([
    ['65 bytes of name', create('0', '0', '65'), 'NameTooLong', 'LIMIT_EXCEEDED', 5n],
    ['2^63 bytes of name', create('0', '0', '0x8000000000000000'), 'NameTooLong', 'LIMIT_EXCEEDED', 5n],
    ['19 decimals', create('19', '0'), 'InvalidDecimals', 'INVALID_ARGUMENT', 5n],
    ['a name that is not UTF-8', create('0', '0', '64'), 'InvalidString', 'INVALID_ARGUMENT', 10_005n],
  ])('is refused with %s', (_name, source, name, code, gasUsed) => {
    const result = runAssembly(source, { input: new Uint8Array(70).fill(0xff) });
    expect(result.error).toMatchObject({ code, ...native(name) });
    expect(result.gasUsed).toBe(gasUsed);
  });
});

describe('tos_fire_event', () => {
  const fire = (id: string, length: string) =>
    `mov64 r2, r1\nlddw r3, ${length}\nlddw r1, ${id}\nsyscall tos_fire_event\nexit`;

  test('gives one topic, the id in 32 bytes big-endian', () => {
    const result = runAssembly(fire('0x1122334455667788', '3'), { input: 'abc' });
    expect(result.events).toEqual([
      {
        kind: 'event',
        contract: SELF,
        topics: [Uint8Array.of(...new Uint8Array(24), 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88)],
        data: bytesOf('abc'),
      },
    ]);
    expect(result.gasUsed).toBe(511n);
  });

  test('takes 4,096 bytes and refuses one more before any gas', () => {
    const input = new Uint8Array(4097);
    expect(runAssembly(fire('1', '4096'), { input }).events[0]!.data).toHaveLength(4096);
    const refused = runAssembly(fire('1', '4097'), { input });
    expect(refused.error).toMatchObject({ code: 'LIMIT_EXCEEDED', ...native('EventTooLarge') });
    expect(refused.gasUsed).toBe(4n);
  });

  test('is void when the contract fails', () => {
    const source = `${fire('1', '0').replace('exit', '')}mov64 r0, 1\nexit`;
    expect(runAssembly(source)).toMatchObject({ status: 'reverted', events: [], stateChanges: [] });
  });
});
