import { syscallKey } from '@switchyard/tbpf/format';
import { writePointer } from './pointers.ts';
import type { Scope } from './scope.ts';

/** The sample syscalls of the vector files. */
export const SAMPLE_SYSCALLS: readonly string[] = ['burn', 'fail', 'log', 'fill', 'gather_bytes'];

/** A call of a sample syscall; pointers and lengths mostly fit. */
export function writeSampleSyscall(scope: Scope): void {
  const { random, builder } = scope;
  const name = random.weighted({ gather_bytes: 30, log: 25, fill: 25, burn: 18, fail: 2 });
  if (name === 'burn') {
    const most = random.chance(85) ? 40 : 100_000;
    if (random.chance(95)) builder.imm('mov64', 1, random.below(most));
    if (random.chance(50)) builder.imm('mov64', 2, random.between(-5, 5));
  } else if (name === 'log' || name === 'fill') {
    const pointer = writePointer(scope);
    if (pointer !== 1) builder.reg('mov64', 1, pointer);
    builder.imm('mov64', 2, random.chance(80) ? random.between(0, 16) : random.between(0, 4200));
  }
  builder.syscall(syscallKey(name));
}
