import { VmEventBus } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { bytesOf, runAssembly, SELF } from '../run-assembly.fixture.ts';

const native = (detail: string) => ({ native: { name: 'SyscallError', detail: `SyscallError(${detail})` } });

describe('tos_log', () => {
  const log = (length: string, run: Parameters<typeof runAssembly>[1] = {}) =>
    runAssembly(`lddw r2, ${length}\nsyscall tos_log\nexit`, run);

  test('keeps messages in order, also after a failure', () => {
    const result = runAssembly(
      'mov64 r2, 2\nsyscall tos_log\nadd64 r1, 2\nsyscall tos_log\nmov64 r0, 0\ndiv64 r1, r0\nexit',
      { input: 'abcd' },
    );
    expect(result.error?.code).toBe('DIVISION_BY_ZERO');
    expect(result.logs).toEqual([
      { contract: SELF, message: 'ab' },
      { contract: SELF, message: 'cd' },
    ]);
  });

  test('takes 10,000 bytes and refuses one more before any gas is charged', () => {
    const input = new Uint8Array(10_001).fill(0x61);
    const allowed = log('10000', { input });
    expect(allowed.logs[0]!.message).toHaveLength(10_000);
    expect(allowed.gasUsed).toBe(10_103n);
    const refused = log('10001', { input });
    expect(refused.error).toMatchObject({ code: 'LIMIT_EXCEEDED', ...native('MessageTooLong') });
    expect(refused.gasUsed).toBe(2n);
    expect(log('-1', { input }).error).toMatchObject(native('MessageTooLong'));
  });

  test('refuses what is not UTF-8, after the gas', () => {
    const result = log('2', { input: Uint8Array.of(0x61, 0xff) });
    expect(result.error).toMatchObject({ code: 'INVALID_ARGUMENT', ...native('InvalidString') });
    expect(result.gasUsed).toBe(104n);
  });

  test('a zero-length message may lie anywhere', () => {
    expect(runAssembly('mov64 r1, 0\nmov64 r2, 0\nsyscall tos_log\nexit').logs[0]!.message).toBe('');
  });

  test.each([
    ['an unmapped address', '0', 'AccessViolation(Load, 0, 4, "unknown")'],
    ['the end of the heap', '0x300007ffe', 'AccessViolation(Load, 12884934654, 4, "heap")'],
    ['a gap of the stack', '0x200001000', 'StackAccessViolation(Load, 8589938688, 4, 1)'],
    ['the end of a region and the next one', '0x2ffffffff', 'AccessViolation(Load, 12884901887, 4, "stack")'],
  ])('faults on %s, after the gas', (_name, address, detail) => {
    const result = runAssembly(`lddw r1, ${address}\nmov64 r2, 4\nsyscall tos_log\nexit`);
    expect(result.error).toMatchObject({ code: 'ACCESS_VIOLATION', ...native(detail) });
    expect(result.gasUsed).toBe(107n);
  });

  test('is told to listeners', () => {
    const events = new VmEventBus();
    const heard: string[] = [];
    events.on('log', (_contract, message) => void heard.push(message));
    events.on('syscall', (_contract, name, gasLeft) => void heard.push(`${name} at ${gasLeft}`));
    log('2', { input: 'hi', gasLimit: 1000n, context: { events } });
    expect(heard).toEqual(['tos_log at 998', 'hi']);
  });
});

