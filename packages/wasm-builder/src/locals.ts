import { type ByteBuffer, sizeOfU32 } from './byte-buffer.ts';
import { refuseAbove, WasmBuilderError } from './error.ts';
import { ENGINE_LIMITS } from './limits.ts';
import { isValueType, type ValueType } from './value-types.ts';

/** Parameters and locals of a function, written as runs of one type (specification §5.4, "func" of §5.5.13). */
export class Locals {
  count = 0;
  private parameterCount = 0;
  private types = new Int8Array(64);

  reset(parameters: readonly ValueType[]): void {
    this.count = 0;
    for (const type of parameters) this.add(type);
    this.parameterCount = this.count;
  }

  add(type: ValueType): number {
    if (!isValueType(type)) throw new WasmBuilderError('BAD_VALUE', `${type} is no type for a local`);
    refuseAbove(ENGINE_LIMITS.locals, this.count + 1, 'locals');
    if (this.count === this.types.length) {
      const larger = new Int8Array(this.types.length * 2);
      larger.set(this.types);
      this.types = larger;
    }
    this.types[this.count] = type;
    return this.count++;
  }

  typeOf(index: number): number {
    return this.types[index]!;
  }

  encodedSize(): number {
    let size = 0;
    const runs = this.runs((length) => {
      size += sizeOfU32(length) + 1;
    });
    return sizeOfU32(runs) + size;
  }

  encode(out: ByteBuffer): void {
    out.u32(this.runs(() => {}));
    this.runs((length, type) => {
      out.u32(length);
      out.u8(type & 0x7f);
    });
  }

  /** Reports the runs of equal types after the parameters, first to last; how many they are. */
  private runs(report: (length: number, type: number) => void): number {
    let count = 0;
    for (let start = this.parameterCount; start < this.count; count++) {
      const type = this.types[start]!;
      let end = start + 1;
      while (end < this.count && this.types[end] === type) end++;
      report(end - start, type);
      start = end;
    }
    return count;
  }
}
