import type { EngineTier, ExecutionStatus } from '../vm/execution-result.ts';

/** A JSON value as the vector files hold it; integers above 2^53 are bigint (lossless parsing). */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * One vector: a line of a `.jsonl` file (architecture.md, "Vector format"). Only the fields that every engine shares are named;
 * an engine reads its own from `fields`.
 */
export interface VectorCase {
  readonly id: string;
  readonly engine: string;
  /** The code's bytes; for `module-json` the UTF-8 bytes of the JSON text. */
  readonly code: Uint8Array;
  readonly codeKind: string;
  readonly gasLimit: bigint;
  /** The whole line's object. */
  readonly fields: { readonly [key: string]: JsonValue };
  readonly expect: { readonly [key: string]: JsonValue };
}

/** What an engine observed when it ran a vector. */
export interface VectorObservation {
  readonly tier: EngineTier;
  readonly status: ExecutionStatus | 'rejected';
  readonly exitCode: bigint | null;
  readonly gasUsed: bigint;
  /** The observation in the shape of `expect`. */
  readonly native: { readonly [key: string]: JsonValue };
  readonly error: { readonly code: string; readonly native: string } | null;
  readonly logs: readonly string[];
  readonly events: readonly JsonValue[];
  readonly stateChanges: readonly JsonValue[];
  /** Fields of `expect` that this tier cannot observe and so does not compare. */
  readonly notCompared?: readonly string[];
}
