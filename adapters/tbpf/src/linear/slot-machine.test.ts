import { describe, expect, test } from 'vitest';
import type { TbpfConfig } from '../config.ts';
import { tbpfVersions } from '../isa/version.ts';
import { sampleSyscalls } from '../vectors/sample-syscalls.ts';
import { type BothRun, endOnReference, endOnSlot, type RunEnd } from './both-machines.fixture.ts';
import { Cell } from './layout.ts';

/** The end of a run, which is the same on both tiers. */
function end(options: BothRun): RunEnd {
  const wanted = endOnReference(options);
  expect(endOnSlot(options)).toEqual(wanted);
  return wanted;
}

/** One access at `r1 + offset`, of a stack pointer moved by `move`. */
const access = (operation: string, move: number): string =>
  `mov64 r2, 0x1122\nlsh64 r2, 40\nor64 r2, 0x334455\nmov64 r1, r10\nadd64 r1, ${move}\n${operation}\nexit`;

const gapless: Partial<TbpfConfig> = { enableStackFrameGaps: false };

describe('memory', () => {
  const operations = [
    ...['b', 'h', 'w', 'dw'].flatMap((size) => [
      `ldx${size} r0, [r1+0]`,
      `stx${size} [r1+0], r2`,
      `st${size} [r1+0], -2`,
    ]),
  ];
  // r10 is the end of frame 0: −1 is its last byte, 0 the gap, 4096 the next frame.
  const moves = [-4097, -4096, -8, -7, -4, -1, 0, 1, 4095, 4096, 8191, 8192];
  const last = 4096 * 2 * 63;

  test.each(operations)(
    '%s at ends of frames, with gaps and without, ends as on the reference tier',
    (operation) => {
      for (const move of [...moves, ...moves.map((one) => one + last)]) {
        for (const config of [
          {},
          gapless,
          { stackFrameSize: 24 },
          { stackFrameSize: 4096, maxCallDepth: 1 },
        ]) {
          end({ source: access(operation, move), config });
        }
      }
    },
  );

  test('an access over the end of a frame touches the next frame', () => {
    // The word at −4 of frame 0 ends in the first bytes of frame 1, which begins 4096 further on.
    const source =
      'mov64 r1, r10\nmov64 r2, -1\nstxdw [r1-4], r2\nadd64 r1, 4096\nldxw r0, [r1+0]\nldxw r3, [r1+4]\nexit';
    expect(end({ source }).registers.slice(0, 4)).toMatchObject([
      0xffff_ffffn,
      0x2_0000_2000n,
      2n ** 64n - 1n,
      0n,
    ]);
  });

  test('addresses wrap, and no region reaches into another', () => {
    const bases = [
      '0',
      '1',
      '-1',
      '-9',
      '0xffffffff',
      '0x100000000',
      '0x1fffffffc',
      '0x2fffffffc',
      '0x300000000',
    ];
    const further = [
      '0x3000000f8',
      '0x3000000f9',
      '0x400000038',
      '0x400000039',
      '0x3ffffffff',
      '0x500000000',
    ];
    for (const base of [...bases, ...further]) {
      for (const operation of [
        'ldxdw r0, [r1-2]',
        'ldxdw r0, [r1+0]',
        'stxdw [r1+0], r2',
        'ldxb r0, [r1+7]',
      ]) {
        end({ source: `lddw r1, ${base}\n${operation}\nexit` });
      }
    }
  });

  test('regions of no length hold nothing, those shorter than an access hold only what fits', () => {
    for (const length of [0, 1, 2, 3, 4, 7, 8, 9]) {
      for (const size of ['b', 'h', 'w', 'dw']) {
        for (const region of [3, 4]) {
          const source = `lddw r1, 0x${region}00000000\nstx${size} [r1+0], r1\nldx${size} r0, [r1+1]\nexit`;
          end({ source, heapSize: length, input: new Uint8Array(length) });
        }
      }
    }
  });

  test('the profile has the regions that an access has gone to, and no region of a fault', () => {
    // One load in a loop over program, stack, heap and input, then a store to the stack alone.
    const source = `
      mov64 r3, 1
      loop:
      mov64 r1, r3
      lsh64 r1, 32
      ldxb r0, [r1+0]
      add64 r3, 1
      jne r3, 5, loop
      stxdw [r10-8], r3
      ldxb r0, [r3+0]
      exit`;
    let profile: readonly number[] = [];
    expect(endOnSlot({ source }, (slot) => (profile = [...slot.readProfile()]))).toEqual(
      endOnReference({ source }),
    );
    expect(profile).toEqual([0, 0, 0, 0b11110, 0, 0, 0b100, 0, 0]);
  });

  test('an access that leaves its region for another and comes back is right at each step', () => {
    // r6 alternates between heap and input: r1 = r6 even ? heap : input.
    const source = `
      mov64 r6, 0
      loop:
      mov64 r1, r6
      and64 r1, 1
      add64 r1, 3
      lsh64 r1, 32
      add64 r1, r6
      stxb [r1+0], r6
      ldxb r2, [r1+0]
      add64 r0, r2
      add64 r6, 1
      jne r6, 60, loop
      exit`;
    for (const version of [0, 1] as const) expect(end({ source, version }).registers[0]).toBe(1770n);
  });
});

