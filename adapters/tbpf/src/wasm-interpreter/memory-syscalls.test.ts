import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BothRun, endOnReference, endOnSlot } from '../linear/both-machines.fixture.ts';
import { Cell } from '../linear/layout.ts';
import type { Syscall } from '../syscalls/syscall.ts';
import { tosMemcmp, tosMemcpy, tosMemmove, tosMemset } from '../syscalls/tos-memory.ts';

/** Counts how often the host's body ran, as a table of its own. */
function counted(): { readonly syscalls: readonly Syscall[]; readonly calls: () => number } {
  let calls = 0;
  const syscalls = [tosMemcpy, tosMemmove, tosMemset, tosMemcmp].map(
    (syscall): Syscall => ({
      ...syscall,
      run(machine) {
        calls++;
        return syscall.run(machine);
      },
    }),
  );
  return { syscalls, calls: () => calls };
}

const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** Fills the first bytes of heap and stack with something, then calls. */
function source(name: string, args: readonly bigint[]): string {
  const load = args.map((value, index) => `lddw r${index + 1}, ${hex(value)}`).join('\n');
  return `
    lddw r6, 0x1122334455667788
    lddw r1, 0x300000000
    stxdw [r1+0], r6
    stxdw [r1+16], r6
    stxdw [r10-16], r6
    ${load}
    syscall tos_${name}
    exit`;
}

const input = Uint8Array.from({ length: 600 }, (_, index) => (index * 7) & 0xff);

/** Addresses in and around all regions; with 4 KiB frames and gaps in V0. */
const anyAddress = fc
  .tuple(
    fc.constantFrom(
      0n,
      1n << 32n,
      2n << 32n,
      (2n << 32n) + 4096n,
      (2n << 32n) + 0x7e000n,
      3n << 32n,
      4n << 32n,
      5n << 32n,
    ),
    fc.integer({ min: -40, max: 700 }),
  )
  .map(([base, offset]) => BigInt.asUintN(64, base + BigInt(offset)));
const anyLength = fc.oneof(
  fc.constantFrom(
    0n,
    1n,
    7n,
    8n,
    9n,
    2499n,
    2500n,
    2510n,
    5000n,
    1n << 28n,
    (1n << 28n) + 1n,
    1n << 32n,
    (1n << 64n) - 1n,
  ),
  fc.bigInt({ min: 0n, max: 700n }),
);
const anyCall = fc.record({
  name: fc.constantFrom('memcpy', 'memmove', 'memset', 'memcmp'),
  args: fc.tuple(anyAddress, anyAddress, anyLength, anyAddress),
  gasLimit: fc.constantFrom(10_000n, 16n, 20n, 21n, 22n, 23n, 24n),
  version: fc.constantFrom(0 as const, 1 as const),
});

describe('the memory syscalls inside WebAssembly', () => {
  test('end as those of the host do, at any address, length and limit', () => {
    const { syscalls } = counted();
    fc.assert(
      fc.property(anyCall, ({ name, args, gasLimit, version }) => {
        const options: BothRun = {
          source: source(name, args),
          syscalls,
          gasLimit,
          version,
          input,
          heapSize: 3000,
        };
        expect(endOnSlot(options)).toEqual(endOnReference(options));
      }),
      { numRuns: 400, seed: 20_261_121 },
    );
  });

  test('leave the host out of what succeeds, and only of that', () => {
    const [heap, onInput] = [3n << 32n, 4n << 32n];
    const run = (name: string, args: readonly bigint[], hostOnly = false): number => {
      const { syscalls, calls } = counted();
      const options = { source: source(name, args), syscalls, input, heapSize: 3000 };
      endOnSlot({ ...options, hostSyscallsOnly: hostOnly });
      return calls();
    };
    for (const name of ['memcpy', 'memmove', 'memset', 'memcmp']) {
      const args = [heap + 64n, onInput, 500n, heap + 2000n];
      expect([name, run(name, args), run(name, args, true)]).toEqual([name, 0, 1]);
      expect(run(name, [heap + 64n, onInput, 601n, heap + 2000n])).toBe(name === 'memset' ? 0 : 1);
    }
    expect(run('memcpy', [heap, heap + 8n, 9n])).toBe(1);
    expect(run('memmove', [heap, heap + 8n, 9n])).toBe(0);
  });

  test('mark every page of the stack that they write to', () => {
    const { syscalls } = counted();
    const options: BothRun = {
      source: source('memset', [2n << 32n, 0xffn, 9000n]),
      syscalls,
      version: 1,
    };
    let marked: readonly number[] = [];
    endOnSlot(options, (slot) => {
      const { dirtyPages } = slot.loaded!.layout;
      marked = [...slot.bytes.subarray(dirtyPages, dirtyPages + 64)];
      expect(slot.words[Cell.heapDirty >> 2]).toBe(1);
    });
    // The last page is that of the stores at r10.
    expect(marked).toEqual([1, 1, 1, ...Array.from({ length: 60 }, () => 0), 1]);
  });
});
