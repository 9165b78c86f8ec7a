import { WasmBuilderError, type WasmBuilderErrorCode } from './error.ts';
import type { Instruction } from './instructions.ts';
import { type FunctionType, typeName } from './value-types.ts';

/** An operand that unreachable code may take for any type. */
const UNKNOWN = 0;

type Types = readonly number[];

/** One open construct: the control frame of the algorithm. */
interface Frame {
  readonly isLoop: boolean;
  readonly parameters: Types;
  readonly results: Types;
  /** Operands below the construct's own. */
  readonly height: number;
  isUnreachable: boolean;
}

/**
 * The validation algorithm of the specification's appendix ("Validation Algorithm"), run along with the emission: a mistake is an error
 * at the instruction that makes it. Used in checked mode only; it allocates freely.
 */
export class BodyChecker {
  private operands: number[] = [];
  private frames: Frame[] = [];
  private functionIndex = 0;
  private place = '';

  begin(functionIndex: number, type: FunctionType): void {
    this.functionIndex = functionIndex;
    this.operands = [];
    this.frames = [];
    this.open([], type.results, false);
  }

  /** Names the instruction that the next calls are about, for errors. */
  at(name: string, offset: number): void {
    this.place = `function ${this.functionIndex}, byte ${offset}, ${name}`;
  }

  plain(instruction: Instruction): void {
    this.popAll(instruction.parameters);
    this.pushAll(instruction.results);
  }

  call({ parameters, results }: FunctionType): void {
    this.popAll(parameters);
    this.pushAll(results);
  }

  drop(): void {
    this.pop();
  }

  /** `select` without a type: two operands of one type, and the condition. */
  select(condition: number): void {
    this.pop(condition);
    const second = this.pop();
    const first = this.pop(second);
    this.push(first === UNKNOWN ? second : first);
  }

  push(type: number): void {
    this.operands.push(type);
  }

  pushAll(types: Types): void {
    for (const type of types) this.operands.push(type);
  }

  /** Takes the top operand, which must be of type `expected` unless that is UNKNOWN; its type. */
  pop(expected: number = UNKNOWN): number {
    const frame = this.frames.at(-1)!;
    if (this.operands.length === frame.height) {
      if (frame.isUnreachable) return expected;
      throw this.error('STACK_HEIGHT', `needs ${this.wanted(expected)}, the stack of this block is empty`);
    }
    const found = this.operands.pop()!;
    if (found !== expected && found !== UNKNOWN && expected !== UNKNOWN) {
      throw this.error('TYPE_MISMATCH', `needs ${typeName(expected)}, found ${typeName(found)}`);
    }
    return found === UNKNOWN ? expected : found;
  }

  popAll(types: Types): void {
    for (let i = types.length - 1; i >= 0; i--) this.pop(types[i]);
  }

  open(parameters: Types, results: Types, isLoop: boolean): void {
    this.popAll(parameters);
    this.frames.push({ isLoop, parameters, results, height: this.operands.length, isUnreachable: false });
    this.pushAll(parameters);
  }

  otherwise(): void {
    const { parameters, results } = this.frames.at(-1)!;
    this.closeTop();
    this.open([], results, false);
    this.frames[this.frames.length - 1] = { ...this.frames.at(-1)!, parameters };
    this.pushAll(parameters);
  }

  close(): void {
    this.pushAll(this.closeTop());
  }

  private closeTop(): Types {
    const frame = this.frames.at(-1)!;
    this.popAll(frame.results);
    const left = this.operands.length - frame.height;
    if (left !== 0) {
      const types = this.operands.slice(-left).map(typeName).join(' ');
      throw this.error('STACK_HEIGHT', `the block ends with ${left} operands left over: ${types}`);
    }
    this.frames.pop();
    return frame.results;
  }

  /** `depth` counts from the function's own frame, 0. */
  branch(depth: number): void {
    this.popAll(this.labelTypes(depth));
    this.markUnreachable();
  }

  branchIf(depth: number, condition: number): void {
    this.pop(condition);
    const types = this.labelTypes(depth);
    this.popAll(types);
    this.pushAll(types);
  }

  /** Operands must fit every target; they stay for the next one as they were. */
  branchTable(depths: Iterable<number>, defaultDepth: number, index: number): void {
    this.pop(index);
    const arity = this.labelTypes(defaultDepth).length;
    for (const depth of depths) {
      const types = this.labelTypes(depth);
      if (types.length !== arity) {
        throw this.error('TYPE_MISMATCH', `a target takes ${types.length} operands, the default ${arity}`);
      }
      const found = types.map((_, i) => this.pop(types[types.length - 1 - i])).reverse();
      this.pushAll(found);
    }
    this.branch(defaultDepth);
  }

  /** Leaves the function with its results. */
  leave(): void {
    this.branch(0);
  }

  /** Code up to the end of this block can't run: its operands are whatever is asked for. */
  markUnreachable(): void {
    const frame = this.frames.at(-1)!;
    this.operands.length = frame.height;
    frame.isUnreachable = true;
  }

  private labelTypes(depth: number): Types {
    const { isLoop, parameters, results } = this.frames[depth]!;
    return isLoop ? parameters : results;
  }

  private wanted(type: number): string {
    return type === UNKNOWN ? 'an operand' : typeName(type);
  }

  private error(code: WasmBuilderErrorCode, message: string): WasmBuilderError {
    return new WasmBuilderError(code, `${this.place}: ${message}`);
  }
}
