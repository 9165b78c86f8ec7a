import { GAS_POLICIES } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { METHODS } from '../api/methods.ts';
import { runJob } from './run-job.ts';
import { addressOfCode, ask, contractHex, runtimeOf } from './runtime.fixture.ts';

const counter = contractHex('counter');
const COUNTER = addressOfCode(counter);
const faulty = contractHex('faulty');
const token = contractHex('token');
const ALICE = `${'0'.repeat(61)}a11`;
const BOB = `${'0'.repeat(61)}b0b`;
const VALUE = Buffer.from('value').toString('hex');

describe('vm_estimateGas', () => {
  test('tells the smallest limit, and where the gas goes', () => {
    const { result } = ask(runtimeOf(), 'vm_estimateGas', { code: counter, entry: 0, args: ['u64:5'] });
    expect(result).toEqual({
      gasLimit: '862',
      gasUsed: '862',
      refund: '0',
      method: 'exact',
      runs: 2,
      margin: '0',
      exceedsLimit: false,
      breakdown: [
        { kind: 'storage', name: 'tos_storage_write', gas: '516', calls: 1 },
        { kind: 'storage', name: 'tos_storage_read', gas: '200', calls: 1 },
        { kind: 'syscall', name: 'tos_set_return_data', gas: '108', calls: 1 },
        { kind: 'instructions', name: 'tbpf', gas: '38', calls: 1 },
      ],
      contract: COUNTER,
      engine: 'tbpf',
      version: '0.14.1',
      profile: 'tos',
      stateVersion: '0',
      height: '0',
    });
  });

  test('runs on the state as the request takes it to be, and forgets it', () => {
    const runtime = runtimeOf();
    const call = { contract: COUNTER, entry: 1 } as const;
    const state = {
      [COUNTER]: { code: counter, storageDiff: { [VALUE]: '0700000000000000' } },
    };
    expect(ask(runtime, 'vm_execute', { ...call, state }).result?.returnData).toBe('0700000000000000');
    // A slot that is there costs its bytes: 8 gas.
    expect(ask(runtime, 'vm_estimateGas', { ...call, entry: 0, state }).result?.gasUsed).toBe('869');
    expect(ask(runtime, 'vm_execute', call).result?.fault?.code).toBe('UNKNOWN_CONTRACT');
  });

  test('puts a margin on top, and tells when the block does not allow it', () => {
    const call = { code: counter, entry: 0, marginPercent: 10, breakdown: false } as const;
    expect(ask(runtimeOf(), 'vm_estimateGas', call).result).toMatchObject({
      gasLimit: '948',
      margin: '87',
      exceedsLimit: false,
      breakdown: null,
    });
    const bounded = { ...call, block: { gasLimit: 900, height: 7 } };
    expect(ask(runtimeOf(), 'vm_estimateGas', bounded).result).toMatchObject({
      gasLimit: '900',
      margin: '39',
      exceedsLimit: true,
      height: '7',
    });
  });

  test('names the gas policy, and takes its margin', () => {
    const gas = { defaultLimit: 200_000n, maxLimit: 1_400_000n, price: 0n, policy: GAS_POLICIES.prozchain };
    const { result } = ask(runtimeOf({ gas }), 'vm_estimateGas', { code: counter, entry: 0 });
    expect(result).toMatchObject({ gasLimit: '948', margin: '87', profile: 'prozchain' });
  });

  test('of a deployment is the constructor and the price of the code', () => {
    const config = { deploy: { addressPolicy: 'creator-nonce', gasPerByte: 2n } } as const;
    const deploy = { deploy: { code: counter }, args: ['u64:5'], from: ALICE };
    const { result } = ask(runtimeOf(config), 'vm_estimateGas', deploy);
    expect(result?.gasUsed).toBe(`${743 + 2 * (counter.length / 2)}`);
    expect(result?.breakdown?.[0]).toEqual({
      kind: 'code',
      name: 'stored code',
      gas: `${2 * (counter.length / 2)}`,
      calls: 1,
    });
    expect(result?.contract).toMatch(/^[0-9a-f]{64}$/);
    const none = { deploy: { code: counter, construct: 'none' } } as const;
    expect(ask(runtimeOf(config), 'vm_estimateGas', none).result?.breakdown).toHaveLength(1);
  });

  test('counts a contract that is called as one share, and its caller by the syscalls', () => {
    const caller = contractHex('caller');
    const state = { [COUNTER]: { code: counter } };
    const { result } = ask(runtimeOf(), 'vm_estimateGas', {
      code: caller,
      entry: 0,
      args: [`address:${COUNTER}`, 'u16:0', 'u16:0', 'u64:0', 'u64:0', 'bytes:0300000000000000'],
      state,
    });
    const shares = result?.breakdown ?? [];
    expect(shares.find(({ kind }) => kind === 'call')).toEqual({
      kind: 'call',
      name: COUNTER,
      gas: expect.stringMatching(/^[1-9]\d+$/),
      calls: 1,
    });
    expect(shares.reduce((sum, { gas }) => sum + Number(gas), 0)).toBe(Number(result?.gasUsed));
  });

  test.each([[3, 'ACCESS_VIOLATION', 'AccessViolation(Store, 4294969168, 8, "program")']])(
    'of a call that fails at any gas is its fault: faulty, entry %i',
    (entry, code, native) => {
      const { fault } = ask(runtimeOf(), 'vm_estimateGas', { code: faulty, entry });
      expect(fault).toMatchObject({ code, native, pc: expect.any(Number), contract: addressOfCode(faulty) });
    },
  );

  test('of a call that reverts has the exit code and what the contract gave back', () => {
    const { fault } = ask(runtimeOf(), 'vm_estimateGas', { code: counter, entry: 0, input: '01' });
    expect(fault).toMatchObject({ code: 'REVERTED', exitCode: '1', reason: null, returnData: '' });
  });

  test('of a legacy module goes the same way', () => {
    const COUNT = 'cc'.repeat(32);
    const { result } = ask(runtimeOf(), 'vm_call', {
      calls: [
        { deploy: { code: contractHex('legacy/counter'), address: COUNT } },
        { contract: COUNT, entry: 1, args: ['u64:5'] },
      ],
      estimate: true,
    });
    const { estimate, ...run } = result!.results[1]!;
    expect(run).toMatchObject({ status: 'success', engine: 'legacy', gas: { charged: '725' } });
    if (estimate === null || 'fault' in estimate) throw new Error('there is no estimate');
    expect(estimate).toMatchObject({ gasLimit: '725', method: 'exact' });
    const shares = estimate.breakdown ?? [];
    expect(shares.reduce((sum, { gas }) => sum + Number(gas), 0)).toBe(725);
    expect(shares.filter(({ kind }) => kind === 'storage').map(({ name }) => name)).toEqual([
      'Storage.store',
      'Storage.load',
    ]);
  });

  test('above the largest limit is the fault that says so', () => {
    const { fault } = ask(runtimeOf(), 'vm_estimateGas', { code: counter, entry: 0, gasLimit: 500 });
    expect(fault).toMatchObject({
      code: 'OUT_OF_GAS',
      message: 'the call needs more than 500 gas, the limit that the estimate was given.',
    });
    expect(ask(runtimeOf(), 'vm_estimateGas', { code: counter, gasLimit: 1_400_001 }).fault?.code).toBe(
      'LIMIT_EXCEEDED',
    );
  });
});

