import { VmEventBus } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { bytesOf, emptyState, OTHER, runAssembly, SELF } from '../run-assembly.fixture.ts';

const native = (detail: string) => ({ native: { name: 'SyscallError', detail: `SyscallError(${detail})` } });

/** r3 = the byte behind a four-byte key. */
const write = (length: number) =>
  `mov64 r2, 4\nmov64 r3, r1\nadd64 r3, 4\nmov64 r4, ${length}\nsyscall tos_storage_write`;
/** To the start of the heap, of which `shown` bytes become return data. */
const read = (room: string, shown = 8) =>
  `mov64 r2, 4\nlddw r3, 0x300000000\nlddw r4, ${room}\nsyscall tos_storage_read\nmov64 r6, r0\nmov64 r1, r3\nmov64 r2, ${shown}\nsyscall tos_set_return_data\nmov64 r0, r6`;

describe('storage', () => {
  test('gives back what was written', () => {
    const state = emptyState();
    const source = `${write(3)}\n${read('8')}\nexit`;
    const result = runAssembly(source, { input: 'keysabc', state });
    expect(result).toMatchObject({ exitCode: 3n, returnData: bytesOf('abc', new Uint8Array(5)) });
    expect(state.getStorage(SELF, bytesOf('keys'))).toEqual(bytesOf('abc'));
  });

  test('an absent key has length 0, and nothing is written', () => {
    expect(runAssembly(`${read('8')}\nexit`, { input: 'keys' })).toMatchObject({
      exitCode: 0n,
      returnData: new Uint8Array(8),
    });
  });

  test('belongs to the executing contract', () => {
    const state = emptyState();
    state.setStorage(OTHER, bytesOf('keys'), bytesOf('theirs'));
    expect(runAssembly(`${read('8')}\nexit`, { input: 'keys', state }).exitCode).toBe(0n);
    runAssembly(`${write(3)}\nexit`, { input: 'keysabc', state });
    expect(state.getStorage(OTHER, bytesOf('keys'))).toEqual(bytesOf('theirs'));
    const deleted = runAssembly('mov64 r2, 4\nsyscall tos_storage_delete\nexit', {
      input: 'keys',
      state,
      context: { contract: new Uint8Array(32).fill(9) },
    });
    expect(deleted.exitCode).toBe(0n);
    expect(state.getStorage(SELF, bytesOf('keys'))).toEqual(bytesOf('abc'));
  });

  test('delete tells whether the key existed', () => {
    const state = emptyState();
    state.setStorage(SELF, bytesOf('keys'), bytesOf('abc'));
    const source = 'mov64 r2, 4\nsyscall tos_storage_delete\nexit';
    expect(runAssembly(source, { input: 'keys', state })).toMatchObject({ exitCode: 1n, gasUsed: 303n });
    expect(runAssembly(source, { input: 'keys', state })).toMatchObject({ exitCode: 0n, gasUsed: 303n });
    expect(state.getStorage(SELF, bytesOf('keys'))).toBeUndefined();
  });

  test('the older names are the same calls', () => {
    const source = `${write(3)}\n${read('8')}\nexit`
      .replace('tos_storage_write', 'tos_storage_store')
      .replace('tos_storage_read', 'tos_storage_load');
    expect(runAssembly(source, { input: 'keysabc' }).exitCode).toBe(3n);
  });

  test('a value longer than the room for it faults after its gas', () => {
    const result = runAssembly(`${write(3)}\n${read('2')}\nexit`, { input: 'keysabc' });
    expect(result.error).toMatchObject({ code: 'LIMIT_EXCEEDED', ...native('BufferTooSmall') });
    // Five instructions and 506 for the write, four and 203 for the read.
    expect(result.gasUsed).toBe(718n);
  });

  test('room of any size is enough, but only the value must fit into memory', () => {
    expect(runAssembly(`${write(3)}\n${read('-1')}\nexit`, { input: 'keysabc' }).exitCode).toBe(3n);
  });

  test('an empty value is a value: its length is 0, and it can be deleted', () => {
    const source = `${write(0)}\n${read('8')}\nmov64 r1, 0\nlddw r1, 0x400000000\nmov64 r2, 4\nsyscall tos_storage_delete\nexit`;
    expect(runAssembly(source, { input: 'keys' }).exitCode).toBe(1n);
  });

  test('an empty key may lie anywhere', () => {
    const source = 'mov64 r3, r1\nmov64 r4, 2\nmov64 r1, 0\nmov64 r2, 0\nsyscall tos_storage_write\nexit';
    const state = emptyState();
    expect(runAssembly(source, { input: 'vv', state }).status).toBe('success');
    expect(state.getStorage(SELF, new Uint8Array(0))).toEqual(bytesOf('vv'));
  });

  test.each(['tos_storage_read', 'tos_storage_write', 'tos_storage_delete'])(
    '%s takes a key of 256 bytes and refuses 257 before any gas',
    (name) => {
      const call = (length: string) =>
        runAssembly(`lddw r2, ${length}\nmov64 r3, r1\nmov64 r4, 0\nsyscall ${name}\nexit`, {
          input: new Uint8Array(300),
        });
      expect(call('256').status).toBe('success');
      expect(call('257').error).toMatchObject({ code: 'LIMIT_EXCEEDED', ...native('KeyTooLarge') });
      expect(call('257').gasUsed).toBe(4n);
      expect(call('-1').error).toMatchObject(native('KeyTooLarge'));
    },
  );

  test('takes a value of 65,536 bytes and refuses one more before any gas', () => {
    const call = (length: number) =>
      runAssembly(`${write(length)}\nexit`, { input: new Uint8Array(65_541), gasLimit: 1_000_000n });
    expect(call(65_536)).toMatchObject({ status: 'success', gasUsed: 131_578n });
    expect(call(65_537).error).toMatchObject({ code: 'LIMIT_EXCEEDED', ...native('ValueTooLarge') });
    expect(call(65_537).gasUsed).toBe(5n);
  });

  test('a bad pointer of the key faults before the gas of a read, after that of a write', () => {
    const source = (name: string) => `mov64 r1, 8\nmov64 r2, 4\nmov64 r4, 0\nsyscall ${name}\nexit`;
    const violation = native('AccessViolation(Load, 8, 4, "unknown")');
    const reading = runAssembly(source('tos_storage_read'));
    expect(reading.error).toMatchObject(violation);
    expect(reading.gasUsed).toBe(4n);
    const writing = runAssembly(source('tos_storage_write'));
    expect(writing.error).toMatchObject(violation);
    expect(writing.gasUsed).toBe(504n);
  });

  test('a value is not read into read-only memory', () => {
    const source = `${write(3)}\nmov64 r2, 4\nlddw r3, 0x100000040\nmov64 r4, 8\nsyscall tos_storage_read\nexit`;
    expect(runAssembly(source, { input: 'keysabc' }).error).toMatchObject(
      native('AccessViolation(Store, 4294967360, 3, "program")'),
    );
  });

  test('is told to listeners', () => {
    const events = new VmEventBus();
    const heard: unknown[] = [];
    events.on('storage', (access) => void heard.push(access));
    const source = `${write(3)}\n${read('8')}\nlddw r1, 0x400000000\nmov64 r2, 4\nsyscall tos_storage_delete\nexit`;
    runAssembly(source, { input: 'keysabc', context: { events } });
    const common = { contract: SELF, key: bytesOf('keys') };
    expect(heard).toEqual([
      { kind: 'write', ...common, value: bytesOf('abc') },
      { kind: 'read', ...common, value: bytesOf('abc') },
      { kind: 'delete', ...common, value: undefined },
    ]);
  });
});