describe('the meter', () => {
  const source = `
    mov64 r6, 9
    loop:
    call function_f
    add64 r6, -1
    jne r6, 0, loop
    mov64 r1, 3
    syscall burn
    exit
    function_f:
    add64 r0, 1
    exit`;
  const syscalls = sampleSyscalls;

  test('a limit at each count ends the run as on the reference tier', () => {
    for (let gasLimit = 0n; gasLimit < 60n; gasLimit++) end({ source, syscalls, gasLimit });
  });

  test('slices of the meter and chunks of the loop are never seen', () => {
    for (const sliceUnits of [1, 2, 5, 7]) {
      for (const chunk of [1, 2, 3, 1000]) {
        for (const gasLimit of [30n, 52n, 53n, 54n, 2n ** 64n - 1n]) {
          const options = { source, syscalls, gasLimit };
          expect(endOnSlot({ ...options, sliceUnits, chunk })).toEqual(endOnReference(options));
        }
      }
    }
  });

  test('a body sees and takes units beyond 2^53', () => {
    const burn = 'lddw r1, 0xfffffffffffffff0\nsyscall burn\nadd64 r0, 1\nexit';
    expect(end({ source: burn, syscalls, gasLimit: 2n ** 64n - 1n })).toMatchObject({
      used: 2n ** 64n - 16n + 4n,
      instructions: 4,
    });
    expect(end({ source: burn, syscalls, gasLimit: 2n ** 64n - 15n }).fault).toBe('ExceededMaxInstructions');
  });

  test('without metering nothing is used, whatever the limit', () => {
    const config = { enableInstructionMeter: false };
    expect(end({ source: 'mov64 r0, 1\nexit', config, gasLimit: 0n })).toMatchObject({
      used: 0n,
      fault: undefined,
    });
  });
});

describe('calls', () => {
  test('nest to the configured depth, in every version', () => {
    for (const version of tbpfVersions) {
      const source = `function_f:\nadd64 r10, -64\nadd64 r0, 1\ncall function_f\nexit`.replace(
        version === 0 ? 'add64 r10, -64\n' : '',
        '',
      );
      for (const maxCallDepth of [1, 2, 64]) {
        const { fault, registers } = end({ source, version, config: { maxCallDepth } });
        expect([fault, registers[0]]).toEqual(['CallDepthExceeded', BigInt(maxCallDepth)]);
      }
    }
  });

  test('callx takes its register before the frame is pushed and ignores the low bits', () => {
    for (const target of [
      '0x100000028',
      '0x10000002f',
      '0x100000000',
      '0xfffffff8',
      '0x100000030',
      '0x100000038',
      '-1',
    ]) {
      end({ source: `lddw r9, ${target}\ncallx r9\nadd64 r0, 1\nexit\nadd64 r0, 2\nexit` });
    }
  });

  test('callx of V3 goes to function start markers only', () => {
    for (const target of [0, 8, 24, 32, 40, 48]) {
      const source = `add64 r10, 0\nmov64 r1, ${target}\ncallx r1\nmov64 r0, 7\nexit\nadd64 r10, -64\nexit`;
      end({ source, version: 3 });
    }
  });
});

test('a run leaves the cells of the run, registers among them, as zeros', () => {
  let words: Int32Array = new Int32Array(0);
  endOnSlot({ source: 'mov64 r0, -1\nmov64 r9, -1\nexit' }, (slot) => {
    words = slot.words;
  });
  expect([...words.subarray(0, Cell.interpreter >> 2)].every((word) => word === 0)).toBe(true);
});
