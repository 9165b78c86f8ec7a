import { allowedImm, writePiece } from './pieces.ts';
import { type Scope, someImm } from './scope.ts';
import { startFunction, writeBranch } from './structured.ts';

/**
 * Blocks that jump anywhere: loops with several entrances, jumps from one function's body into another's (V0–V2; later versions
 * confine a jump to its function), calls into the middle, code that nobody reaches.
 */
export function writeUnstructured(scope: Scope): void {
  const { random, builder, functions } = scope;
  const blocksOf = functions.map(() => Array.from({ length: random.between(2, 8) }, () => builder.label()));
  for (const [index, blocks] of blocksOf.entries()) {
    startFunction(scope, index);
    const reachable = builder.set.features.stricterVerification ? blocks : blocksOf.flat();
    for (const block of blocks) {
      builder.place(block);
      for (let left = random.between(0, 4); left > 0; left--) writePiece(scope);
      writeBlockEnd(scope, reachable);
    }
    builder.exit();
  }
}

function writeBlockEnd(scope: Scope, blocks: readonly number[]): void {
  const { random, builder, functions } = scope;
  const choice = random.below(100);
  if (choice < 60) writeBranch(scope, random.pick(blocks));
  else if (choice < 72) builder.ja(random.pick(blocks));
  else if (choice < 80) builder.exit();
  else if (choice < 92) builder.call(random.pick(functions));
  else if (choice < 95 && !builder.set.features.staticSyscalls) builder.call(random.pick(blocks));
}

/** Instructions drawn at random, one after another, with jumps to any of them. */
export function writeSoup(scope: Scope): void {
  const { random, builder, functions } = scope;
  const { set } = builder;
  for (const [index] of functions.entries()) {
    startFunction(scope, index);
    const labels = Array.from({ length: random.between(4, 30) }, () => builder.label());
    for (const label of labels) {
      builder.place(label);
      const dst = random.below(10);
      const src = random.below(11);
      const off = random.between(-16, 16);
      const choice = random.below(100);
      if (choice < 45) {
        const row = random.pick(set.alu);
        builder.slot(row.code, { dst, src, off, imm: allowedImm(scope, row) });
      } else if (choice < 60) {
        builder.slot(random.pick(set.loads).code, { dst, src: random.chance(70) ? 10 : src, off });
      } else if (choice < 75) {
        builder.slot(random.pick(set.stores).code, {
          dst: random.chance(70) ? 10 : dst,
          src,
          off,
          imm: someImm(random),
        });
      } else if (choice < 88) {
        builder.jump(random.pick(set.jumps), dst, { src, imm: someImm(random) }, random.pick(labels));
      } else if (choice < 92) {
        builder.ja(random.pick(labels));
      } else if (choice < 95) {
        builder.call(random.pick(functions));
      } else if (choice < 97) {
        builder.callx(dst);
      } else {
        builder.exit();
      }
    }
    builder.exit();
  }
}
