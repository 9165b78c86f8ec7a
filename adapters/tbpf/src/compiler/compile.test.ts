import { describe, expect, test } from 'vitest';
import { type BareProgram, BothTiers } from './both-tiers.fixture.ts';

/** Runs with every limit up to one more than the program needs, and some beyond; answers how often tier 0 had to help with enough gas. */
function agreeAtEveryLimit(source: string, program: BareProgram = {}): number {
  const both = new BothTiers(source, program);
  const { instructions } = both.reference(1_000_000n);
  for (let limit = 0n; limit <= instructions + 2n; limit++) {
    expect(both.run(limit), `limit ${limit}`).toEqual(both.reference(limit));
  }
  both.run(1_000_000n);
  return both.coldExits;
}

describe('compiled code ends as the reference does at every limit', () => {
  test('in a loop of one block, which is unrolled', () => {
    const loop = 'mov64 r0, 0\nmov64 r2, 11\nagain:\nadd64 r0, r2\nadd64 r2, -1\njne r2, 0, again\nexit';
    expect(agreeAtEveryLimit(loop)).toBe(0);
  });

  test('in an unrolled loop that goes on when its branch is not taken', () => {
    const loop =
      'mov64 r0, 0\nmov64 r2, 11\nagain:\nadd64 r0, r2\nadd64 r2, -1\njeq r2, 0, done\nja again\ndone:\nexit';
    expect(agreeAtEveryLimit(loop)).toBe(0);
    const selfLoop = 'mov64 r2, 9\nja again\ndone:\nexit\nagain:\nadd64 r2, -1\njne r2, 0, again\nja done';
    expect(agreeAtEveryLimit(selfLoop)).toBe(0);
  });

  test('in an unrolled loop that faults in the middle of its rounds', () => {
    const walk =
      'mov64 r2, r1\nagain:\nldxb r3, [r2+0]\nstxb [r2+0], r0\nadd64 r2, 1\njne r3, 0, again\nexit';
    const both = new BothTiers(walk, { input: '010203040506070809' });
    expect(both.run(1000n)).toEqual(both.reference(1000n));
    expect(both.run(1000n).fault).toBe('AccessViolation(Load, 17179869193, 1, "input")');
    expect(agreeAtEveryLimit(walk, { input: '0102030405060700' })).toBe(0);
  });

  test('with branches whose ways cost differently', () => {
    const ways = `mov64 r2, 7
      again:
      jset r2, 1, odd
      rsh64 r2, 1
      add64 r0, 1
      ja next
      odd:
      add64 r2, -1
      next:
      jne r2, 0, again
      exit`;
    expect(agreeAtEveryLimit(ways)).toBe(0);
  });

  test.each(['v0', 'v1', 'v2', 'v3'])('with calls that recurse, %s', (version) => {
    const marker = version === 'v3' ? 'add64 r10, 0\n' : '';
    const fibonacci = `entrypoint:
      ${marker}mov64 r1, 6
      call function_fib
      exit
      function_fib:
      ${marker}jgt r1, 1, deeper
      mov64 r0, r1
      exit
      deeper:
      mov64 r6, r1
      add64 r1, -1
      call function_fib
      mov64 r7, r0
      mov64 r1, r6
      add64 r1, -2
      call function_fib
      add64 r0, r7
      exit`;
    expect(agreeAtEveryLimit(fibonacci, { version })).toBe(0);
  });

  test('with syscalls that charge gas of their own', () => {
    const burn =
      'mov64 r6, 5\nagain:\nmov64 r1, 7\nmov64 r2, 1\nsyscall burn\nadd64 r6, -1\njne r6, 0, again\nexit';
    expect(agreeAtEveryLimit(burn, { syscalls: ['burn'] })).toBe(0);
  });

  test('with jumps into a loop from two sides, which takes a dispatcher', () => {
    const irreducible = `mov64 r2, 9
      jgt r2, 4, second
      first:
      add64 r0, 1
      second:
      add64 r0, 2
      add64 r2, -1
      jgt r2, 5, first
      jne r2, 0, second
      exit`;
    expect(agreeAtEveryLimit(irreducible)).toBe(0);
  });

  test('with a callee that reads what only its caller knows, and a caller that reads what the callee leaves', () => {
    const odd = `entrypoint:
      mov64 r6, 40
      mov64 r9, 2
      mov64 r4, 100
      call function_odd
      add64 r0, r4
      add64 r0, r3
      add64 r0, r6
      exit
      function_odd:
      mov64 r3, r6
      add64 r3, r9
      mov64 r6, 1
      exit`;
    const both = new BothTiers(odd);
    expect(both.run(100n).r0).toBe(182n);
    expect(agreeAtEveryLimit(odd)).toBe(0);
  });

  test.each([
    'mov64 r2, 0\nmov64 r0, 9\ndiv64 r0, r2\nexit',
    'mov64 r2, 0\nmov64 r0, 9\nmod32 r0, r2\nexit',
    'lddw r2, 0x200000000\nldxdw r0, [r2-1]\nexit',
    'stxdw [r10+0], r0\nexit',
    'stdw [r10-4], 1\nexit',
    'entrypoint:\ncall function_a\nexit\nfunction_a:\ncall function_a\nexit',
    'lddw r2, 0x100000000\ncallx r2\nexit',
    'mov64 r2, 3\ncallx r2\nexit',
  ])('in faults: %s', (source) => {
    agreeAtEveryLimit(source);
  });
});

