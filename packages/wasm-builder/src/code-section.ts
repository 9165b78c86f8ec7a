import { ByteBuffer } from './byte-buffer.ts';
import { WasmBuilderError } from './error.ts';
import type { FunctionBody } from './function-body.ts';
import { SectionId, writeSection } from './section.ts';

/** Finished bodies, one after another as they were written (specification §5.5.13), and where each begins. */
export class CodeSection {
  private readonly bodies = new ByteBuffer();
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private open: number | undefined;
  private inOrder = true;

  get length(): number {
    return this.bodies.length;
  }

  /** `index` counts the functions of this module, without imports. */
  begin(index: number): void {
    if (this.open !== undefined) {
      throw new WasmBuilderError('BAD_ORDER', 'another body is open: finish it first');
    }
    if (this.ends[index] !== undefined) {
      throw new WasmBuilderError('BAD_ORDER', `function ${index} of this module has a body already`);
    }
    if (index !== this.ends.length) this.inOrder = false;
    this.open = index;
  }

  finish(body: FunctionBody): void {
    const { open } = this;
    if (open === undefined) throw new WasmBuilderError('BAD_ORDER', 'finish: no body is open');
    this.starts[open] = this.bodies.length;
    body.encode(this.bodies);
    this.ends[open] = this.bodies.length;
    this.open = undefined;
  }

  /** The section, in order of the functions. */
  write(out: ByteBuffer, count: number, imported: number): void {
    if (this.open !== undefined) throw new WasmBuilderError('BAD_ORDER', 'a body is still open');
    for (let i = 0; i < count; i++) {
      if (this.ends[i] === undefined) {
        throw new WasmBuilderError('BAD_ORDER', `function ${i + imported} has no body`);
      }
    }
    if (count === 0) return;
    const head = new ByteBuffer(16);
    head.u32(count);
    writeSection(out, SectionId.code, head, this.inOrder ? this.bodies : this.sorted(count));
  }

  private sorted(count: number): ByteBuffer {
    const sorted = new ByteBuffer(this.bodies.length);
    for (let i = 0; i < count; i++) sorted.copy(this.bodies, this.starts[i], this.ends[i]);
    return sorted;
  }
}
