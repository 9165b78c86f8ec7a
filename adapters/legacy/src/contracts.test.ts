import { readdirSync, readFileSync } from 'node:fs';
import {
  type BurnOutput,
  bytesToHex,
  ExecutionEnvironment,
  JournaledState,
  MemoryBackend,
  NATIVE_ASSET,
  type Output,
  type TransferOutput,
  VmFactory,
  WireReader,
} from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { addressBytes } from './chain/opaque-values.ts';
import { legacyEngine } from './definition.ts';
import { LegacyTools } from './tools.ts';
import type { Box } from './values/box.ts';
import { describeCell } from './values/display.ts';
import { Kind } from './values/kind.ts';
import { make } from './values/make.ts';
import { CellWriter } from './wire/cell-writer.ts';
import { readCell } from './wire/read-cell.ts';

const folder = new URL('../../../fixtures/contracts/legacy/', import.meta.url);
const tools = new LegacyTools();
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.lasm'))
  .map((name) => name.slice(0, -5));

const person = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const ALICE = person(0xa1);
const BOB = person(0xb0);
const CAROL = person(0xca);
const addressOf = (key: Uint8Array): Box => make.opaque({ type: 'Address', bytes: addressBytes(key, false) });
const u64 = (value: number): Box => make.integer(Kind.U64, BigInt(value));

interface Call {
  readonly from?: Uint8Array;
  readonly deposit?: bigint;
  readonly gasLimit?: bigint;
  readonly isStatic?: boolean;
}

/** A chain with one deployed contract, and three people who have 1,000 each. */
function deploy(name: string) {
  const state = new JournaledState(new MemoryBackend());
  for (const each of [ALICE, BOB, CAROL]) state.adjustBalance(each, NATIVE_ASSET, 1000n);
  state.flush();
  const environment = new ExecutionEnvironment({ state, factory: new VmFactory([legacyEngine]) });
  const code = new Uint8Array(readFileSync(new URL(`${name}.module`, folder)));
  const deployed = environment.deploy({ code, sender: ALICE });
  expect(deployed.status).toBe('success');
  expect(deployed.engine).toBe('legacy');
  const { contract } = deployed;
  const call = (id: number, parameters: readonly Box[] = [], options: Call = {}) => {
    const { from = ALICE, deposit = 0n, gasLimit = 1_000_000n, isStatic = false } = options;
    const input = new CellWriter().u8(parameters.length);
    for (const cell of parameters) input.cell(cell);
    return environment.call({
      contract,
      sender: from,
      entry: { kind: 'entry', id },
      input: input.finish(),
      value: deposit,
      gasLimit,
      isStatic,
    });
  };
  /** The exit code of a call. */
  const exitOf = (id: number, parameters: readonly Box[] = [], options: Call = {}): bigint | null =>
    call(id, parameters, options).exitCode;
  const balance = (who: Uint8Array): bigint => state.getBalance(who, NATIVE_ASSET);
  return { environment, state, contract, call, exit: exitOf, balance, constructed: deployed.constructed };
}

/** Outputs in words: events as `event ID CELL`, movements as `transfer TO AMOUNT`. */
function told(outputs: readonly Output[]): string[] {
  const lines: string[] = [];
  for (const output of outputs) {
    if (output.kind === 'event') {
      const id = BigInt(`0x${bytesToHex(output.topics[0]!)}`);
      lines.push(`event ${id} ${describeCell(readCell(new WireReader(output.data)))}`);
    } else if (output.kind === 'transfer' || output.kind === 'burn') {
      const to =
        output.kind === 'transfer' ? ` ${bytesToHex((output as TransferOutput).to.subarray(0, 1))}` : '';
      lines.push(`${output.kind}${to} ${(output as TransferOutput | BurnOutput).amount}`);
    }
  }
  return lines;
}

describe('the contracts of fixtures/contracts/legacy', () => {
  test('there are eight', () => {
    expect(names).toEqual([
      'auction',
      'counter',
      'escrow',
      'multisig-vault',
      'name-registry',
      'token-ledger',
      'vesting',
      'voting',
    ]);
  });

  for (const name of names) {
    test(`${name}: the built form is what its text assembles to, and its disassembly too`, () => {
      const built = bytesToHex(new Uint8Array(readFileSync(new URL(`${name}.module`, folder))));
      const source = readFileSync(new URL(`${name}.lasm`, folder), 'utf8');
      const assembled = tools.assemble(source);
      expect(bytesToHex(assembled)).toBe(built);
      expect(bytesToHex(tools.assemble(tools.disassemble(assembled, 'module')))).toBe(built);
    });
  }
});