describe('memory', () => {
  const frames = `entrypoint:
    stdw [r10-8], 1
    mov64 r1, r10
    add64 r1, -8
    call function_inner
    ldxdw r0, [r10-8]
    exit
    function_inner:
    stdw [r10-4096], 5
    ldxdw r2, [r1+0]
    add64 r2, 41
    stxdw [r1+0], r2
    exit`;

  test("of own frames needs no check, and a pointer into a caller's frame is followed", () => {
    const both = new BothTiers(frames);
    expect(both.run(100n)).toEqual(both.reference(100n));
    expect(both.run(100n).r0).toBe(42n);
    expect(both.coldExits).toBe(0);
  });

  test.each([
    { enable_stack_frame_gaps: false },
    { stack_frame_size: 64 },
    { stack_frame_size: 24 },
    { max_call_depth: 1 },
  ])('is that of the reference with %o', (config) => {
    const small = frames.replace('r10-4096', 'r10-16');
    agreeAtEveryLimit(small, { config });
  });

  test('an access over the end of a frame reaches the next one, as in the reference', () => {
    const across = `entrypoint:
      mov64 r2, r10
      add64 r2, -4
      stdw [r2+0], 0x7f
      stw [r10-4], 0x55
      ldxdw r0, [r2+0]
      exit`;
    agreeAtEveryLimit(across);
  });

  test.each([
    ['v1', 'add64 r10, -64\nstdw [r10+0], 7\nldxdw r0, [r10+0]\nadd64 r10, 64\nexit'],
    ['v1', 'add64 r10, -64\nstdw [r10+64], 7\nexit'],
    ['v3', 'entrypoint:\nadd64 r10, -4096\nstdw [r10+4088], 7\nldxdw r0, [r10+4088]\nexit'],
  ])('moves with r10 in %s: %s', (version, source) => {
    agreeAtEveryLimit(source, { version });
  });

  test('a prediction that fails costs speed only, and what was seen mends it', () => {
    // The address is computed, so nothing is known of it; then the profile says input.
    const hidden = 'mov64 r2, 1\nlsh64 r2, 34\nldxb r0, [r2+1]\nldxb r3, [r2+2]\nadd64 r0, r3\nexit';
    const both = new BothTiers(hidden, { input: '0a0b0c' });
    expect(both.run(100n)).toEqual(both.reference(100n));
    expect(both.coldExits).toBe(0);
  });

  test('a wrong prediction sends a run to tier 0, and what that has seen mends it', () => {
    // The stack gives a pointer back that looked like the heap's when it was spilled.
    const wrong = `lddw r2, 0x300000000
      and64 r2, 0
      or64 r2, r1
      lddw r3, 0x300000000
      sub64 r3, r3
      add64 r3, r2
      ldxb r0, [r3+0]
      exit`;
    const both = new BothTiers(wrong, { input: '2a', heap: 8 });
    expect(both.run(100n)).toEqual(both.reference(100n));
    expect(both.coldExits).toBe(1);
    both.recompile();
    expect(both.run(100n).r0).toBe(42n);
    expect(both.coldExits).toBe(0);
  });

  test('an access that may go anywhere leaves the checked address of its register alone', () => {
    const group =
      'ldxb r2, [r1+0]\nldxb r3, [r1+1]\nldxb r4, [r1+2]\nmov64 r0, r4\nlsh64 r0, 8\nor64 r0, r3\nexit';
    const both = new BothTiers(group, { input: '0a0b0c', heap: 8 });
    const INPUT = 1 << 4;
    const HEAP = 1 << 3;
    both.recompileWith([INPUT, INPUT | HEAP, INPUT]);
    expect(both.run(100n).r0).toBe(0x0c0bn);
    expect(both.run(100n)).toEqual(both.reference(100n));
    expect(both.coldExits).toBe(0);
  });

  test('accesses through one register share a check, and the last byte of the input is still read without help', () => {
    const group =
      'ldxb r2, [r1+0]\nldxb r3, [r1+7]\nldxw r4, [r1+2]\nadd64 r2, r3\nadd64 r2, r4\nmov64 r0, r2\nexit';
    const both = new BothTiers(group, { input: '0102030405060708' });
    expect(both.run(100n)).toEqual(both.reference(100n));
    expect(both.coldExits).toBe(0);
    const short = new BothTiers(group, { input: '01020304050607' });
    expect(short.run(100n)).toEqual(short.reference(100n));
    expect(short.coldExits).toBe(1);
  });
});

