import { HEAP_POINTER, INPUT_POINTER, type Scope, someU64, source, target } from './scope.ts';

const HEAP_BASE = 0x3_0000_0000n;
const INPUT_BASE = 0x4_0000_0000n;
const STACK_BASE = 0x2_0000_0000n;
const PROGRAM_BASE = 0x1_0000_0000n;

/** A base register and an offset that may be added to it. */
export interface Place {
  readonly base: number;
  readonly off: number;
}

/** A place of `size` bytes to read or write: most often inside a region, else at a border of one. */
export function place(scope: Scope, size: number): Place {
  const { random, profile, surroundings } = scope;
  const isBad = random.chance(profile.badPointers);
  const choice = random.below(100);
  if (choice < 35 && (surroundings.inputLength >= size || isBad)) {
    const off = isBad
      ? border(scope, surroundings.inputLength)
      : inside(scope, surroundings.inputLength, size);
    return { base: INPUT_POINTER, off };
  }
  if (choice < 60 && (surroundings.heapLength >= size || isBad)) {
    const off = isBad ? border(scope, surroundings.heapLength) : inside(scope, surroundings.heapLength, size);
    return { base: HEAP_POINTER, off };
  }
  if (choice < 95 || !isBad) return { base: 10, off: isBad ? stackBorder(scope) : stackOffset(scope) };
  return { base: source(scope), off: random.between(-32, 32) };
}

function inside({ random }: Scope, length: number, size: number): number {
  const most = Math.min(length - size, 0x7ff0);
  if (most <= 0) return 0;
  // Near the start often, so that loads find what stores wrote.
  return random.chance(60) ? random.below(Math.min(most + 1, 64)) : random.between(0, most);
}

function border({ random }: Scope, length: number): number {
  const edge = random.chance(75) ? length : 0;
  return Math.min(edge, 0x7f00) + random.between(-9, 9);
}

/** An offset from r10 inside the frame. */
export function stackOffset({ random, builder }: Scope): number {
  const off = random.chance(80) ? -8 * random.between(1, 12) : -random.between(8, 96);
  // In V1 and later r10 is the frame's lower end, once the function has moved it there; below it others' frames will come.
  return builder.set.features.dynamicFrames && random.chance(20) ? Math.min(-off - 8, 56) : off;
}

function stackBorder({ random, surroundings: { frameSize } }: Scope): number {
  const edge = random.pick([0, 0, -frameSize, -frameSize, frameSize, 2 * frameSize, -2 * frameSize]);
  return Math.max(-0x8000, Math.min(0x7fff, edge + random.between(-9, 9)));
}

/** An address at a border of some region, or nowhere. */
export function borderAddress({ random, surroundings, builder }: Scope): bigint {
  const { inputLength, heapLength, frameSize, frames, gapped } = surroundings;
  const nearby = BigInt(random.between(-9, 9));
  const choice = random.below(100);
  if (choice < 20) return INPUT_BASE + (random.chance(70) ? BigInt(inputLength) : 0n) + nearby;
  if (choice < 35) return HEAP_BASE + (random.chance(70) ? BigInt(heapLength) : 0n) + nearby;
  if (choice < 60) {
    const stride = gapped ? 2 * frameSize : frameSize;
    const frame = random.chance(50) ? random.between(0, 3) : random.between(frames - 2, frames + 1);
    const edge = random.pick([0, frameSize, random.below(frameSize)]);
    return BigInt.asUintN(64, STACK_BASE + BigInt(frame * stride + edge) + nearby);
  }
  if (choice < 72)
    return PROGRAM_BASE + BigInt(random.chance(50) ? 0 : random.below(builder.pc * 8 + 16)) + nearby;
  if (choice < 85) {
    // Low enough, or high enough, for an offset to wrap around.
    return BigInt.asUintN(
      64,
      random.chance(50) ? nearby : BigInt(random.below(9)) * 0x1_0000_0000n - 1n - nearby,
    );
  }
  // The next to an address that is mapped, in another 4 GiB.
  if (choice < 92) return someU64(random);
  return (BigInt(random.below(0x1_0000)) << 35n) + INPUT_BASE + BigInt(random.below(8));
}

/** Sets a register to an address: of a region's inside, or of a border. @returns the register. */
export function writePointer(scope: Scope): number {
  const { random, builder, profile, surroundings } = scope;
  const register = target(scope);
  if (random.chance(profile.badPointers)) {
    builder.constant(register, borderAddress(scope));
    return register;
  }
  switch (random.below(4)) {
    case 0:
      builder.constant(
        register,
        INPUT_BASE + BigInt(random.below(Math.max(1, surroundings.inputLength - 8))),
      );
      break;
    case 1:
      builder.constant(register, HEAP_BASE + BigInt(random.below(Math.max(1, surroundings.heapLength - 8))));
      break;
    case 2:
      builder.reg('mov64', register, 10);
      builder.imm('add64', register, stackOffset(scope));
      break;
    default:
      builder.constant(register, PROGRAM_BASE + BigInt(random.below(32)));
  }
  return register;
}