describe('return data', () => {
  test('replaces what was set, and is the result of the run', () => {
    const result = runAssembly(
      'mov64 r2, 4\nsyscall tos_set_return_data\nadd64 r1, 1\nmov64 r2, 2\nsyscall tos_set_return_data\nexit',
      { input: 'abcd' },
    );
    expect(result.returnData).toEqual(bytesOf('bc'));
  });

  test('is kept when the contract ends with an exit code, and void after a fault', () => {
    const set = 'mov64 r2, 4\nsyscall tos_set_return_data\n';
    const reverted = runAssembly(`${set}mov64 r0, 3\nexit`, { input: 'abcd' });
    expect(reverted).toMatchObject({ status: 'reverted', exitCode: 3n, returnData: bytesOf('abcd') });
    const failed = runAssembly(`${set}mov64 r0, 0\ndiv64 r0, r0\nexit`, { input: 'abcd' });
    expect(failed).toMatchObject({ status: 'failed', exitCode: null, returnData: new Uint8Array(0) });
  });

  test('has at most 1,024 bytes', () => {
    const set = (length: number) =>
      runAssembly(`mov64 r2, ${length}\nsyscall tos_set_return_data\nexit`, { input: new Uint8Array(1025) });
    expect(set(1024).returnData).toHaveLength(1024);
    expect(set(1025).error).toMatchObject({ code: 'LIMIT_EXCEEDED', ...native('ReturnDataTooLarge') });
    expect(set(1025).gasUsed).toBe(2n);
  });

  const get = (out: string, length: number, contractOut: string) => `
    mov64 r2, 4
    syscall tos_set_return_data
    lddw r1, ${out}
    mov64 r2, ${length}
    lddw r3, ${contractOut}
    syscall tos_get_return_data
    mov64 r6, r0
    lddw r1, 0x300000000
    mov64 r2, 48
    syscall tos_set_return_data
    mov64 r0, r6
    exit`;

  test('is read back with its full length and the contract that set it', () => {
    const result = runAssembly(get('0x300000000', 3, '0x300000010'), { input: 'abcd' });
    expect(result.exitCode).toBe(4n);
    expect(result.returnData).toEqual(bytesOf('abc', new Uint8Array(13), SELF));
  });

  test('with room for nothing only the length is told, and no address is looked at', () => {
    const result = runAssembly(get('0', 0, '0'), { input: 'abcd' });
    expect(result.exitCode).toBe(4n);
    expect(result.returnData).toEqual(new Uint8Array(48));
  });

  test('is not written to read-only memory', () => {
    const result = runAssembly(get('0x100000040', 3, '0x300000000'), { input: 'abcd' });
    expect(result.error).toMatchObject(native('AccessViolation(Store, 4294967360, 3, "program")'));
    const setter = runAssembly(get('0x300000000', 3, '0x300007fe1'), { input: 'abcd' });
    expect(setter.error).toMatchObject(native('AccessViolation(Store, 12884934625, 32, "heap")'));
  });

  test('without any the answer is 0', () => {
    expect(runAssembly('syscall tos_get_return_data\nexit')).toMatchObject({ exitCode: 0n, gasUsed: 52n });
  });
});

describe('surroundings', () => {
  const hash = (id: number) => new Uint8Array(32).fill(id);
  const context = {
    block: { hash: hash(1), height: 77n, timestamp: 1_700_000_000n },
    tx: { hash: hash(2), sender: hash(3) },
  };

  test.each([
    ['tos_get_block_hash', hash(1)],
    ['tos_get_tx_hash', hash(2)],
    ['tos_get_tx_sender', hash(3)],
    ['tos_get_tx_source', hash(3)],
    ['tos_get_contract_hash', SELF],
  ])('%s writes 32 bytes', (name, wanted) => {
    const source = `syscall ${name}\nmov64 r2, 34\nsyscall tos_set_return_data\nexit`;
    const result = runAssembly(source, { input: new Uint8Array(34), context });
    expect(result.returnData).toEqual(bytesOf(wanted, Uint8Array.of(0, 0)));
    const short = runAssembly(`syscall ${name}\nexit`, { input: new Uint8Array(31), context });
    expect(short.error).toMatchObject(native('AccessViolation(Store, 17179869184, 32, "input")'));
    const readOnly = runAssembly(`lddw r1, 0x100000040\nsyscall ${name}\n.fill 8, 0x95\nexit`, { context });
    expect(readOnly.error).toMatchObject(native('AccessViolation(Store, 4294967360, 32, "program")'));
  });

  test('height and time come from the block', () => {
    expect(runAssembly('syscall tos_get_block_height\nexit', { context }).exitCode).toBe(77n);
    expect(runAssembly('syscall tos_get_block_timestamp\nexit', { context }).exitCode).toBe(1_700_000_000n);
  });

  test('tos_get_gas_left tells what is left after its own price, and is remembered', () => {
    const result = runAssembly('syscall tos_get_gas_left\nexit', { gasLimit: 500n });
    expect(result).toMatchObject({ exitCode: 489n, gasUsed: 12n, stats: { gasObserved: true } });
    const large = runAssembly('syscall tos_get_gas_left\nexit', { gasLimit: 2n ** 64n - 1n });
    expect(large).toMatchObject({ exitCode: 2n ** 64n - 12n, gasUsed: 12n });
  });
});
