import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Program } from '../interpreter/program.ts';
import { sampleSyscalls } from '../vectors/sample-syscalls.ts';
import { endOf, programOf, type RunEnd } from './both-machines.fixture.ts';
import { SlotPool } from './slot-pool.ts';
import { type WebAssemblyApi, webAssembly } from './web-assembly.ts';

const api = webAssembly()!;
const exit = programOf({ source: 'exit' });
const other = programOf({ source: 'mov64 r0, 1\nexit', version: 1 });

function runOn(
  pool: SlotPool,
  program: Program,
  { heapBytes = 8192, input = new Uint8Array(8) } = {},
): RunEnd {
  const slot = pool.take(program, heapBytes, input.length)!;
  try {
    slot.machine.begin({ entryPc: 0, gasLimit: 100_000n, input, host: undefined });
    slot.machine.interpret();
    return endOf(slot.machine);
  } finally {
    pool.give(slot);
  }
}

describe('SlotPool', () => {
  test('gives a program the slot that has it, and a new one to another while few are idle', () => {
    const pool = new SlotPool(api, { slots: 2, slotBytes: 2 ** 23, bytes: 2 ** 25 });
    const first = pool.take(exit, 0, 0)!;
    pool.give(first);
    const second = pool.take(other, 0, 0)!;
    expect(second).not.toBe(first);
    pool.give(second);
    expect(pool.take(exit, 0, 0)).toBe(first);
    pool.give(first);
    // Another heap is another layout; both places are taken, so the slot that has waited longest is loaded anew.
    expect(pool.take(exit, 64, 0)).toBe(second);
  });

  test('nested runs hold a slot each, and at most so many wait afterwards', () => {
    const pool = new SlotPool(api, { slots: 3, slotBytes: 2 ** 23, bytes: 2 ** 25 });
    const held = Array.from({ length: 6 }, () => pool.take(exit, 0, 0)!);
    expect(new Set(held).size).toBe(6);
    for (const slot of held) pool.give(slot);
    expect(pool.idle).toBe(3);
  });

  test('a slot grows for program and input, and is dropped when it has grown too large', () => {
    const pool = new SlotPool(api, { slots: 3, slotBytes: 2 ** 20, bytes: 2 ** 25 });
    const read = programOf({ source: 'lddw r1, 0x4000ffff7\nldxdw r0, [r1+0]\nexit' });
    const small = runOn(pool, read);
    expect(small.fault).toBe('AccessViolation(Load, 17180917751, 8, "input")');
    expect(pool.idle).toBe(1);
    const input = new Uint8Array(2 ** 20).fill(7);
    expect(runOn(pool, read, { input })).toMatchObject({ fault: undefined });
    expect(pool.idle).toBe(0);
    expect(runOn(pool, read)).toEqual(small);
  });

  test('keeps no more bytes than its bound', () => {
    const pool = new SlotPool(api, { slots: 10, slotBytes: 2 ** 23, bytes: 2 ** 20 });
    const held = Array.from({ length: 5 }, () => pool.take(exit, 0, 0)!);
    for (const slot of held) pool.give(slot);
    expect(pool.idle).toBe(Math.floor(2 ** 20 / held[0]!.byteLength));
  });

  test('has no slot where there is no WebAssembly, where it is forbidden, or where memory is short', () => {
    const without = (changes: Partial<WebAssemblyApi>): SlotPool =>
      new SlotPool({ ...members(), ...changes });
    const refuse = class {
      constructor() {
        throw new RangeError('WebAssembly.Memory(): could not allocate memory');
      }
    };
    const forbid = class {
      constructor() {
        throw new Error('refused by the page');
      }
    };
    expect(new SlotPool(undefined).take(exit, 0, 0)).toBeUndefined();
    expect(
      without({ Memory: refuse as unknown as WebAssemblyApi['Memory'] }).take(exit, 0, 0),
    ).toBeUndefined();
    expect(
      without({ Module: forbid as unknown as WebAssemblyApi['Module'] }).take(exit, 0, 0),
    ).toBeUndefined();
    const pool = without({});
    expect(pool.take(exit, 0, 2 ** 33)).toBeUndefined();
    expect(pool.take(exit, 0, 0)).toBeDefined();
  });

  test("does not take the host's full call stack for a lack of memory", () => {
    const deep = class {
      constructor() {
        throw new RangeError('Maximum call stack size exceeded');
      }
    };
    const pool = new SlotPool({ ...members(), Memory: deep as unknown as WebAssemblyApi['Memory'] });
    expect(() => pool.take(exit, 0, 0)).toThrow('call stack');
  });
});

