import { bytesToHex, hexToBytes } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { bytesOf, runAssembly, SELF } from '../run-assembly.fixture.ts';

const native = (detail: string) => ({ native: { name: 'SyscallError', detail: `SyscallError(${detail})` } });
const INPUT = 0x4_0000_0000;

describe('hashes', () => {
  /** Hashes `count` slices of the table at the input's start, and returns the hash. */
  const hash = (name: string, count: string) =>
    `lddw r2, ${count}\nlddw r3, 0x300000000\nsyscall ${name}\nmov64 r1, r3\nmov64 r2, 32\nsyscall tos_set_return_data\nexit`;
  const digest = (name: string, count: string, input: Uint8Array) =>
    bytesToHex(runAssembly(hash(name, count), { input }).returnData);

  test.each([
    ['tos_sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['tos_keccak256', '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
    ['tos_blake3', '6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85'],
  ])('%s of "abc", in one slice or several', (name, wanted) => {
    expect(digest(name, '1', bytesOf(INPUT + 16, 3, 'abc'))).toBe(wanted);
    const parts = bytesOf(INPUT + 48, 1, 0, 0, INPUT + 49, 2, 'abc');
    expect(digest(name, '3', parts)).toBe(wanted);
  });

  test.each([
    ['tos_sha256', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['tos_keccak256', 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
    ['tos_blake3', 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
  ])('%s of nothing, without a slice, wherever the table is', (name, wanted) => {
    const source = `mov64 r1, 1\n${hash(name, '0')}`;
    expect(bytesToHex(runAssembly(source).returnData)).toBe(wanted);
  });

  test('20,000 slices are allowed, one more is not', () => {
    const input = new Uint8Array(16 * 20_001);
    const run = (count: string) => runAssembly(hash('tos_sha256', count), { input, gasLimit: 300_000n });
    // 85 + 20,000 · 10, 3 instructions and the call, and 132 + 3 for the return data.
    expect(run('20000')).toMatchObject({ status: 'success', gasUsed: 200_224n });
    expect(run('20001').error).toMatchObject({ code: 'LIMIT_EXCEEDED', ...native('TooManySlices') });
    expect(run('20001').gasUsed).toBe(3n);
    expect(run('-1').error).toMatchObject(native('TooManySlices'));
  });

  test('the table is read before the gas, the slices after it', () => {
    const table = runAssembly(hash('tos_sha256', '2'), { input: new Uint8Array(31) });
    expect(table.error).toMatchObject(native('AccessViolation(Load, 17179869184, 32, "input")'));
    expect(table.gasUsed).toBe(3n);
    const slice = runAssembly(hash('tos_sha256', '1'), { input: bytesOf(8, 100) });
    expect(slice.error).toMatchObject(native('AccessViolation(Load, 8, 100, "unknown")'));
    expect(slice.gasUsed).toBe(138n);
  });

  test('a length of 2^64 − 1 costs its price, and is a fault where it can be paid', () => {
    const input = bytesOf(INPUT, 2n ** 64n - 1n);
    expect(runAssembly(hash('tos_sha256', '1'), { input }).error?.code).toBe('OUT_OF_GAS');
    const paid = runAssembly(hash('tos_sha256', '1'), { input, gasLimit: 2n ** 64n - 1n });
    expect(paid.error).toMatchObject(native(`AccessViolation(Load, ${INPUT}, ${2n ** 64n - 1n}, "input")`));
    expect(paid.gasUsed).toBe(2n ** 63n - 1n + 85n + 3n);
  });
});

describe('tos_random', () => {
  const source = 'syscall tos_random\nsyscall tos_set_return_data\nexit';
  const random = (context = {}) =>
    bytesToHex(runAssembly(source, { input: new Uint8Array(16), context }).returnData);

  test('gives the same bytes for the same block, transaction and contract', () => {
    expect(random()).toBe(random());
    expect(random()).toBe('4e15e0418bd44a7d7697d09b4f322d1e');
    const other = new Uint8Array(32).fill(1);
    const all = [
      random(),
      random({ block: { hash: other } }),
      random({ tx: { hash: other } }),
      random({ contract: other }),
    ];
    expect(new Set(all).size).toBe(4);
  });

  test('gives other bytes at the next call of the run', () => {
    const twice = 'syscall tos_random\nsyscall tos_random\nsyscall tos_set_return_data\nexit';
    expect(bytesToHex(runAssembly(twice, { input: new Uint8Array(16) }).returnData)).not.toBe(random());
  });

  test('gives at most 1,024 bytes', () => {
    const run = (length: string) =>
      runAssembly(`lddw r2, ${length}\nsyscall tos_random\nexit`, { input: new Uint8Array(1025) });
    expect(run('1024')).toMatchObject({ status: 'success', gasUsed: 1127n });
    expect(run('1025').error).toMatchObject({ code: 'LIMIT_EXCEEDED', ...native('OutputTooLarge') });
    expect(runAssembly('mov64 r1, 3\nmov64 r2, 0\nsyscall tos_random\nexit').status).toBe('success');
  });
});

describe('memory calls', () => {
  /** Runs a call on the input and returns the input's eight bytes afterwards. */
  const after = (call: string, input = 'abcdefgh') => {
    const source = `${call}\nlddw r1, 0x400000000\nmov64 r2, 8\nsyscall tos_set_return_data\nexit`;
    const result = runAssembly(source, { input });
    return result.error?.native?.detail ?? Buffer.from(result.returnData).toString();
  };
  const copy = (name: string, to: number, from: number, length: string) =>
    `mov64 r2, r1\nadd64 r2, ${from}\nadd64 r1, ${to}\nlddw r3, ${length}\nsyscall ${name}`;

  test('tos_memcpy copies what does not overlap', () => {
    expect(after(copy('tos_memcpy', 4, 0, '4'))).toBe('abcdabcd');
    expect(after(copy('tos_memcpy', 0, 4, '4'))).toBe('efghefgh');
    expect(after(copy('tos_memcpy', 3, 0, '4'))).toBe('SyscallError(CopyOverlapping)');
    expect(after(copy('tos_memcpy', 0, 0, '1'))).toBe('SyscallError(CopyOverlapping)');
    expect(after(copy('tos_memcpy', 0, 0, '0'))).toBe('abcdefgh');
  });

  test('tos_memmove copies in both directions', () => {
    expect(after(copy('tos_memmove', 1, 0, '4'))).toBe('aabcdfgh');
    expect(after(copy('tos_memmove', 0, 1, '4'))).toBe('bcdeefgh');
  });

  test('tos_memset takes the low byte', () => {
    expect(after('add64 r1, 2\nmov64 r2, 0x7a59\nmov64 r3, 3\nsyscall tos_memset')).toBe('abYYYfgh');
  });

  test.each([
    ['abcdabcd', 4, 0],
    ['abcdabce', 4, -1],
    ['abcfabcd', 4, 2],
    ['zbcdabcd', 4, 25],
    ['zbcdabcd', 0, 0],
  ])('tos_memcmp of the halves of %s, %i bytes, writes %i', (input, length, wanted) => {
    const source = `
      mov64 r2, r1
      add64 r2, 4
      mov64 r3, ${length}
      lddw r4, 0x300000000
      stw [r4+0], 99
      syscall tos_memcmp
      ldxw r0, [r4+0]
      exit`;
    expect(runAssembly(source, { input }).exitCode).toBe(BigInt.asUintN(32, BigInt(wanted)));
  });

  test.each(['tos_memcpy', 'tos_memmove', 'tos_memset', 'tos_memcmp'])(
    '%s: a zero-length range may lie anywhere, any other must be mapped in one piece',
    (name) => {
      const call = (address: string, length: string) =>
        runAssembly(
          `lddw r1, ${address}\nlddw r2, 0x400000000\nlddw r3, ${length}\nlddw r4, 0x300000000\nsyscall ${name}\nexit`,
          { input: new Uint8Array(64), gasLimit: 2n ** 64n - 1n },
        );
      expect(call('7', '0').status).toBe('success');
      for (const [address, region] of [
        ['0', 'unknown'],
        ['0x2ffffffff', 'stack'],
        ['0x300007ff0', 'heap'],
      ]) {
        expect(call(address!, '32').error?.code).toBe('ACCESS_VIOLATION');
        expect(call(address!, '32').error?.native?.detail).toContain(`"${region}"`);
      }
    },
  );

  test('a length of 2^64 − 1 is paid exactly before it faults', () => {
    const source = 'mov64 r1, 0\nmov64 r2, 0\nmov64 r3, -1\nsyscall tos_memset\nexit';
    const result = runAssembly(source, { gasLimit: 2n ** 64n - 1n });
    expect(result.error).toMatchObject(native('AccessViolation(Store, 0, 18446744073709551615, "unknown")'));
    expect(result.gasUsed).toBe(18446744073709551615n / 250n + 4n);
    expect(runAssembly(source).error?.code).toBe('OUT_OF_GAS');
  });

  test('read-only memory is a source, not a target', () => {
    const program = (name: string) => `lddw r2, 0x100000040\nmov64 r3, 8\nsyscall ${name}\nexit`;
    expect(runAssembly(program('tos_memcpy'), { input: new Uint8Array(8) }).status).toBe('success');
    const target = 'lddw r1, 0x100000040\nlddw r2, 0x400000000\nmov64 r3, 8\nsyscall tos_memcpy\nexit';
    expect(runAssembly(target, { input: new Uint8Array(8) }).error).toMatchObject(
      native('AccessViolation(Store, 4294967360, 8, "program")'),
    );
  });
});

test('the contract that the tests run as is 32 bytes 0x11', () => {
  expect(SELF).toEqual(hexToBytes('11'.repeat(32)));
});
