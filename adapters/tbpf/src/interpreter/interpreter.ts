import { Op } from '../isa/op.ts';
import { UNMAPPED } from '../memory/memory-map.ts';
import { nativeError, type TbpfNativeError } from '../native-error.ts';
import { mulHigh32, multiply, negatedHigh, swapBytes32, wide } from './arithmetic64.ts';
import { framePointer } from './machine.ts';
import { isCallxTarget } from './program.ts';
import { type ReferenceMachine, wordsPerFrame } from './reference-machine.ts';
import { Step } from './step.ts';
import { runWideArithmetic } from './wide-arithmetic.ts';

/** How `run` came to its end. */
export type RunOutcome = 'done' | 'faulted' | 'paused';

/** Most units drawn from the meter at once: a small integer, so that the countdown stays in a machine word. */
const SLICE = 0x3fff_ffff;

/**
 * Runs the machine until its root frame exits, something faults, or `maxSteps` instructions are done (then it can be continued).
 * The reference tier: semantics as in spec §2 and §6, metering as in §5.1 in its single-counter form. All 64-bit values are pairs of
 * 32-bit halves (`low`, `high`); no BigInt, allocation or closure inside the loop.
 */
export function run(machine: ReferenceMachine, maxSteps = Number.MAX_SAFE_INTEGER): RunOutcome {
  const { program, meter, memory, low, high, frames } = machine;
  const { code, immediates, features } = program;
  const { config } = program.executable;
  const { bytes, views } = memory;
  const metered = config.enableInstructionMeter;
  const frameStep = features.dynamicFrames
    ? 0
    : config.stackFrameSize * (config.enableStackFrameGaps ? 2 : 1);
  let pc = machine.pc;
  let depth = machine.depth;
  let stepsLeft = maxSteps;
  // `fuel` counts down within a slice; `drawn` is what the slice held.
  let drawn = 0;
  let fuel = 0;
  let fault: TbpfNativeError | undefined;
  let outcome: RunOutcome = 'faulted';

  for (;;) {
    if (fuel === 0) {
      machine.instructions += drawn;
      stepsLeft -= drawn;
      drawn = 0;
      if (stepsLeft <= 0) {
        outcome = 'paused';
        break;
      }
      const wanted = Math.min(SLICE, stepsLeft);
      fuel = metered ? meter.draw(wanted) : wanted;
      drawn = fuel;
      if (fuel === 0) {
        fault = nativeError('run', 'ExceededMaxInstructions');
        break;
      }
    }
    fuel--;
    const at = pc << 2;
    const d = code[at + 1]!;
    const s = code[at + 2]!;
    const x = code[at + 3]!;
    pc++;
    switch (code[at]!) {
      case Op.Add32Imm: {
        const result = (low[d]! + x) | 0;
        low[d] = result;
        high[d] = result >> 31;
        continue;
      }
      case Op.Add32Reg: {
        const result = (low[d]! + low[s]!) | 0;
        low[d] = result;
        high[d] = result >> 31;
        continue;
      }
      case Op.Sub32Imm: {
        const result = (low[d]! - x) | 0;
        low[d] = result;
        high[d] = result >> 31;
        continue;
      }
      case Op.Sub32Reg: {
        const result = (low[d]! - low[s]!) | 0;
        low[d] = result;
        high[d] = result >> 31;
        continue;
      }
      case Op.Mul32Imm: {
        const result = Math.imul(low[d]!, x);
        low[d] = result;
        high[d] = result >> 31;
        continue;
      }
      case Op.Mul32Reg: {
        const result = Math.imul(low[d]!, low[s]!);
        low[d] = result;
        high[d] = result >> 31;
        continue;
      }
      case Step.Add32ImmZero:
        low[d] = low[d]! + x;
        high[d] = 0;
        continue;
      case Step.Add32RegZero:
        low[d] = low[d]! + low[s]!;
        high[d] = 0;
        continue;
      case Step.Sub32ImmZero:
        low[d] = low[d]! - x;
        high[d] = 0;
        continue;
      case Step.Sub32ImmSwapped:
        low[d] = x - low[d]!;
        high[d] = 0;
        continue;
      case Step.Sub32RegZero:
        low[d] = low[d]! - low[s]!;
        high[d] = 0;
        continue;
      case Step.Mul32ImmZero:
        low[d] = Math.imul(low[d]!, x);
        high[d] = 0;
        continue;
      case Step.Mul32RegZero:
        low[d] = Math.imul(low[d]!, low[s]!);
        high[d] = 0;
        continue;
      case Op.Div32Imm:
        low[d] = Math.trunc((low[d]! >>> 0) / (x >>> 0));
        high[d] = 0;
        continue;
      case Op.Div32Reg:
        if (low[s] === 0) {
          fault = nativeError('run', 'DivideByZero');
          break;
        }
        low[d] = Math.trunc((low[d]! >>> 0) / (low[s]! >>> 0));
        high[d] = 0;
        continue;
      case Op.Mod32Imm:
        low[d] = (low[d]! >>> 0) % (x >>> 0);
        high[d] = 0;
        continue;
      case Op.Mod32Reg:
        if (low[s] === 0) {
          fault = nativeError('run', 'DivideByZero');
          break;
        }
        low[d] = (low[d]! >>> 0) % (low[s]! >>> 0);
        high[d] = 0;
        continue;
      case Op.Or32Imm:
        low[d] = low[d]! | x;
        high[d] = 0;
        continue;
      case Op.Or32Reg:
        low[d] = low[d]! | low[s]!;
        high[d] = 0;
        continue;
      case Op.And32Imm:
        low[d] = low[d]! & x;
        high[d] = 0;
        continue;
      case Op.And32Reg:
        low[d] = low[d]! & low[s]!;
        high[d] = 0;
        continue;
      case Op.Xor32Imm:
        low[d] = low[d]! ^ x;
        high[d] = 0;
        continue;
      case Op.Xor32Reg:
        low[d] = low[d]! ^ low[s]!;
        high[d] = 0;
        continue;
      case Op.Lsh32Imm:
        low[d] = low[d]! << x;
        high[d] = 0;
        continue;
      case Op.Lsh32Reg:
        low[d] = low[d]! << low[s]!;
        high[d] = 0;
        continue;
      case Op.Rsh32Imm:
        low[d] = low[d]! >>> x;
        high[d] = 0;
        continue;
      case Op.Rsh32Reg:
        low[d] = low[d]! >>> low[s]!;
        high[d] = 0;
        continue;
      case Op.Arsh32Imm:
        low[d] = low[d]! >> x;
        high[d] = 0;
        continue;
      case Op.Arsh32Reg:
        low[d] = low[d]! >> low[s]!;
        high[d] = 0;
        continue;
      case Op.Neg32:
        low[d] = -low[d]!;
        high[d] = 0;
        continue;
      case Op.Mov32Imm:
        low[d] = x;
        high[d] = 0;
        continue;
      case Op.Mov32Reg:
        low[d] = low[s]!;
        high[d] = 0;
        continue;
      case Step.Mov32RegSigned: {
        const value = low[s]!;
        low[d] = value;
        high[d] = value >> 31;
        continue;
      }
      case Op.Le:
        if (x === 64) continue;
        if (x === 16) low[d] = low[d]! & 0xffff;
        high[d] = 0;
        continue;
      case Op.Be: {
        const word = swapBytes32(low[d]!);
        if (x === 64) {
          low[d] = swapBytes32(high[d]!);
          high[d] = word;
        } else {
          low[d] = x === 16 ? word >>> 16 : word;
          high[d] = 0;
        }
        continue;
      }
      case Op.Add64Imm: {
        const sum = (low[d]! + x) | 0;
        high[d] = high[d]! + (x >> 31) + (sum >>> 0 < x >>> 0 ? 1 : 0);
        low[d] = sum;
        continue;
      }
      case Op.Add64Reg: {
        const addend = low[s]!;
        const sum = (low[d]! + addend) | 0;
        high[d] = high[d]! + high[s]! + (sum >>> 0 < addend >>> 0 ? 1 : 0);
        low[d] = sum;
        continue;
      }
      case Op.Sub64Imm: {
        const before = low[d]!;
        high[d] = high[d]! - (x >> 31) - (before >>> 0 < x >>> 0 ? 1 : 0);
        low[d] = before - x;
        continue;
      }
      case Step.Sub64ImmSwapped: {
        const before = low[d]!;
        high[d] = (x >> 31) - high[d]! - (x >>> 0 < before >>> 0 ? 1 : 0);
        low[d] = x - before;
        continue;
      }
      case Op.Sub64Reg: {
        const before = low[d]!;
        const subtrahend = low[s]!;
        high[d] = high[d]! - high[s]! - (before >>> 0 < subtrahend >>> 0 ? 1 : 0);
        low[d] = before - subtrahend;
        continue;
      }
      case Op.Mul64Imm: {
        const factor = low[d]!;
        high[d] = mulHigh32(factor, x) + Math.imul(factor, x >> 31) + Math.imul(high[d]!, x);
        low[d] = Math.imul(factor, x);
        continue;
      }
      case Op.Mul64Reg:
        multiply(low[d]!, high[d]!, low[s]!, high[s]!);
        low[d] = wide[0]!;
        high[d] = wide[1]!;
        continue;
      case Op.Or64Imm:
        low[d] = low[d]! | x;
        high[d] = high[d]! | (x >> 31);
        continue;
      case Op.Or64Reg:
        low[d] = low[d]! | low[s]!;
        high[d] = high[d]! | high[s]!;
        continue;
      case Op.And64Imm:
        low[d] = low[d]! & x;
        high[d] = high[d]! & (x >> 31);
        continue;
      case Op.And64Reg:
        low[d] = low[d]! & low[s]!;
        high[d] = high[d]! & high[s]!;
        continue;
      case Op.Xor64Imm:
        low[d] = low[d]! ^ x;
        high[d] = high[d]! ^ (x >> 31);
        continue;
      case Op.Xor64Reg:
        low[d] = low[d]! ^ low[s]!;
        high[d] = high[d]! ^ high[s]!;
        continue;
      case Op.Lsh64Imm: {
        const count = x;
        if (count >= 32) {
          high[d] = low[d]! << count;
          low[d] = 0;
        } else if (count !== 0) {
          high[d] = (high[d]! << count) | (low[d]! >>> (32 - count));
          low[d] = low[d]! << count;
        }
        continue;
      }
      case Op.Rsh64Imm: {
        const count = x;
        if (count >= 32) {
          low[d] = high[d]! >>> count;
          high[d] = 0;
        } else if (count !== 0) {
          low[d] = (low[d]! >>> count) | (high[d]! << (32 - count));
          high[d] = high[d]! >>> count;
        }
        continue;
      }
      case Op.Arsh64Imm: {
        const count = x;
        if (count >= 32) {
          low[d] = high[d]! >> count;
          high[d] = high[d]! >> 31;
        } else if (count !== 0) {
          low[d] = (low[d]! >>> count) | (high[d]! << (32 - count));
          high[d] = high[d]! >> count;
        }
        continue;
      }
      case Op.Lsh64Reg: {
        const count = low[s]! & 63;
        if (count >= 32) {
          high[d] = low[d]! << count;
          low[d] = 0;
        } else if (count !== 0) {
          high[d] = (high[d]! << count) | (low[d]! >>> (32 - count));
          low[d] = low[d]! << count;
        }
        continue;
      }
      case Op.Rsh64Reg: {
        const count = low[s]! & 63;
        if (count >= 32) {
          low[d] = high[d]! >>> count;
          high[d] = 0;
        } else if (count !== 0) {
          low[d] = (low[d]! >>> count) | (high[d]! << (32 - count));
          high[d] = high[d]! >>> count;
        }
        continue;
      }
      case Op.Arsh64Reg: {
        const count = low[s]! & 63;
        if (count >= 32) {
          low[d] = high[d]! >> count;
          high[d] = high[d]! >> 31;
        } else if (count !== 0) {
          low[d] = (low[d]! >>> count) | (high[d]! << (32 - count));
          high[d] = high[d]! >> count;
        }
        continue;
      }
      case Op.Neg64:
        high[d] = negatedHigh(low[d]!, high[d]!);
        low[d] = -low[d]!;
        continue;
      case Op.Mov64Imm:
        low[d] = x;
        high[d] = x >> 31;
        continue;
      case Op.Mov64Reg:
        low[d] = low[s]!;
        high[d] = high[s]!;
        continue;
      // The upper half of lddw, predecoded into the src word.
      case Op.Lddw:
        low[d] = x;
        high[d] = s;
        pc++;
        continue;
      case Op.Hor64:
        high[d] = high[d]! | x;
        continue;
      // Divisions and the V2 product, quotient and remainder class: seldom, and long enough to stand outside the loop.
      case Op.Div64Imm:
      case Op.Div64Reg:
      case Op.Mod64Imm:
      case Op.Mod64Reg:
      case Op.Uhmul64Imm:
      case Op.Uhmul64Reg:
      case Op.Udiv32Imm:
      case Op.Udiv32Reg:
      case Op.Udiv64Imm:
      case Op.Udiv64Reg:
      case Op.Urem32Imm:
      case Op.Urem32Reg:
      case Op.Urem64Imm:
      case Op.Urem64Reg:
      case Op.Lmul32Imm:
      case Op.Lmul32Reg:
      case Op.Lmul64Imm:
      case Op.Lmul64Reg:
      case Op.Shmul64Imm:
      case Op.Shmul64Reg:
      case Op.Sdiv32Imm:
      case Op.Sdiv32Reg:
      case Op.Sdiv64Imm:
      case Op.Sdiv64Reg:
      case Op.Srem32Imm:
      case Op.Srem32Reg:
      case Op.Srem64Imm:
      case Op.Srem64Reg:
        fault = runWideArithmetic(code[at]!, low, high, d, s, x);
        if (fault === undefined) continue;
        break;
      case Op.Ldxb: {
        const address = (low[s]! + x) | 0;
        const upper = (high[s]! + (x >> 31) + (address >>> 0 < x >>> 0 ? 1 : 0)) | 0;
        const offset = memory.locate(upper, address, 1, false);
        if (offset === UNMAPPED) {
          fault = memory.violation(false, address, upper, 1n);
          break;
        }
        low[d] = bytes[upper]![offset]!;
        high[d] = 0;
        continue;
      }
      case Op.Ldxh: {
        const address = (low[s]! + x) | 0;
        const upper = (high[s]! + (x >> 31) + (address >>> 0 < x >>> 0 ? 1 : 0)) | 0;
        const offset = memory.locate(upper, address, 2, false);
        if (offset === UNMAPPED) {
          fault = memory.violation(false, address, upper, 2n);
          break;
        }
        low[d] = views[upper]!.getUint16(offset, true);
        high[d] = 0;
        continue;
      }
      case Op.Ldxw: {
        const address = (low[s]! + x) | 0;
        const upper = (high[s]! + (x >> 31) + (address >>> 0 < x >>> 0 ? 1 : 0)) | 0;
        const offset = memory.locate(upper, address, 4, false);
        if (offset === UNMAPPED) {
          fault = memory.violation(false, address, upper, 4n);
          break;
        }
        low[d] = views[upper]!.getInt32(offset, true);
        high[d] = 0;
        continue;
      }
      case Op.Ldxdw: {
        const address = (low[s]! + x) | 0;
        const upper = (high[s]! + (x >> 31) + (address >>> 0 < x >>> 0 ? 1 : 0)) | 0;
        const offset = memory.locate(upper, address, 8, false);
        if (offset === UNMAPPED) {
          fault = memory.violation(false, address, upper, 8n);
          break;
        }
        const view = views[upper]!;
        low[d] = view.getInt32(offset, true);
        high[d] = view.getInt32(offset + 4, true);
        continue;
      }
      case Op.Stb: {
        const address = (low[d]! + x) | 0;
        const upper = (high[d]! + (x >> 31) + (address >>> 0 < x >>> 0 ? 1 : 0)) | 0;
        const offset = memory.locate(upper, address, 1, true);
        if (offset === UNMAPPED) {
          fault = memory.violation(true, address, upper, 1n);
          break;
        }
        bytes[upper]![offset] = immediates[pc - 1]!;
        continue;
      }
      case Op.Stxb: {
        const address = (low[d]! + x) | 0;
        const upper = (high[d]! + (x >> 31) + (address >>> 0 < x >>> 0 ? 1 : 0)) | 0;
        const offset = memory.locate(upper, address, 1, true);
        if (offset === UNMAPPED) {
          fault = memory.violation(true, address, upper, 1n);
          break;
        }
        bytes[upper]![offset] = low[s]!;
        continue;
      }
      case Op.Sth: {
        const address = (low[d]! + x) | 0;
        const upper = (high[d]! + (x >> 31) + (address >>> 0 < x >>> 0 ? 1 : 0)) | 0;
        const offset = memory.locate(upper, address, 2, true);
        if (offset === UNMAPPED) {
          fault = memory.violation(true, address, upper, 2n);
          break;
        }
        views[upper]!.setInt16(offset, immediates[pc - 1]!, true);
        continue;
      }
      case Op.Stxh: {
        const address = (low[d]! + x) | 0;
        const upper = (high[d]! + (x >> 31) + (address >>> 0 < x >>> 0 ? 1 : 0)) | 0;
        const offset = memory.locate(upper, address, 2, true);
        if (offset === UNMAPPED) {
          fault = memory.violation(true, address, upper, 2n);
          break;
        }
        views[upper]!.setInt16(offset, low[s]!, true);
        continue;
      }
      case Op.Stw: {
        const address = (low[d]! + x) | 0;
        const upper = (high[d]! + (x >> 31) + (address >>> 0 < x >>> 0 ? 1 : 0)) | 0;
        const offset = memory.locate(upper, address, 4, true);
        if (offset === UNMAPPED) {
          fault = memory.violation(true, address, upper, 4n);
          break;
        }
        views[upper]!.setInt32(offset, immediates[pc - 1]!, true);
        continue;
      }
      case Op.Stxw: {
        const address = (low[d]! + x) | 0;
        const upper = (high[d]! + (x >> 31) + (address >>> 0 < x >>> 0 ? 1 : 0)) | 0;
        const offset = memory.locate(upper, address, 4, true);
        if (offset === UNMAPPED) {
          fault = memory.violation(true, address, upper, 4n);
          break;
        }
        views[upper]!.setInt32(offset, low[s]!, true);
        continue;
      }
      case Op.Stdw: {
        const address = (low[d]! + x) | 0;
        const upper = (high[d]! + (x >> 31) + (address >>> 0 < x >>> 0 ? 1 : 0)) | 0;
        const offset = memory.locate(upper, address, 8, true);
        if (offset === UNMAPPED) {
          fault = memory.violation(true, address, upper, 8n);
          break;
        }
        const imm = immediates[pc - 1]!;
        views[upper]!.setInt32(offset, imm, true);
        views[upper]!.setInt32(offset + 4, imm >> 31, true);
        continue;
      }
      case Op.Stxdw: {
        const address = (low[d]! + x) | 0;
        const upper = (high[d]! + (x >> 31) + (address >>> 0 < x >>> 0 ? 1 : 0)) | 0;
        const offset = memory.locate(upper, address, 8, true);
        if (offset === UNMAPPED) {
          fault = memory.violation(true, address, upper, 8n);
          break;
        }
        const view = views[upper]!;
        view.setInt32(offset, low[s]!, true);
        view.setInt32(offset + 4, high[s]!, true);
        continue;
      }
      case Op.Ja:
        pc = x;
        continue;
      case Op.JeqImm: {
        const imm = immediates[pc - 1]!;
        if (low[d] === imm && high[d] === imm >> 31) pc = x;
        continue;
      }
      case Op.JeqReg:
        if (low[d] === low[s] && high[d] === high[s]) pc = x;
        continue;
      case Op.JneImm: {
        const imm = immediates[pc - 1]!;
        if (low[d] !== imm || high[d] !== imm >> 31) pc = x;
        continue;
      }
      case Op.JneReg:
        if (low[d] !== low[s] || high[d] !== high[s]) pc = x;
        continue;
      case Op.JsetImm: {
        const imm = immediates[pc - 1]!;
        if (((low[d]! & imm) | (high[d]! & (imm >> 31))) !== 0) pc = x;
        continue;
      }
      case Op.JsetReg:
        if (((low[d]! & low[s]!) | (high[d]! & high[s]!)) !== 0) pc = x;
        continue;
      case Op.JltImm: {
        const imm = immediates[pc - 1]!;
        if (isBelow(low[d]!, high[d]!, imm, imm >> 31)) pc = x;
        continue;
      }
      case Op.JltReg:
        if (isBelow(low[d]!, high[d]!, low[s]!, high[s]!)) pc = x;
        continue;
      case Op.JgeImm: {
        const imm = immediates[pc - 1]!;
        if (!isBelow(low[d]!, high[d]!, imm, imm >> 31)) pc = x;
        continue;
      }
      case Op.JgeReg:
        if (!isBelow(low[d]!, high[d]!, low[s]!, high[s]!)) pc = x;
        continue;
      case Op.JgtImm: {
        const imm = immediates[pc - 1]!;
        if (isBelow(imm, imm >> 31, low[d]!, high[d]!)) pc = x;
        continue;
      }
      case Op.JgtReg:
        if (isBelow(low[s]!, high[s]!, low[d]!, high[d]!)) pc = x;
        continue;
      case Op.JleImm: {
        const imm = immediates[pc - 1]!;
        if (!isBelow(imm, imm >> 31, low[d]!, high[d]!)) pc = x;
        continue;
      }
      case Op.JleReg:
        if (!isBelow(low[s]!, high[s]!, low[d]!, high[d]!)) pc = x;
        continue;
      case Op.JsltImm: {
        const imm = immediates[pc - 1]!;
        if (isLess(low[d]!, high[d]!, imm, imm >> 31)) pc = x;
        continue;
      }
      case Op.JsltReg:
        if (isLess(low[d]!, high[d]!, low[s]!, high[s]!)) pc = x;
        continue;
      case Op.JsgeImm: {
        const imm = immediates[pc - 1]!;
        if (!isLess(low[d]!, high[d]!, imm, imm >> 31)) pc = x;
        continue;
      }
      case Op.JsgeReg:
        if (!isLess(low[d]!, high[d]!, low[s]!, high[s]!)) pc = x;
        continue;
      case Op.JsgtImm: {
        const imm = immediates[pc - 1]!;
        if (isLess(imm, imm >> 31, low[d]!, high[d]!)) pc = x;
        continue;
      }
      case Op.JsgtReg:
        if (isLess(low[s]!, high[s]!, low[d]!, high[d]!)) pc = x;
        continue;
      case Op.JsleImm: {
        const imm = immediates[pc - 1]!;
        if (!isLess(imm, imm >> 31, low[d]!, high[d]!)) pc = x;
        continue;
      }
      case Op.JsleReg:
        if (!isLess(low[s]!, high[s]!, low[d]!, high[d]!)) pc = x;
        continue;
      case Step.CallFunction:
      case Step.CallOutside:
      case Op.Callx: {
        // callx reads its register before the frame is pushed; a full stack wins over a bad target (spec §6.3).
        const step = code[at]!;
        const targetLow = low[s]!;
        const targetHigh = high[s]!;
        saveFrame(frames, depth, low, high, pc);
        depth++;
        if (depth === config.maxCallDepth) {
          fault = nativeError('run', 'CallDepthExceeded');
          break;
        }
        if (frameStep !== 0) {
          const frame = (low[framePointer]! + frameStep) | 0;
          if (frame >>> 0 < frameStep) high[framePointer] = high[framePointer]! + 1;
          low[framePointer] = frame;
        }
        if (step === Step.CallFunction) {
          pc = x;
          continue;
        }
        const target = step === Op.Callx ? callxTarget(machine, targetLow, targetHigh) : OUTSIDE;
        if (target >= 0) {
          pc = target;
          continue;
        }
        fault = nativeError('run', target === OUTSIDE ? 'CallOutsideTextSegment' : 'UnsupportedInstruction');
        break;
      }
      case Op.Exit: {
        if (depth === 0) {
          outcome = 'done';
          break;
        }
        depth--;
        const returnPc = restoreFrame(frames, depth, low, high);
        if (returnPc < program.length) {
          pc = returnPc;
          continue;
        }
        fault = nativeError('run', 'CallOutsideTextSegment');
        break;
      }
      case Step.CallSyscall: {
        // The body sees the meter as it is after this instruction (spec §5.3).
        machine.instructions += drawn - fuel;
        stepsLeft -= drawn - fuel;
        if (metered) meter.giveBack(fuel);
        drawn = 0;
        fuel = 0;
        machine.pc = pc - 1;
        machine.depth = depth;
        const error = program.syscalls[x]!.run(machine);
        if (error === undefined) continue;
        fault = nativeError('run', 'SyscallError', { raw: error.detail });
        break;
      }
      case Step.Overrun:
        fault = nativeError('run', 'ExecutionOverrun');
        break;
      default:
        fault = nativeError('run', 'UnsupportedInstruction');
    }
    // Only what ends the run comes here; the pc is that of the instruction which did.
    pc--;
    break;
  }

  if (metered) meter.giveBack(fuel);
  machine.instructions += drawn - fuel;
  machine.pc = pc;
  machine.depth = depth;
  machine.fault = fault;
  return outcome;
}

