import type { TbpfVersion } from '../isa/version.ts';

/** A benchmark program: its source by version, what it is given, and what must come of it. */
export interface BenchProgram {
  readonly name: string;
  readonly source: (version: BenchVersion) => string;
  /** What it works in, apart from registers. Who works in the input gets 64 KiB of it. */
  readonly memory: 'none' | 'input' | 'heap' | 'stack';
  readonly r0: bigint;
  /** Counted instructions by version. */
  readonly instructions: Readonly<Record<BenchVersion, number>>;
}

/** Versions that the programs exist in: fixed frames, and frames that the program moves. */
export type BenchVersion = Extract<TbpfVersion, 0 | 3>;

export const benchVersions: readonly BenchVersion[] = [0, 3];

/** Zeroed heap that every program gets. */
export const BENCH_HEAP_BYTES = 65_536;

/** The input of a program: each byte is 7 more than the one before, and each 256th one more than that. */
export function benchInput({ memory }: BenchProgram): Uint8Array {
  return Uint8Array.from(
    { length: memory === 'input' ? 65_536 : 0 },
    (_, index) => 3 + 7 * index + (index >> 8),
  );
}

/** In V3 a function starts with a marker; otherwise the texts are the same. */
const withMarkers =
  (source: string) =>
  (version: BenchVersion): string =>
    version === 0 ? source : source.replace(/^(?:entrypoint|function_\w+):$/gm, '$&\n    add64 r10, 0');

/**
 * Spills and an internal call in a loop. The frame lies below r10 where r10 starts at its upper end (V0), above where the function
 * lowers it first.
 */
function stackSource(version: BenchVersion): string {
  const at = (depth: number): string => (version === 0 ? `[r10-${depth}]` : `[r10+${64 - depth}]`);
  const marker = version === 0 ? '' : '    add64 r10, -64\n';
  return `entrypoint:
${marker}    mov64 r0, 0
    mov64 r6, 800000
    mov64 r7, 1013904223
loop:
    stxdw ${at(8)}, r6
    stxdw ${at(16)}, r7
    add64 r7, r6
    stxdw ${at(24)}, r7
    mov64 r1, r7
    ldxdw r2, ${at(16)}
    call function_mix
    ldxdw r3, ${at(24)}
    xor64 r3, r0
    stxdw ${at(32)}, r3
    ldxdw r4, ${at(8)}
    ldxdw r7, ${at(32)}
    add64 r7, r4
    add64 r6, -1
    jne r6, 0, loop
    mov64 r0, r7
    exit
function_mix:
${marker}    stxdw ${at(8)}, r1
    stxdw ${at(16)}, r2
    mul64 r1, 1664525
    rsh64 r1, 7
    stxdw ${at(24)}, r1
    ldxdw r0, ${at(8)}
    ldxdw r3, ${at(24)}
    add64 r0, r3
    ldxdw r3, ${at(16)}
    xor64 r0, r3
    exit
`;
}