describe('callx', () => {
  const table = `entrypoint:
    mov64 r6, 3
    again:
    lddw r2, 0x100000000
    add64 r2, OFFSET
    mov64 r1, 5
    callx r2
    add64 r0, r1
    add64 r6, -1
    jne r6, 0, again
    exit
    function_target:
    add64 r1, 1
    mov64 r0, r1
    mov64 r6, 99
    exit`;

  test('reaches a function that something registers, and one that nobody knew', () => {
    const known = `${table}\nfunction_user:\ncall function_target\nexit`.replace('OFFSET', '88');
    const both = new BothTiers(known);
    expect(both.run(100n)).toEqual(both.reference(100n));
    const unknown = new BothTiers(table.replace('OFFSET', '88'));
    expect(unknown.run(100n)).toEqual(unknown.reference(100n));
    expect(agreeAtEveryLimit(known)).toBe(agreeAtEveryLimit(known));
  });

  test('to the middle of a constant or behind the text fails as in the reference', () => {
    for (const offset of ['16', '800', '-8']) agreeAtEveryLimit(table.replace('OFFSET', offset));
  });
});

describe('hostile programs', () => {
  test('a function that is too large is left to tier 0, which runs it', () => {
    const both = new BothTiers(`${'add64 r0, 1\n'.repeat(20_000)}exit`);
    expect(both.compiled?.coldFunctions).toBe(1);
    expect(both.run(30_000n)).toEqual(both.reference(30_000n));
    expect(both.coldExits).toBe(1);
  });

  test('functions that share their code without end are not compiled', () => {
    const calls = Array.from({ length: 400 }, (_, index) => `call function_${index}`).join('\n');
    const bodies = Array.from(
      { length: 400 },
      (_, index) => `function_${index}:\n${'add64 r0, 1\n'.repeat(10)}`,
    ).join('');
    expect(new BothTiers(`entrypoint:\n${calls}\nexit\n${bodies}exit`).compiled).toBeUndefined();
  });

  test('a chain of 2,000 functions is compiled in one go', () => {
    const bodies = Array.from(
      { length: 2000 },
      (_, index) => `function_${index}:\nadd64 r1, ${index}\ncall function_${index + 1}\nexit\n`,
    ).join('');
    const both = new BothTiers(`entrypoint:\ncall function_0\nexit\n${bodies}function_2000:\nexit`);
    expect(both.compiled?.functions).toBe(2002);
    expect(both.run(10_000n)).toEqual(both.reference(10_000n));
  });
});
