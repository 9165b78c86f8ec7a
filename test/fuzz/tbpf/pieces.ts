import type { OpcodeRow } from '../../../adapters/tbpf/src/isa/opcodes.ts';
import { place, stackOffset, writePointer } from './pointers.ts';
import type { PieceName } from './profile.ts';
import { type Scope, someImm, someU64, source, target } from './scope.ts';

/** Writes one straight-line piece, chosen by the profile's weights. */
export function writePiece(scope: Scope): void {
  pieces[scope.random.weighted(scope.profile.pieces)](scope);
}

const pieces: Readonly<Record<PieceName, (scope: Scope) => void>> = {
  alu: (scope) => writeAlu(scope, scope.random.pick(scope.builder.set.alu)),
  divide: (scope) => writeAlu(scope, scope.random.pick(scope.builder.set.divisions)),
  constant: (scope) => scope.builder.constant(target(scope), someU64(scope.random)),
  load: (scope) => writeLoad(scope, scope.random.pick(scope.builder.set.loads)),
  store: (scope) => writeStore(scope, scope.random.pick(scope.builder.set.stores)),
  burst: writeBurst,
  pointer(scope) {
    const base = writePointer(scope);
    const off = scope.random.between(-4, 4);
    if (scope.random.chance(50)) writeLoad(scope, scope.random.pick(scope.builder.set.loads), { base, off });
    else writeStore(scope, scope.random.pick(scope.builder.set.stores), { base, off });
  },
  spill: writeSpill,
  syscall: (scope) => (scope.writeSyscall ?? pieces.alu)(scope),
  callx: writeCallx,
  'move-frame': writeMoveFrame,
};

const WIDTH: Readonly<Record<string, number>> = { b: 1, h: 2, w: 4, dw: 8 };

/** Bytes that a load or store touches. */
export function widthOf({ name }: OpcodeRow): number {
  return WIDTH[name.replace(/^(?:ldx|stx?)/, '')]!;
}

/** Any computing instruction with operands that the verifier allows. */
export function writeAlu(scope: Scope, row: OpcodeRow): void {
  const { random, builder } = scope;
  const dst = target(scope);
  const src = row.form === 'alu-reg' ? source(scope) : 0;
  // Most divisors are not zero, or few programs would get further than their first division.
  if (/div|mod|rem/.test(row.name) && src < 6 && random.chance(85)) builder.imm('or64', src, 1);
  builder.slot(row.code, {
    dst,
    src,
    imm: allowedImm(scope, row),
  });
}

/** An immediate that passes the row's operand check. */
export function allowedImm({ random }: Scope, { check, form }: OpcodeRow): number {
  if (form === 'alu-reg') return 0;
  if (check === 'shift32') return random.below(32);
  if (check === 'shift64') return random.below(64);
  if (check === 'endian-width') return random.pick([16, 32, 64]);
  const imm = someImm(random);
  return check === 'nonzero-imm' && imm === 0 ? -1 : imm;
}

function writeLoad(scope: Scope, row: OpcodeRow, { base, off } = place(scope, widthOf(row))): void {
  scope.builder.slot(row.code, { dst: target(scope), src: base, off });
}

function writeStore(scope: Scope, row: OpcodeRow, { base, off } = place(scope, widthOf(row))): void {
  const value = row.form === 'store-imm' ? { imm: someImm(scope.random) } : { src: source(scope) };
  scope.builder.slot(row.code, { dst: base, off, ...value });
}

/** Several fields of one record, as a compiler would check them together; sometimes the base moves in between. */
function writeBurst(scope: Scope): void {
  const { random, builder } = scope;
  const { base, off } = random.chance(50) ? { base: writePointer(scope), off: 0 } : place(scope, 8);
  for (let left = random.between(2, 5); left > 0; left--) {
    const at = { base, off: Math.max(-0x8000, Math.min(0x7fff, off + random.between(-4, 16))) };
    if (random.chance(60)) writeLoad(scope, random.pick(builder.set.loads), at);
    else writeStore(scope, random.pick(builder.set.stores), at);
    if (base !== 10 && random.chance(8)) builder.imm('add64', base, random.between(-8, 8));
  }
}

/** Keeps a register on the stack, and brings back the same or another. */
function writeSpill(scope: Scope): void {
  const { random, builder } = scope;
  const off = stackOffset(scope);
  const src = source(scope);
  builder.slot(builder.set.code('stxdw', 'store-reg'), { dst: 10, src, off });
  if (random.chance(40)) writeAlu(scope, random.pick(builder.set.alu));
  if (random.chance(70))
    builder.slot(builder.set.code('ldxdw', 'load'), { dst: target(scope), src: 10, off });
}

/** A call by address: of a function, or of some other place in or near the text. */
function writeCallx(scope: Scope): void {
  const { random, builder, profile } = scope;
  const register = target(scope);
  if (!random.chance(profile.badCallx)) {
    // Later functions mostly, so that chains of calls end.
    const from = random.chance(90) ? Math.min(1, scope.functions.length - 1) : 0;
    builder.codeAddress(register, scope.functions[random.between(from, scope.functions.length - 1)]!);
  } else {
    const where = random.weighted({ inside: 60, end: 25, anywhere: 15 });
    if (where === 'anywhere') builder.constant(register, someU64(random));
    else if (where === 'end') builder.codeAddress(register, scope.end, random.between(-24, 24));
    else builder.codeAddress(register, random.pick(scope.functions), random.between(-24, 64));
  }
  if (random.chance(20)) builder.imm('add64', register, random.between(0, 7));
  builder.callx(register);
}

/** Moves r10 where the version lets a program do so in the middle of a function. */
function writeMoveFrame({ random, builder }: Scope): void {
  const { dynamicFrames, stricterVerification } = builder.set.features;
  if (!dynamicFrames || stricterVerification) return;
  builder.imm('add64', 10, 64 * (random.chance(90) ? random.between(-2, 2) : random.between(-64, 64)));
}
