import { writePiece } from './pieces.ts';
import { HEAP_POINTER, INPUT_POINTER, type Scope, someImm, source } from './scope.ts';

const DEEPEST = 3;

/** Writes functions as a compiler would: frames, ifs, bounded loops, calls of later functions, exits. */
export function writeStructured(scope: Scope): void {
  for (const [index] of scope.functions.entries()) {
    startFunction(scope, index);
    writeBlock(scope, index, 0, scope.random.between(2, 7));
    endFunction(scope);
  }
}

/** Functions that call themselves until r1 is zero: about as deep as the calls may go, and deeper. */
export function writeRecursive(scope: Scope): void {
  const { random, builder, functions, surroundings } = scope;
  for (const [index, label] of functions.entries()) {
    startFunction(scope, index);
    if (index === 0) {
      writeBlock(scope, index, DEEPEST - 1, 2);
      const edge = surroundings.frames - 1;
      builder.imm('mov64', 1, random.chance(60) ? edge + random.between(-2, 2) : random.between(0, 90));
      builder.call(functions[1] ?? label);
      writeBlock(scope, index, DEEPEST - 1, 2);
    } else {
      const done = builder.label();
      builder.jumpImm('jeq', 1, 0, done);
      builder.imm('add64', 1, -1);
      writeSome(scope, 3);
      for (let calls = random.chance(85) ? 1 : 2; calls > 0; calls--) {
        builder.call(random.chance(70) ? label : functions[random.between(1, functions.length - 1)]!);
        writeSome(scope, 2);
      }
      builder.place(done);
    }
    endFunction(scope);
  }
}

/** The function's label, its frame, and in the entry the pointers to input and heap. */
export function startFunction(scope: Scope, index: number): void {
  const { random, builder, functions } = scope;
  const { dynamicFrames, stricterVerification } = builder.set.features;
  builder.place(functions[index]!);
  if (stricterVerification || (dynamicFrames && random.chance(90))) {
    builder.imm('add64', 10, random.chance(97) ? -64 * random.between(1, 3) : 64 * random.between(-40, 2));
  }
  if (index > 0) return;
  builder.reg('mov64', INPUT_POINTER, 1);
  builder.imm('mov64', HEAP_POINTER, 3);
  builder.imm('lsh64', HEAP_POINTER, 32);
  scope.writeFirst?.(scope);
}

function endFunction({ random, builder }: Scope): void {
  if (random.chance(60)) builder.reg('mov64', 0, random.below(10));
  builder.exit();
}

/** One to `most` straight-line pieces that leave r1 alone. */
function writeSome(scope: Scope, most: number): void {
  scope.kept.add(1);
  for (let left = scope.random.between(1, most); left > 0; left--) writePiece(scope);
  scope.kept.delete(1);
}

function writeBlock(scope: Scope, index: number, depth: number, statements: number): void {
  for (let left = statements; left > 0; left--) writeStatement(scope, index, depth);
}

function writeStatement(scope: Scope, index: number, depth: number): void {
  const { random } = scope;
  const choice = depth < DEEPEST ? random.below(100) : 0;
  if (choice < 62) writePiece(scope);
  else if (choice < 76) writeIf(scope, index, depth);
  else if (choice < 88) writeLoop(scope, index, depth);
  else writeCall(scope, index);
}

/** Compares a register with another, or with an immediate, and jumps. */
export function writeBranch(scope: Scope, label: number): void {
  const { random, builder } = scope;
  const row = random.pick(builder.set.jumps);
  const operand = row.form === 'jump-reg' ? { src: source(scope) } : { imm: someImm(random) };
  builder.jump(row, random.below(10), operand, label);
}

function writeIf(scope: Scope, index: number, depth: number): void {
  const { random, builder } = scope;
  const otherwise = builder.label();
  writeBranch(scope, otherwise);
  writeBlock(scope, index, depth + 1, random.between(1, 3));
  if (random.chance(5)) builder.exit();
  if (random.chance(40)) {
    const end = builder.label();
    builder.ja(end);
    builder.place(otherwise);
    writeBlock(scope, index, depth + 1, random.between(1, 2));
    builder.place(end);
  } else {
    builder.place(otherwise);
  }
}

/** A loop that counts down in a register or on the stack; tested before or after its body, sometimes left in between. */
function writeLoop(scope: Scope, index: number, depth: number): void {
  const { random, builder, kept } = scope;
  const counter = [9, 8].find((register) => !kept.has(register));
  if (counter === undefined) {
    writePiece(scope);
    return;
  }
  const head = builder.label();
  const end = builder.label();
  builder.imm('mov64', counter, random.between(1, 6));
  const isKept = random.chance(95);
  if (isKept) kept.add(counter);
  builder.place(head);
  const testsFirst = random.chance(40);
  if (testsFirst) builder.jumpImm('jeq', counter, 0, end);
  writeBlock(scope, index, depth + 1, random.between(1, 3));
  if (random.chance(15)) writeBranch(scope, end);
  if (random.chance(10)) writeBranch(scope, head);
  builder.imm('add64', counter, -1);
  if (testsFirst) builder.ja(head);
  else builder.jumpImm('jne', counter, 0, head);
  builder.place(end);
  if (isKept) kept.delete(counter);
}

function writeCall(scope: Scope, index: number): void {
  const { random, builder, functions } = scope;
  const isLast = index + 1 >= functions.length;
  if (random.chance(3)) builder.call(random.pick(functions));
  else if (isLast) writePiece(scope);
  else builder.call(functions[random.between(index + 1, functions.length - 1)]!);
}