/** Answers of `callxTarget` that are no pc. */
const OUTSIDE = -1;
const NO_FUNCTION = -2;

/** The slot a code address points into: the low three bits of the byte offset are ignored (spec §6.3). */
function callxTarget(machine: ReferenceMachine, low: number, high: number): number {
  const { program } = machine;
  const offset = (low >>> 0) - program.textLow;
  const upper = ((high >>> 0) - program.textHigh - (offset < 0 ? 1 : 0)) | 0;
  const pc = Math.floor((offset < 0 ? offset + 0x1_0000_0000 : offset) / 8);
  if (upper !== 0 || pc >= program.length) return OUTSIDE;
  return isCallxTarget(program, pc) ? pc : NO_FUNCTION;
}

function saveFrame(frames: Int32Array, depth: number, low: Int32Array, high: Int32Array, pc: number): void {
  const at = depth * wordsPerFrame;
  for (let i = 0; i < 5; i++) {
    frames[at + i] = low[6 + i]!;
    frames[at + 5 + i] = high[6 + i]!;
  }
  frames[at + 10] = pc;
}

/** @returns the return pc. */
function restoreFrame(frames: Int32Array, depth: number, low: Int32Array, high: Int32Array): number {
  const at = depth * wordsPerFrame;
  for (let i = 0; i < 5; i++) {
    low[6 + i] = frames[at + i]!;
    high[6 + i] = frames[at + 5 + i]!;
  }
  return frames[at + 10]!;
}

/** a < b, unsigned. */
function isBelow(aLow: number, aHigh: number, bLow: number, bHigh: number): boolean {
  return aHigh === bHigh ? aLow >>> 0 < bLow >>> 0 : aHigh >>> 0 < bHigh >>> 0;
}

/** a < b, signed. */
function isLess(aLow: number, aHigh: number, bLow: number, bHigh: number): boolean {
  return aHigh === bHigh ? aLow >>> 0 < bLow >>> 0 : aHigh < bHigh;
}