/** The programs of fixtures/bench/tbpf. */
export const benchPrograms: readonly BenchProgram[] = [
  {
    name: 'a_alu',
    source: withMarkers(`entrypoint:
    mov64 r0, 1
    mov64 r1, 10000000
loop:
    add64 r0, r1
    xor64 r0, 1540483477
    mul64 r0, 1664525
    rsh64 r0, 1
    add64 r1, -1
    jne r1, 0, loop
    exit
`),
    memory: 'none',
    r0: 4660105432396492355n,
    instructions: { 0: 60_000_003, 3: 60_000_004 },
  },
  {
    name: 'b1_memcpy_byte',
    source: withMarkers(`entrypoint:
    mov64 r0, 0
    mov64 r6, 260
pass:
    mov64 r2, r1
    mov64 r3, r1
    add64 r3, 32768
    mov64 r4, r3
loop:
    ldxb r5, [r2+0]
    add64 r0, r5
    stxb [r3+0], r5
    add64 r2, 1
    add64 r3, 1
    jne r2, r4, loop
    add64 r6, -1
    jne r6, 0, pass
    exit
`),
    memory: 'input',
    r0: 1086259200n,
    instructions: { 0: 51_119_643, 3: 51_119_644 },
  },
  {
    name: 'b8_memcpy_word',
    source: withMarkers(`entrypoint:
    mov64 r0, 0
    mov64 r6, 2100
pass:
    mov64 r2, r1
    mov64 r3, r1
    add64 r3, 32768
    mov64 r4, r3
loop:
    ldxdw r5, [r2+0]
    add64 r0, r5
    stxdw [r3+0], r5
    add64 r2, 8
    add64 r3, 8
    jne r2, r4, loop
    add64 r6, -1
    jne r6, 0, pass
    exit
`),
    memory: 'input',
    r0: 18446744073705250816n,
    instructions: { 0: 51_622_203, 3: 51_622_204 },
  },
  {
    name: 'c_fib27',
    source: withMarkers(`entrypoint:
    mov64 r7, 13
    mov64 r8, 0
again:
    mov64 r1, 27
    call function_fib
    add64 r8, r0
    add64 r7, -1
    jne r7, 0, again
    mov64 r0, r8
    exit
function_fib:
    jgt r1, 1, deeper
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
    exit
`),
    memory: 'none',
    r0: 2553434n,
    instructions: { 0: 53_709_998, 3: 61_973_072 },
  },
  {
    name: 'd_sieve',
    source: withMarkers(`entrypoint:
    mov64 r9, 80
    mov64 r1, 3
    lsh64 r1, 32
    mov64 r2, r1
    add64 r2, 65536
pass:
    mov64 r3, r1
clear:
    stdw [r3+0], 0
    add64 r3, 8
    jne r3, r2, clear
    mov64 r4, 2
outer:
    mov64 r3, r1
    add64 r3, r4
    ldxb r5, [r3+0]
    jne r5, 0, next
    mov64 r3, r4
    mul64 r3, r4
    add64 r3, r1
mark:
    stb [r3+0], 1
    add64 r3, r4
    jlt r3, r2, mark
next:
    add64 r4, 1
    jne r4, 256, outer
    mov64 r0, 0
    mov64 r3, r1
    add64 r3, 2
count:
    ldxb r5, [r3+0]
    add64 r3, 1
    jne r5, 0, composite
    add64 r0, 1
composite:
    jlt r3, r2, count
    add64 r9, -1
    jne r9, 0, pass
    exit
`),
    memory: 'heap',
    r0: 6542n,
    instructions: { 0: 53_343_766, 3: 53_343_767 },
  },
  {
    name: 'e_collatz',
    source: withMarkers(`entrypoint:
    mov64 r0, 0
    mov64 r1, 1
outer:
    mov64 r2, r1
inner:
    jeq r2, 1, done
    add64 r0, 1
    jset r2, 1, odd
    rsh64 r2, 1
    ja inner
odd:
    mul64 r2, 3
    add64 r2, 1
    ja inner
done:
    add64 r1, 1
    jne r1, 110000, outer
    exit
`),
    memory: 'none',
    r0: 11929200n,
    instructions: { 0: 64_040_220, 3: 64_040_221 },
  },
  {
    name: 'f_xorshift32',
    source: withMarkers(`entrypoint:
    mov64 r0, 0
    mov32 r1, 305419896
    mov64 r4, 3500000
loop:
    mov32 r2, r1
    lsh32 r2, 13
    xor32 r1, r2
    mov32 r2, r1
    rsh32 r2, 17
    xor32 r1, r2
    mov32 r2, r1
    lsh32 r2, 5
    xor32 r1, r2
    add32 r0, r1
    mov32 r3, r0
    lsh32 r3, 7
    rsh32 r0, 25
    or32 r0, r3
    add64 r4, -1
    jne r4, 0, loop
    exit
`),
    memory: 'none',
    r0: 884101258n,
    instructions: { 0: 56_000_004, 3: 56_000_005 },
  },
  {
    name: 'g_stack',
    source: stackSource,
    memory: 'stack',
    r0: 14633086219918817819n,
    instructions: { 0: 20_800_005, 3: 21_600_006 },
  },
];