describe('counter', () => {
  test('is set to 0 by its constructor and counts', () => {
    const { call, exit, constructed } = deploy('counter');
    expect(constructed).toBe(true);
    expect(exit(2, [u64(0)])).toBe(0n);
    const result = call(1, [u64(5)]);
    expect(result.status).toBe('success');
    expect(told(result.outputs)).toEqual(['event 1 u64:5']);
    expect(exit(1, [u64(7)])).toBe(0n);
    expect(exit(2, [u64(12)])).toBe(0n);
    expect(exit(2, [u64(13)])).toBe(2n);
  });

  test('refuses an overflow and stays as it was', () => {
    const { call, exit } = deploy('counter');
    exit(1, [u64(1)]);
    const result = call(1, [make.integer(Kind.U64, 2n ** 64n - 1n)]);
    expect(result.status).toBe('reverted');
    expect(result.exitCode).toBe(1n);
    expect(exit(2, [u64(1)])).toBe(0n);
  });

  test('fails with OUT_OF_GAS at one gas below its estimate', () => {
    const { environment, contract, call } = deploy('counter');
    const input = new CellWriter().u8(1).cell(u64(3)).finish();
    const estimate = environment.estimateGas({
      contract,
      sender: ALICE,
      entry: { kind: 'entry', id: 1 },
      input,
    });
    expect(estimate.method).toBe('exact');
    expect(call(1, [u64(3)], { gasLimit: estimate.gasLimit }).status).toBe('success');
    const short = call(1, [u64(3)], { gasLimit: estimate.gasLimit - 1n });
    expect(short.error?.code).toBe('OUT_OF_GAS');
    expect(short.error?.native?.name).toBe('EnvironmentError(NotEnoughGas)');
  });

  test('cannot be changed by a read-only call', () => {
    const { call } = deploy('counter');
    expect(call(1, [u64(1)], { isStatic: true }).error?.code).toBe('STATIC_VIOLATION');
  });

  test('with a parameter too few or too many fails', () => {
    const { call } = deploy('counter');
    expect(call(1).error).toMatchObject({
      native: { name: 'EmptyStack' },
      hint: 'Too few parameters end so: pass all that the entry takes.',
    });
    expect(call(2, [u64(0), u64(0)]).error?.hint).toBe(
      'Too many parameters end so: pass only those that the entry takes.',
    );
    expect(call(2, [u64(0), u64(0)]).error?.native?.detail).toBe('StackNotCleaned(1)');
  });
});

describe('token ledger', () => {
  test('mints by its deployer only, and moves what there is', () => {
    const { call, exit } = deploy('token-ledger');
    expect(exit(1, [addressOf(BOB), u64(100)], { from: BOB })).toBe(1n);
    expect(exit(1, [addressOf(BOB), u64(100)])).toBe(0n);
    expect(exit(2, [addressOf(CAROL), u64(101)], { from: BOB })).toBe(2n);
    const moved = call(2, [addressOf(CAROL), u64(40)], { from: BOB });
    expect(moved.status).toBe('success');
    expect(told(moved.outputs)).toEqual([
      `event 1 [Address(00${'b0'.repeat(32)}00), Address(00${'ca'.repeat(32)}00), u64:40]`,
    ]);
    expect(exit(3, [addressOf(BOB), u64(60)])).toBe(0n);
    expect(exit(3, [addressOf(CAROL), u64(40)])).toBe(0n);
    expect(exit(3, [addressOf(ALICE), u64(1)])).toBe(3n);
  });

  test('moving to oneself changes nothing', () => {
    const { exit } = deploy('token-ledger');
    exit(1, [addressOf(ALICE), u64(10)]);
    expect(exit(2, [addressOf(ALICE), u64(4)])).toBe(0n);
    expect(exit(3, [addressOf(ALICE), u64(10)])).toBe(0n);
  });
});

describe('voting', () => {
  test('counts one vote of each address', () => {
    const { call, exit } = deploy('voting');
    const name = make.string('more tea');
    expect(exit(1, [name], { from: BOB })).toBe(1n);
    expect(exit(2, [name])).toBe(3n);
    expect(exit(1, [name])).toBe(0n);
    expect(exit(1, [name])).toBe(2n);
    expect(exit(2, [name])).toBe(0n);
    expect(exit(2, [name])).toBe(4n);
    expect(told(call(2, [name], { from: BOB }).outputs)).toEqual(['event 2 ["more tea", u64:2]']);
    expect(exit(3, [name, u64(2)])).toBe(0n);
  });
});

describe('escrow', () => {
  test('pays the seller when the buyer releases', () => {
    const { call, exit, balance, contract } = deploy('escrow');
    expect(exit(0, [addressOf(BOB)])).toBe(2n);
    expect(exit(0, [addressOf(BOB)], { deposit: 250n })).toBe(0n);
    expect(balance(contract)).toBe(250n);
    expect(exit(0, [addressOf(BOB)], { deposit: 1n })).toBe(1n);
    expect(exit(1, [], { from: BOB })).toBe(4n);
    const released = call(1);
    expect(told(released.outputs)).toEqual([
      'transfer b0 250',
      `event 1 [Address(00${'b0'.repeat(32)}00), u64:250]`,
    ]);
    expect([balance(ALICE), balance(BOB), balance(contract)]).toEqual([750n, 1250n, 0n]);
    expect(exit(1)).toBe(3n);
  });

  test('goes back to the buyer when the seller refunds', () => {
    const { exit, balance } = deploy('escrow');
    exit(0, [addressOf(BOB)], { deposit: 250n });
    expect(exit(2)).toBe(4n);
    expect(exit(2, [], { from: BOB })).toBe(0n);
    expect([balance(ALICE), balance(BOB)]).toEqual([1000n, 1000n]);
  });
});

