import { METHODS, type MethodName, type ResultOf } from '@switchyard/estimator/api';

/*
 * Answers of an estimation service about fixtures/contracts/counter, in the shape and with the numbers of real ones, and some with names
 * and messages as bad as a contract can make them. Each is checked against the service's schemas when it is given out.
 */

const COUNTER = 'a57b836b5b7095b14879a9871c909be2c2baaebb74311013053d82470148a8a3';
const SENDER = '00'.repeat(32);

/** Text that would be markup, would turn a line around, and would clear a terminal. */
export const HOSTILE_TEXT = '<img src=x onerror="console.log(1)"></script>\u202e\u001b[2J';

type Fault = NonNullable<ResultOf<'vm_execute'>['fault']>;

const surroundings = {
  contract: COUNTER,
  engine: 'tbpf',
  version: '0.1.0',
  profile: 'default',
  stateVersion: '7',
  height: '42',
};

const reverted: Fault = {
  code: 'REVERTED',
  message: 'the contract ended with exit code 1.',
  hint: "The code is the contract's own; see its documentation.",
  reason: null,
  native: null,
  exitCode: '1',
  returnData: '',
  pc: null,
  contract: COUNTER,
  source: null,
  details: { exitCode: '1', contract: COUNTER },
};

const hostile: Fault = {
  ...reverted,
  code: 'ACCESS_VIOLATION',
  message: HOSTILE_TEXT,
  hint: HOSTILE_TEXT,
  reason: HOSTILE_TEXT,
  native: 'AccessViolation(42, Load, 0x0, 8, "unknown")',
  pc: 42,
  source: `${HOSTILE_TEXT}.c:7`,
  exitCode: null,
  details: { [HOSTILE_TEXT]: HOSTILE_TEXT },
};

const gas = { limit: '200000', charged: '861', refunded: '199139', price: '1', fee: '861' };

const results: { readonly [M in MethodName]: ResultOf<M> } = {
  vm_engines: {
    engines: [
      {
        type: 'tbpf',
        enabled: true,
        version: '0.1.0',
        features: ['v0'],
        tiers: ['reference', 'interpreter'],
      },
      { type: 'legacy', enabled: true, version: '0.1.0', features: [], tiers: ['reference'] },
      { type: 'evm', enabled: false, version: null, features: [], tiers: [] },
    ],
    profile: 'default',
    gas: { defaultLimit: '200000', maxLimit: '100000000', price: '1' },
    maxCallDepth: 64,
  },
  vm_validateCode: {
    valid: true,
    fault: null,
    warnings: [],
    engine: 'tbpf',
    format: 'TBPF ELF v0',
    codeHash: COUNTER,
    size: 2784,
    instructions: 154,
    entries: [0, 1],
    hooks: [0],
    functions: [],
    syscalls: ['tos_set_return_data', 'tos_storage_read', 'tos_storage_write'],
  },
  vm_estimateGas: {
    gasLimit: '861',
    gasUsed: '861',
    refund: '0',
    method: 'exact',
    runs: 2,
    margin: '0',
    exceedsLimit: false,
    breakdown: [
      { kind: 'storage', name: 'tos_storage_write', gas: '516', calls: 1 },
      { kind: 'storage', name: 'tos_storage_read', gas: '200', calls: 1 },
      { kind: 'syscall', name: 'tos_set_return_data', gas: '108', calls: 1 },
      { kind: 'instructions', name: 'tbpf', gas: '37', calls: 1 },
    ],
    ...surroundings,
  },
  vm_execute: {
    status: 'success',
    exitCode: '0',
    returnData: '0100000000000000',
    returnValue: null,
    gas,
    logs: [],
    events: [{ contract: COUNTER, topics: ['636f756e746564'], data: '0100000000000000' }],
    transfers: [{ kind: 'transfer', from: SENDER, to: COUNTER, asset: SENDER, amount: '1000000' }],
    stateChanges: [
      { kind: 'nonce', address: SENDER, key: null, before: '0', after: '1' },
      { kind: 'storage', address: COUNTER, key: '76616c7565', before: null, after: '0100000000000000' },
    ],
    fault: null,
    ...surroundings,
  },
  vm_call: { results: [] },
  vm_trace: {
    status: 'success',
    fault: null,
    gasUsed: '861',
    tree: null,
    events: null,
    profile: null,
    isCut: false,
    contract: COUNTER,
    engine: 'tbpf',
    version: '0.1.0',
    stateVersion: '7',
    height: '42',
  },
};

const PROFILE: NonNullable<ResultOf<'vm_trace'>['profile']> = {
  frames: [
    { kind: 'contract', name: 'counter entry_0 [tbpf]', source: null },
    { kind: 'function', name: 'entry_0', source: 'counter.c:37' },
    { kind: 'syscall', name: 'tos_storage_read', source: null },
    { kind: 'syscall', name: 'tos_storage_write', source: null },
    { kind: 'syscall', name: 'tos_set_return_data', source: null },
  ],
  nodes: [
    { frame: 0, depth: 0, calls: 1, self: '0', total: '861' },
    { frame: 1, depth: 1, calls: 1, self: '37', total: '861' },
    { frame: 2, depth: 2, calls: 1, self: '200', total: '200' },
    { frame: 3, depth: 2, calls: 1, self: '516', total: '516' },
    { frame: 4, depth: 2, calls: 1, self: '108', total: '108' },
  ],
  isCut: false,
};

const TREE = `entry_0  861 gas
├ tos_storage_read  200
├ tos_storage_write  516
└ tos_set_return_data  108`;

/** What a service would answer: `{ result }` or `{ error }` of JSON-RPC. Input 00 reverts; entry "hostile" is as bad as can be. */
export function answerOf(method: MethodName, params: Readonly<Record<string, unknown>>): object {
  if (method === 'vm_estimateGas' && params['input'] === '00') return { error: errorOf(reverted) };
  if (method === 'vm_estimateGas' && params['entry'] === 'hostile') return { error: errorOf(hostile) };
  return { result: METHODS[method].result.parse(resultOf(method, params)) };
}

function errorOf(fault: Fault): object {
  return { code: 3, message: fault.message, data: fault };
}

function resultOf(method: MethodName, params: Readonly<Record<string, unknown>>): object {
  const isHostile = params['entry'] === 'hostile';
  if (method === 'vm_trace') {
    const isProfile = params['format'] === 'profile';
    const frames = isHostile
      ? PROFILE.frames.map((frame) => ({ ...frame, name: HOSTILE_TEXT }))
      : PROFILE.frames;
    return {
      ...results.vm_trace,
      profile: isProfile ? { ...PROFILE, frames } : null,
      tree: isProfile ? null : isHostile ? HOSTILE_TEXT : TREE,
    };
  }
  if (method !== 'vm_execute') return results[method];
  const run = results.vm_execute;
  if (params['input'] === '00') {
    const nothing = { events: [], transfers: [], stateChanges: [run.stateChanges[0]] };
    const charged = { ...gas, charged: '5', refunded: '199995', fee: '5' };
    return {
      ...run,
      status: 'reverted',
      exitCode: '1',
      returnData: '',
      gas: charged,
      fault: reverted,
      ...nothing,
    };
  }
  if (!isHostile) return run;
  const bytes = Buffer.from(HOSTILE_TEXT).toString('hex');
  return {
    ...run,
    status: 'failed',
    exitCode: null,
    returnData: bytes,
    returnValue: { type: HOSTILE_TEXT },
    fault: hostile,
    logs: [{ contract: COUNTER, message: HOSTILE_TEXT }],
    events: [{ contract: COUNTER, topics: [bytes], data: bytes }],
  };
}