describe('vm_execute', () => {
  test('tells all that a call would do', () => {
    const { result } = ask(runtimeOf(), 'vm_execute', {
      code: counter,
      entry: 0,
      args: ['u64:5'],
      from: ALICE,
    });
    expect(result).toMatchObject({
      status: 'success',
      exitCode: '0',
      returnData: '0500000000000000',
      gas: { limit: '200000', charged: '862', refunded: '199138', price: '0', fee: '0' },
      stateChanges: [
        { kind: 'nonce', address: ALICE, key: null, before: '0', after: '1' },
        { kind: 'storage', address: COUNTER, key: VALUE, before: null, after: '0500000000000000' },
      ],
      fault: null,
    });
  });

  test('of a failing contract is a result with a fault', () => {
    const { result } = ask(runtimeOf(), 'vm_execute', { code: faulty, entry: 3 });
    expect(result).toMatchObject({ status: 'failed', exitCode: null, fault: { code: 'ACCESS_VIOLATION' } });
  });
});

describe('vm_call', () => {
  test('runs each call on what the ones before it left: deploy, approve, transfer from', () => {
    const TOKEN = 'cc'.repeat(32);
    const call = (from: string, entry: number, ...args: string[]) => ({ contract: TOKEN, from, entry, args });
    const { result } = ask(runtimeOf(), 'vm_call', {
      calls: [
        { deploy: { code: token, address: TOKEN }, from: ALICE, args: ['u64:1000'] },
        call(BOB, 7, `address:${ALICE}`, `address:${BOB}`, 'u64:30'),
        call(ALICE, 5, `address:${BOB}`, 'u64:30'),
        call(BOB, 7, `address:${ALICE}`, `address:${BOB}`, 'u64:30'),
        call(BOB, 1, `address:${BOB}`),
      ],
      estimate: true,
    });
    expect(result?.results.map(({ status, returnData }) => `${status} ${returnData}`)).toEqual([
      'success ',
      'reverted ',
      'success ',
      'success ',
      'success 1e00000000000000',
    ]);
    const estimates = result?.results.map(({ estimate, gas }) =>
      estimate !== null && 'gasLimit' in estimate ? estimate.gasLimit === gas.charged : undefined,
    );
    expect(estimates).toEqual([true, undefined, true, true, true]);
  });

  test('leaves nothing behind, and estimates each call where it stands', () => {
    const runtime = runtimeOf();
    const increment = { code: counter, entry: 0, args: ['u64:5'] };
    const { result } = ask(runtime, 'vm_call', { calls: [increment, increment], estimate: true });
    const [first, second] = result?.results ?? [];
    expect(first).toMatchObject({ returnData: '0500000000000000', estimate: { gasLimit: '862' } });
    expect(second).toMatchObject({ returnData: '0a00000000000000', estimate: { gasLimit: '870' } });
    expect(ask(runtime, 'vm_execute', increment).result?.returnData).toBe('0500000000000000');
  });

  test('goes on after a failed call, and names the one that no environment admits', () => {
    const bad = { code: counter, entry: 0, input: '01' };
    const good = { code: counter, entry: 0 };
    const { result } = ask(runtimeOf(), 'vm_call', { calls: [bad, good], estimate: true });
    expect(result?.results[0]).toMatchObject({
      status: 'reverted',
      estimate: { fault: { code: 'REVERTED', exitCode: '1' } },
    });
    expect(result?.results[1]).toMatchObject({ status: 'success', returnData: '0100000000000000' });
    const { fault } = ask(runtimeOf(), 'vm_call', { calls: [good, { ...good, gasLimit: 2_000_000 }] });
    expect(fault).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: 'calls[1]: gasLimit: 2000000 is above the maximum of 1400000.',
    });
  });
});

