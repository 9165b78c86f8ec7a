import { WasmBuilderError } from './error.ts';
import { EMPTY, type FunctionType, isValueType } from './value-types.ts';

export const BLOCK = 0;
export const LOOP = 1;
export const IF = 2;
export const ELSE = 3;

/** The constructs that are open in a body, by depth: 0 is the function itself. Kept in both modes; two numbers a construct. */
export class ControlStack {
  /** Depth of the innermost construct, which is its label. */
  depth = 0;
  private kinds = new Uint8Array(16);
  private types = new Int32Array(16);

  constructor(private readonly functionTypes: readonly FunctionType[]) {}

  reset(): void {
    this.depth = 0;
  }

  /** Label of the new construct. */
  open(kind: number, type: number): number {
    if (type >= 0 ? type >= this.functionTypes.length : type !== EMPTY && !isValueType(type)) {
      throw new WasmBuilderError('BAD_INDEX', `${type} is no block type`);
    }
    const depth = ++this.depth;
    if (depth === this.kinds.length) this.grow();
    this.kinds[depth] = kind;
    this.types[depth] = type;
    return depth;
  }

  otherwise(): void {
    if (this.depth === 0 || this.kinds[this.depth] !== IF) {
      throw new WasmBuilderError('BAD_NESTING', 'else: the innermost open construct is no if without else');
    }
    this.kinds[this.depth] = ELSE;
  }

  close(): void {
    const { depth } = this;
    if (depth === 0)
      throw new WasmBuilderError('BAD_NESTING', 'end: no construct is open; finish() ends a body');
    if (this.kinds[depth] === IF) this.requireSameEnds(this.types[depth]!);
    this.depth = depth - 1;
  }

  /** The number in a branch: constructs between it and its target. */
  relative(label: number): number {
    const { depth } = this;
    if (label >= 0 && label <= depth && Number.isInteger(label)) return depth - label;
    throw new WasmBuilderError('BAD_LABEL', `label ${label} is not open, the innermost is ${depth}`);
  }

  /** An if without else passes its parameters through, so they must be its results (§3.3.8.5). */
  private requireSameEnds(type: number): void {
    if (type === EMPTY) return;
    const signature = this.functionTypes[type];
    const isSame = signature !== undefined && signature.parameters.join() === signature.results.join();
    if (!isSame) throw new WasmBuilderError('BAD_NESTING', 'end: an if with this type needs an else');
  }

  private grow(): void {
    const kinds = new Uint8Array(this.kinds.length * 2);
    kinds.set(this.kinds);
    this.kinds = kinds;
    const types = new Int32Array(this.types.length * 2);
    types.set(this.types);
    this.types = types;
  }
}
