import { Op } from '../isa/op.ts';
import { nativeError, type TbpfNativeError } from '../native-error.ts';
import {
  divideSigned,
  divideUnsigned,
  multiply,
  multiplyHighSigned,
  multiplyHighUnsigned,
  wide,
} from './arithmetic64.ts';

const MIN_32 = -0x8000_0000;

/**
 * 64-bit division and remainder, and V2's class 6 (spec §2.4, §2.5). Immediates are sign-extended, but zero-extended for uhmul64,
 * udiv64 and urem64. @returns DivideByZero or DivideOverflow, and then no register has changed.
 */
export function runWideArithmetic(
  op: number,
  low: Int32Array,
  high: Int32Array,
  d: number,
  s: number,
  imm: number,
): TbpfNativeError | undefined {
  const aLow = low[d]!;
  const aHigh = high[d]!;
  switch (op) {
    case Op.Div64Imm:
    case Op.Div64Reg:
    case Op.Mod64Imm:
    case Op.Mod64Reg: {
      const isImm = op === Op.Div64Imm || op === Op.Mod64Imm;
      const bLow = isImm ? imm : low[s]!;
      const bHigh = isImm ? imm >> 31 : high[s]!;
      if ((bLow | bHigh) === 0) return divideByZero();
      divideUnsigned(aLow, aHigh, bLow, bHigh);
      take(low, high, d, op === Op.Div64Imm || op === Op.Div64Reg ? 0 : 2);
      return undefined;
    }
    case Op.Uhmul64Imm:
    case Op.Uhmul64Reg:
      if (op === Op.Uhmul64Imm) multiplyHighUnsigned(aLow, aHigh, imm, 0);
      else multiplyHighUnsigned(aLow, aHigh, low[s]!, high[s]!);
      take(low, high, d, 0);
      return undefined;
    case Op.Shmul64Imm:
    case Op.Shmul64Reg:
      if (op === Op.Shmul64Imm) multiplyHighSigned(aLow, aHigh, imm, imm >> 31);
      else multiplyHighSigned(aLow, aHigh, low[s]!, high[s]!);
      take(low, high, d, 0);
      return undefined;
    case Op.Lmul64Imm:
    case Op.Lmul64Reg:
      if (op === Op.Lmul64Imm) multiply(aLow, aHigh, imm, imm >> 31);
      else multiply(aLow, aHigh, low[s]!, high[s]!);
      take(low, high, d, 0);
      return undefined;
    case Op.Lmul32Imm:
    case Op.Lmul32Reg:
      low[d] = Math.imul(aLow, op === Op.Lmul32Imm ? imm : low[s]!);
      high[d] = 0;
      return undefined;
    case Op.Udiv64Imm:
    case Op.Udiv64Reg:
    case Op.Urem64Imm:
    case Op.Urem64Reg: {
      const isImm = op === Op.Udiv64Imm || op === Op.Urem64Imm;
      const bLow = isImm ? imm : low[s]!;
      const bHigh = isImm ? 0 : high[s]!;
      if ((bLow | bHigh) === 0) return divideByZero();
      divideUnsigned(aLow, aHigh, bLow, bHigh);
      take(low, high, d, op === Op.Udiv64Imm || op === Op.Udiv64Reg ? 0 : 2);
      return undefined;
    }
    case Op.Sdiv64Imm:
    case Op.Sdiv64Reg:
    case Op.Srem64Imm:
    case Op.Srem64Reg: {
      const isImm = op === Op.Sdiv64Imm || op === Op.Srem64Imm;
      const bLow = isImm ? imm : low[s]!;
      const bHigh = isImm ? imm >> 31 : high[s]!;
      if ((bLow | bHigh) === 0) return divideByZero();
      if (aLow === 0 && aHigh === MIN_32 && (bLow & bHigh) === -1) return divideOverflow();
      divideSigned(aLow, aHigh, bLow, bHigh);
      take(low, high, d, op === Op.Sdiv64Imm || op === Op.Sdiv64Reg ? 0 : 2);
      return undefined;
    }
    default:
      return runDivision32(op, low, high, d, op === imm32Form(op) ? imm : low[s]!);
  }
}

/** The immediate form of a 32-bit class 6 operation: both forms stand side by side in `Op`, the immediate one first. */
function imm32Form(op: number): number {
  const isReg = op === Op.Udiv32Reg || op === Op.Urem32Reg || op === Op.Sdiv32Reg || op === Op.Srem32Reg;
  return isReg ? op - 1 : op;
}

function runDivision32(
  op: number,
  low: Int32Array,
  high: Int32Array,
  d: number,
  divisor: number,
): TbpfNativeError | undefined {
  const dividend = low[d]!;
  if (divisor === 0) return divideByZero();
  const isSigned = op === Op.Sdiv32Imm || op === Op.Sdiv32Reg || op === Op.Srem32Imm || op === Op.Srem32Reg;
  if (isSigned && dividend === MIN_32 && divisor === -1) return divideOverflow();
  switch (op) {
    case Op.Udiv32Imm:
    case Op.Udiv32Reg:
      low[d] = Math.trunc((dividend >>> 0) / (divisor >>> 0));
      break;
    case Op.Urem32Imm:
    case Op.Urem32Reg:
      low[d] = (dividend >>> 0) % (divisor >>> 0);
      break;
    case Op.Sdiv32Imm:
    case Op.Sdiv32Reg:
      low[d] = Math.trunc(dividend / divisor);
      break;
    default:
      low[d] = dividend % divisor;
  }
  high[d] = 0;
  return undefined;
}

function take(low: Int32Array, high: Int32Array, d: number, at: 0 | 2): void {
  low[d] = wide[at]!;
  high[d] = wide[at + 1]!;
}

function divideByZero(): TbpfNativeError {
  return nativeError('run', 'DivideByZero');
}

function divideOverflow(): TbpfNativeError {
  return nativeError('run', 'DivideOverflow');
}