describe('vm_trace', () => {
  const call = { code: counter, entry: 0, args: ['u64:5'] };

  test('draws a tree', () => {
    const { result } = ask(runtimeOf(), 'vm_trace', call);
    expect(result?.tree).toContain('tos_storage_write(key="value", value=0x0500000000000000)');
    expect(result).toMatchObject({ events: null, profile: null, isCut: false, gasUsed: '862' });
  });

  test('lists events, as many as asked for', () => {
    const { result } = ask(runtimeOf(), 'vm_trace', { ...call, format: 'events' });
    expect(result?.events?.map(({ type }) => type)).toEqual([
      'call',
      'storage',
      'syscall',
      'storage',
      'syscall',
      'syscall',
      'return',
    ]);
    expect(result?.isCut).toBe(false);
    const cut = ask(runtimeOf(), 'vm_trace', { ...call, format: 'events', limit: 2 });
    expect(cut.result).toMatchObject({ isCut: true });
    expect(cut.result?.events).toHaveLength(2);
    const steps = ask(runtimeOf(), 'vm_trace', { ...call, format: 'events', steps: true });
    expect(steps.result?.events?.filter(({ type }) => type === 'step')).toHaveLength(38);
  });

  test('refuses a trace that is longer than an answer may be', () => {
    const runtime = runtimeOf({}, 1000);
    const { fault } = ask(runtime, 'vm_trace', { ...call, format: 'events', steps: true });
    expect(fault?.code).toBe('RESPONSE_TOO_LARGE');
  });

  test('adds gas up to a profile', () => {
    const { result } = ask(runtimeOf(), 'vm_trace', { ...call, format: 'profile' });
    const { frames = [], nodes = [] } = result?.profile ?? {};
    expect(nodes.reduce((sum, { self }) => sum + Number(self), 0)).toBe(862);
    expect(frames[nodes[0]!.frame]?.kind).toBe('contract');
  });
});

describe('vm_validateCode', () => {
  test('tells what a module has', () => {
    expect(ask(runtimeOf(), 'vm_validateCode', { code: counter }).result).toMatchObject({
      valid: true,
      engine: 'tbpf',
      format: 'TBPF ELF v0',
      codeHash: COUNTER,
      entries: [0, 1],
      hooks: [0],
    });
    expect(ask(runtimeOf(), 'vm_validateCode', { code: contractHex('legacy/counter') }).result).toMatchObject(
      {
        valid: true,
        engine: 'legacy',
      },
    );
  });

  test('answers for bad code, too', () => {
    const cut = counter.slice(0, 200);
    expect(ask(runtimeOf(), 'vm_validateCode', { code: cut }).result).toMatchObject({
      valid: false,
      engine: 'tbpf',
      fault: { code: 'CODE_INVALID' },
    });
    expect(ask(runtimeOf(), 'vm_validateCode', { code: '0102030405' }).result).toMatchObject({
      valid: false,
      engine: null,
      fault: { code: 'CODE_FORMAT_UNKNOWN' },
    });
    expect(ask(runtimeOf(), 'vm_validateCode', { code: counter, engine: 'tbfp' }).fault).toMatchObject({
      code: 'ENGINE_UNKNOWN',
      message: expect.stringContaining('did you mean "tbpf"'),
    });
  });
});

