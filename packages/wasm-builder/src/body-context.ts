import { WasmBuilderError } from './error.ts';
import type { FunctionType, ValueType } from './value-types.ts';

export interface GlobalType {
  readonly type: ValueType;
  readonly mutable: boolean;
}

/** What a function's body may refer to: the context C of specification §3.1.1, without what is the function's own. */
export interface BodyContext {
  readonly types: readonly FunctionType[];
  /** Type index of every function, imports first. */
  readonly functionTypes: readonly number[];
  readonly globals: readonly GlobalType[];
  readonly tableCount: number;
  readonly memoryCount: number;
  readonly dataCount: number;
  readonly elementCount: number;
}

/** Throws BAD_INDEX unless there is a `what` of this index. */
export function requireIndex(index: number, count: number, what: string): void {
  if (index >= 0 && index < count && Number.isInteger(index)) return;
  const known = count === 0 ? 'there is none' : `the last is ${count - 1}`;
  throw new WasmBuilderError('BAD_INDEX', `${what} ${index} does not exist, ${known}`);
}