describe('auction', () => {
  test('returns the bid that was beaten, and pays its owner at the end', () => {
    const { call, exit, balance } = deploy('auction');
    expect(exit(2)).toBe(5n);
    expect(exit(1, [], { from: BOB, deposit: 100n })).toBe(0n);
    expect(exit(1, [], { from: CAROL, deposit: 100n })).toBe(2n);
    expect(balance(CAROL)).toBe(1000n);
    expect(exit(1, [], { from: CAROL, deposit: 101n })).toBe(0n);
    expect([balance(BOB), balance(CAROL)]).toEqual([1000n, 899n]);
    expect(exit(2, [], { from: BOB })).toBe(4n);
    expect(told(call(2).outputs)).toEqual([
      'transfer a1 101',
      `event 2 [Address(00${'ca'.repeat(32)}00), u64:101]`,
    ]);
    expect(balance(ALICE)).toBe(1101n);
    expect(exit(1, [], { from: BOB, deposit: 500n })).toBe(1n);
    expect(balance(BOB)).toBe(1000n);
  });
});

describe('vesting', () => {
  test('pays tranche by tranche, the rounding with the last', () => {
    const { exit, balance } = deploy('vesting');
    expect(exit(0, [addressOf(BOB)], { deposit: 102n })).toBe(0n);
    expect(exit(2, [], { from: BOB })).toBe(4n);
    expect(exit(1, [], { from: BOB })).toBe(3n);
    expect(exit(1)).toBe(0n);
    expect(exit(2, [], { from: BOB })).toBe(0n);
    expect(balance(BOB)).toBe(1025n);
    for (let i = 0; i < 3; i++) expect(exit(1)).toBe(0n);
    expect(exit(1)).toBe(6n);
    expect(exit(2, [], { from: BOB })).toBe(0n);
    expect(balance(BOB)).toBe(1102n);
    expect(exit(2)).toBe(3n);
  });
});

describe('name registry', () => {
  test('burns the fee and lets only the owner give a name away', () => {
    const { call, exit, balance, contract } = deploy('name-registry');
    const name = make.string('zoë');
    expect(exit(0, [name], { deposit: 9n })).toBe(2n);
    expect(exit(0, [make.string('x'.repeat(33))], { deposit: 10n })).toBe(6n);
    const registered = call(0, [name], { deposit: 10n });
    expect(told(registered.outputs)).toEqual(['burn 10', `event 1 ["zoë", Address(00${'a1'.repeat(32)}00)]`]);
    expect([balance(ALICE), balance(contract)]).toEqual([990n, 0n]);
    expect(exit(0, [name], { from: BOB, deposit: 10n })).toBe(1n);
    expect(exit(1, [name, addressOf(CAROL)], { from: BOB })).toBe(4n);
    expect(exit(1, [name, addressOf(BOB)])).toBe(0n);
    expect(exit(2, [name, addressOf(BOB)])).toBe(0n);
    expect(exit(2, [make.string('free'), make.null()])).toBe(0n);
  });
});

describe('multi-signature vault', () => {
  test('pays when the threshold is reached, once', () => {
    const { call, exit, balance, contract } = deploy('multisig-vault');
    const owners = make.object([addressOf(ALICE), addressOf(BOB), addressOf(CAROL)]);
    const two = make.integer(Kind.U32, 2n);
    expect(exit(0, [owners, make.integer(Kind.U32, 4n)])).toBe(7n);
    expect(exit(0, [owners, two], { deposit: 300n })).toBe(0n);
    expect(exit(0, [owners, two])).toBe(1n);
    expect(exit(1, [u64(7), addressOf(person(0xdd)), u64(120)], { from: person(0xee) })).toBe(2n);
    expect(exit(1, [u64(7), addressOf(CAROL), u64(120)])).toBe(0n);
    expect(exit(1, [u64(7), addressOf(CAROL), u64(120)])).toBe(3n);
    expect(exit(2, [u64(8)])).toBe(4n);
    expect(exit(2, [u64(7)])).toBe(0n);
    expect(exit(2, [u64(7)])).toBe(5n);
    expect(balance(CAROL)).toBe(1000n);
    expect(told(call(2, [u64(7)], { from: BOB }).outputs)).toEqual(['transfer ca 120', 'event 2 u64:7']);
    expect([balance(CAROL), balance(contract)]).toEqual([1120n, 180n]);
    expect(exit(2, [u64(7)], { from: CAROL })).toBe(4n);
  });
});