function members(): WebAssemblyApi {
  const { Module, Instance, Memory } = api;
  return { Module, Instance, Memory };
}

describe('between two runs', () => {
  // Writes r6 + i to addresses that the input lists, then reads and adds up all of the heap and the stack.
  const scatter = `
    mov64 r6, r1
    mov64 r7, 0
    loop:
    ldxdw r2, [r6+0]
    ldxdw r3, [r6+8]
    stxdw [r2+0], r3
    stxb [r2+9], r3
    add64 r6, 16
    add64 r7, 1
    jne r7, 6, loop
    mov64 r1, r2
    mov64 r2, 40
    mov64 r3, 5
    syscall fill
    exit`;
  const word = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n });

  test.each([0, 1] as const)('nothing of the first is seen by the second: random writes, V%i', (version) => {
    const program = programOf({ source: scatter, version, syscalls: sampleSyscalls });
    const look = programOf({ source: 'mov64 r0, 0\nexit', version, syscalls: sampleSyscalls });
    const stackAddress = fc
      .tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 0, max: 4086 }))
      .map(([frame, offset]) => (2n << 32n) + BigInt((version === 0 ? 8192 : 4096) * frame + offset));
    const heapAddress = fc.integer({ min: 0, max: 8182 }).map((offset) => (3n << 32n) + BigInt(offset));
    const writes = fc.array(fc.tuple(fc.oneof(stackAddress, heapAddress), word), {
      minLength: 6,
      maxLength: 6,
    });
    const pool = new SlotPool(api, { slots: 1, slotBytes: 2 ** 23, bytes: 2 ** 25 });
    const fresh = runOn(new SlotPool(api), look);
    fc.assert(
      fc.property(writes, (list) => {
        const input = new Uint8Array(96);
        const view = new DataView(input.buffer);
        for (const [index, [address, value]] of list.entries()) {
          view.setBigUint64(index * 16, address, true);
          view.setBigUint64(index * 16 + 8, value, true);
        }
        const slot = pool.take(program, 8192, input.length)!;
        slot.machine.begin({ entryPc: 0, gasLimit: 1000n, input, host: undefined });
        slot.machine.setRegister(1, 4n << 32n);
        slot.machine.interpret();
        expect(slot.machine.instructions).toBeGreaterThan(36);
        pool.give(slot);
        expect(runOn(pool, look)).toEqual(fresh);
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  test('another program sees nothing of the last one, though everything lies elsewhere', () => {
    const pool = new SlotPool(api, { slots: 1, slotBytes: 2 ** 23, bytes: 2 ** 25 });
    const wide = { maxCallDepth: 3, stackFrameSize: 512 };
    const long = programOf({ source: `${'lddw r1, 0x1122334455667788\n'.repeat(20_000)}exit`, config: wide });
    const input = new Uint8Array(60_000).fill(0xee);
    const fresh = runOn(new SlotPool(api), exit);
    for (let round = 0; round < 2; round++) {
      expect(runOn(pool, long, { heapBytes: 16, input }).fault).toBeUndefined();
      expect(runOn(pool, exit)).toEqual(fresh);
    }
    expect(pool.idle).toBe(1);
  });
});