test('vm_engines lists engines and limits', () => {
  const engines = { legacy: { enabled: false, options: {} } };
  const { result } = ask(runtimeOf({ engines }), 'vm_engines', {});
  expect(result).toMatchObject({ profile: 'tos', gas: { maxLimit: '1400000' }, maxCallDepth: 64 });
  expect(result?.engines).toEqual([
    { type: 'legacy', enabled: false, version: null, features: [], tiers: ['reference', 'interpreter'] },
    {
      type: 'tbpf',
      enabled: true,
      version: '0.14.1',
      features: expect.arrayContaining(['exact-estimate']),
      tiers: ['reference', 'interpreter', 'compiled'],
    },
  ]);
});

describe('what no schema can see is refused by name', () => {
  test.each([
    [{ code: counter, args: ['u64:5x'] }, 'args[0]: expected an unsigned 64-bit integer, found "u64:5x".'],
    [{ code: counter, entry: 'entry_70000' }, 'entry: "entry_70000": entries go to 65535 and hooks to 255.'],
    [
      { code: counter, state: { [ALICE]: { engine: 'tbpf' } } },
      `state["${ALICE}"].engine: it goes with code.`,
    ],
    [{ code: counter, state: { [BOB]: {}, [`0x${BOB}`]: {} } }, `state: 0x${BOB} is named twice.`],
    [
      { deploy: { code: counter, construct: 'none' as const }, input: '00' },
      'deploy.construct: "none" calls no constructor, which input, args, value, deposits and gasLimit are for.',
    ],
  ])('%#', (params, message) => {
    expect(ask(runtimeOf(), 'vm_execute', params).fault).toMatchObject({ code: 'REQUEST_INVALID', message });
  });
});

describe('an estimate', () => {
  test('is refused to a sender who cannot pay it at the price that is given', () => {
    const call = { code: counter, entry: 0, gasPrice: 3, from: ALICE };
    const holding = (balance: number) =>
      ask(runtimeOf(), 'vm_estimateGas', { ...call, state: { [ALICE]: { balance } } });
    expect(holding(2583).result?.gasLimit).toBe('861');
    expect(holding(2582).fault).toMatchObject({
      code: 'INSUFFICIENT_BALANCE',
      message: 'gas of 861 at 3 costs 2583; the sender holds 2582.',
    });
    const valued = { ...call, value: 10, state: { [ALICE]: { balance: 2592 } } };
    expect(ask(runtimeOf(), 'vm_estimateGas', valued).fault?.message).toBe(
      'gas of 861 at 3 costs 2583, and 10 are given along; the sender holds 2592.',
    );
  });

  test('that the contract ends is the contract’s fault, whatever its code is elsewhere', () => {
    const runtime = runtimeOf();
    const answer = runJob(runtime, { method: 'vm_estimateGas', params: { code: faulty, entry: 6 } });
    expect(answer).toMatchObject({ ok: false, code: 'LIMIT_EXCEEDED', kind: 'contract' });
    const above = runJob(runtime, {
      method: 'vm_estimateGas',
      params: { code: faulty, gasLimit: 2_000_000 },
    });
    expect(above).toMatchObject({ ok: false, code: 'LIMIT_EXCEEDED', kind: 'request' });
  });
});

test('a slot or an asset in two spellings is refused', () => {
  const twins = {
    storageDiff: { [VALUE]: '01', [`0x${VALUE.toUpperCase()}`]: '02' },
  };
  const params = { contract: COUNTER, state: { [COUNTER]: twins } };
  expect(ask(runtimeOf(), 'vm_execute', params).fault).toMatchObject({
    code: 'REQUEST_INVALID',
    message: `state["${COUNTER}"].storageDiff: 0x${VALUE.toUpperCase()} is named twice.`,
  });
});

test.each(['1e5', '1.5', 'abc', '', '-1', '٥', '18446744073709551616', '123456789012345678901'])(
  'the amount "%s" is no u64, and is refused without being read as one',
  (gasLimit) => {
    const checked = METHODS.vm_estimateGas.params.safeParse({ contract: COUNTER, gasLimit });
    expect(checked.success).toBe(false);
  },
);
