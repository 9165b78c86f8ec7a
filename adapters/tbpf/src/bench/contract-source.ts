/** What a generated contract is like. */
export interface ContractShape {
  /** Functions in the text. */
  readonly functions: number;
  /** Functions that a call runs, one after another; the others stand behind a branch that is not taken. */
  readonly called: number;
  /** Times that a call runs them. */
  readonly rounds: number;
}

/** Bytes of input that a generated contract reads. */
export const CONTRACT_INPUT_BYTES = 256;

/** An immediate that the entry loads and nobody uses: patched, it makes code that was never seen before. */
export const UNIQUE_IMMEDIATE = 0x5eed_1234;

const SEED = 20_260;

/**
 * Assembly of a contract such as compilers make of plain code: functions with spills, loads of the input, loads and stores of the heap,
 * branches, short loops, and calls of helpers. The same shape gives the same text.
 */
export function contractSource({ functions, called, rounds }: ContractShape): string {
  const random = new Lcg(SEED);
  const lines = [
    'entrypoint:',
    `mov64 r0, ${UNIQUE_IMMEDIATE}`,
    'mov64 r6, r1',
    'mov64 r7, 3',
    'lsh64 r7, 32',
    'mov64 r8, 1',
    `mov64 r9, ${rounds}`,
    'again:',
  ];
  for (let index = 0; index < called; index++) lines.push(...callOf(index * 2));
  lines.push('add64 r9, -1', 'jne r9, 0, again');
  lines.push('ldxb r0, [r6+255]', 'jne r0, 255, done');
  for (let index = 0; index < functions; index++) lines.push(...callOf(index));
  lines.push('done:', 'stxdw [r7+0], r8', 'mov64 r0, 0', 'exit');
  for (let index = 0; index < functions; index++) writeFunction(lines, random, index, functions);
  return `${lines.join('\n')}\n`;
}

/** The arguments are input, heap and a number; the answer is added to it. */
function callOf(index: number): readonly string[] {
  return ['mov64 r1, r6', 'mov64 r2, r7', 'mov64 r3, r8', `call function_${index}`, 'add64 r8, r0'];
}

/** Every second function calls the one behind it, which calls nobody. */
function writeFunction(lines: string[], random: Lcg, index: number, functions: number): void {
  lines.push(`function_${index}:`, 'stxdw [r10-8], r1', 'stxdw [r10-16], r2', 'stxdw [r10-24], r3');
  lines.push('mov64 r6, r1', 'mov64 r7, r2', 'mov64 r8, r3');
  for (let left = 5; left > 0; left--) writeStatement(lines, random, `${index}_${left}`);
  if (index % 2 === 0 && index + 1 < functions) {
    lines.push('mov64 r1, r6', 'mov64 r2, r7', 'mov64 r3, r8', `call function_${index + 1}`, 'xor64 r8, r0');
  }
  lines.push('ldxdw r3, [r10-24]', 'mov64 r0, r8', 'add64 r0, r3', 'exit');
}

function writeStatement(lines: string[], random: Lcg, name: string): void {
  const input = 8 * random.below(31);
  const heap = 8 * random.below(512);
  const spill = 32 + 8 * random.below(12);
  switch (random.below(5)) {
    case 0:
      lines.push(`ldxdw r1, [r6+${input}]`, `xor64 r8, r1`, `stxdw [r7+${heap}], r8`);
      break;
    case 1:
      lines.push(
        `stxdw [r10-${spill}], r8`,
        'mul64 r8, 31',
        `ldxdw r1, [r10-${spill}]`,
        'rsh64 r1, 7',
        'add64 r8, r1',
      );
      break;
    case 2:
      lines.push(
        `ldxw r1, [r6+${input + 4}]`,
        'and64 r1, 1',
        `jeq r1, 0, else_${name}`,
        'add64 r8, 17',
        'lsh64 r8, 1',
      );
      lines.push(
        `ja end_${name}`,
        `else_${name}:`,
        'xor64 r8, 21',
        'rsh64 r8, 1',
        `end_${name}:`,
        'add64 r8, 3',
      );
      break;
    case 3:
      lines.push(
        `mov64 r9, ${2 + random.below(3)}`,
        `loop_${name}:`,
        `ldxb r1, [r6+${input}]`,
        'add64 r8, r1',
      );
      lines.push('add64 r9, -1', `jne r9, 0, loop_${name}`);
      break;
    default:
      lines.push(
        `ldxdw r1, [r7+${heap}]`,
        'add64 r1, r8',
        `stxdw [r7+${heap}], r1`,
        `jsgt r1, 0, end_${name}`,
      );
      lines.push('neg64 r8', `end_${name}:`, 'add64 r8, 1');
  }
}

/** A linear congruential generator: good enough for choosing statements, and the same on every machine. */
class Lcg {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(end: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 0x1_0000_0000) * end);
  }
}
