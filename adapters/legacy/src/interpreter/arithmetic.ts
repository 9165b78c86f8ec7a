import { LegacyOp } from '../isa/legacy-op.ts';
import { type Box, textOf, type WorkMeter } from '../values/box.ts';
import { compareCells } from '../values/compare.ts';
import { debugPrimitive, displayCell } from '../values/display.ts';
import { bitsOf, isInteger, isPrimitive, Kind } from '../values/kind.ts';
import { integerOf, setBoolean, setInteger, setString } from '../values/make.ts';
import { divisionPanics, LIMB_PANIC, shiftLeft, shiftRight } from '../values/u256.ts';
import { MAX_STRING_BYTES } from './machine-limits.ts';
import { machineTrap, panicTrap, Trap, valueTrap } from './trap.ts';

/** `a op b` into `out`, which may be `a` itself: everything is evaluated before it is written. The plain form; the fast path has its own. */
export function binary(op: LegacyOp, a: Box, b: Box, out: Box, meter: WorkMeter): void {
  switch (op) {
    case LegacyOp.Add:
      if (isInteger(a.kind) && a.kind === b.kind) setInteger(out, a.kind, integerOf(a) + integerOf(b));
      else addText(a, b, out, meter);
      return;
    case LegacyOp.Sub:
      requireSameIntegers(a, b);
      setInteger(out, a.kind, integerOf(a) - integerOf(b));
      return;
    case LegacyOp.Mul:
      requireSameIntegers(a, b);
      setInteger(out, a.kind, integerOf(a) * integerOf(b));
      return;
    case LegacyOp.Div:
      requireSameIntegers(a, b);
      if (integerOf(b) === 0n) throw machineTrap('DivisionByZero');
      divide(a, b, out);
      return;
    case LegacyOp.Mod:
      requireSameIntegers(a, b);
      remainder(a, b, out);
      return;
    case LegacyOp.Pow:
      power(a, b, out);
      return;
    case LegacyOp.BitwiseShl:
    case LegacyOp.BitwiseShr:
      requireSameIntegers(a, b);
      shift(op, a, b, out);
      return;
    default:
      bitwise(op, a, b, out);
  }
}

/** `target op= b`: as `binary`, but a division by zero is a panic of the reference for all widths (spec §3.2). */
export function assignBinary(op: LegacyOp, target: Box, b: Box, meter: WorkMeter): void {
  if (op === LegacyOp.Div && isInteger(target.kind) && target.kind === b.kind && integerOf(b) === 0n) {
    throw panicTrap(target.kind === Kind.U256 ? 'U256 division by zero' : 'attempt to divide by zero');
  }
  binary(op, target, b, target, meter);
}

/** `Gt`, `Lt`, `Gte`, `Lte`. */
export function order(op: LegacyOp, a: Box, b: Box): boolean {
  const difference = compareCells(a, b);
  if (difference === undefined) throw machineTrap('UnexpectedType');
  switch (op) {
    case LegacyOp.Gt:
      return difference > 0;
    case LegacyOp.Lt:
      return difference < 0;
    case LegacyOp.Gte:
      return difference >= 0;
    default:
      return difference <= 0;
  }
}

function requireSameIntegers(a: Box, b: Box): void {
  if (!isInteger(a.kind) || a.kind !== b.kind) throw machineTrap('UnexpectedType');
}

/** String `Add` (spec §3.2): at least one string; the other becomes its formatted text. */
function addText(a: Box, b: Box, out: Box, meter: WorkMeter): void {
  const isText = a.kind === Kind.String || b.kind === Kind.String;
  if (!isText || !isPrimitive(a.kind) || !isPrimitive(b.kind)) throw machineTrap('UnexpectedType');
  const left = formatted(a);
  const right = formatted(b);
  const length =
    (a.kind === Kind.String ? a.lo : left.length) + (b.kind === Kind.String ? b.lo : right.length);
  if (length > MAX_STRING_BYTES) throw new Trap('limit', 'machine', 'HostLimit', '(string)');
  meter.spend(length);
  setString(out, left + right, length);
}

/** Formatted text (spec §1.4); digits and bool names are ASCII. */
function formatted(box: Box): string {
  if (box.kind === Kind.String) return textOf(box);
  if (!isInteger(box.kind) && box.kind !== Kind.Boolean) throw valueTrap('InvalidCastType', '(String)');
  return displayCell(box);
}

function divide(a: Box, b: Box, out: Box): void {
  const left = integerOf(a);
  const right = integerOf(b);
  if (a.kind === Kind.U256 && divisionPanics(left, right)) throw panicTrap(LIMB_PANIC);
  setInteger(out, a.kind, left / right);
}

function remainder(a: Box, b: Box, out: Box): void {
  const left = integerOf(a);
  const right = integerOf(b);
  if (right === 0n) {
    const isWide = a.kind === Kind.U256;
    throw panicTrap(
      isWide ? 'U256 division by zero' : 'attempt to calculate the remainder with a divisor of zero',
    );
  }
  if (a.kind === Kind.U256 && divisionPanics(left, right)) throw panicTrap(LIMB_PANIC);
  setInteger(out, a.kind, left % right);
}

function power(a: Box, b: Box, out: Box): void {
  if (!isPrimitive(a.kind) || !isPrimitive(b.kind)) throw machineTrap('UnexpectedType');
  if (b.kind !== Kind.U32) throw valueTrap('InvalidValue', `(${debugPrimitive(b)}, U32)`);
  if (!isInteger(a.kind)) throw machineTrap('UnexpectedType');
  const bits = bitsOf(a.kind);
  let base = integerOf(a);
  let result = 1n;
  for (let exponent = b.lo >>> 0; exponent > 0; exponent >>>= 1) {
    if ((exponent & 1) === 1) result = BigInt.asUintN(bits, result * base);
    base = BigInt.asUintN(bits, base * base);
  }
  setInteger(out, a.kind, result);
}

/** Amount modulo the width; u256 by its own rules (spec §1.5). */
function shift(op: LegacyOp, a: Box, b: Box, out: Box): void {
  const value = integerOf(a);
  if (a.kind === Kind.U256) {
    const amount = integerOf(b);
    const shifted = op === LegacyOp.BitwiseShl ? shiftLeft(value, amount) : shiftRight(value, amount);
    if (shifted === undefined) throw panicTrap(LIMB_PANIC);
    setInteger(out, a.kind, shifted);
    return;
  }
  const amount = integerOf(b) % BigInt(bitsOf(a.kind));
  setInteger(out, a.kind, op === LegacyOp.BitwiseShl ? value << amount : value >> amount);
}

function bitwise(op: LegacyOp, a: Box, b: Box, out: Box): void {
  const isSame = a.kind === b.kind && (isInteger(a.kind) || a.kind === Kind.Boolean);
  if (!isSame) throw machineTrap('UnexpectedType');
  const left = integerOf(a);
  const right = integerOf(b);
  const result =
    op === LegacyOp.BitwiseAnd ? left & right : op === LegacyOp.BitwiseOr ? left | right : left ^ right;
  if (a.kind === Kind.Boolean) setBoolean(out, result === 1n);
  else setInteger(out, a.kind, result);
}
