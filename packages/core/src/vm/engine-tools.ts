import type { Benchmark } from '../bench/benchmark.ts';
import type { TypedValue } from '../values/typed-value.ts';
import type { ValueType } from '../values/value-type.ts';
import type { VectorCase, VectorObservation } from '../vectors/vector-case.ts';
import type { EngineTier, ExecutionResult } from './execution-result.ts';
import type { SourceMap } from './source-map.ts';
import type { VmType } from './virtual-machine.ts';

/** A section of a code file. */
export interface InspectedSection {
  readonly name: string;
  readonly address: bigint;
  readonly offset: number;
  readonly size: number;
  /** Such as `read`, `read+execute`. */
  readonly access: string;
}

/** A named place in the code. `position` is the instruction slot or the engine's own unit. */
export interface InspectedSymbol {
  readonly name: string;
  readonly kind: 'entry' | 'hook' | 'function' | 'object' | 'undefined';
  readonly position: number;
}

/** What a tool can tell of code without running it. */
export interface InspectionReport {
  readonly engine: VmType;
  /** Such as `TBPF ELF v0`. */
  readonly format: string;
  readonly size: number;
  /** sha-256 of the code. */
  readonly codeHash: Uint8Array;
  readonly instructions: number;
  readonly sections: readonly InspectedSection[];
  readonly symbols: readonly InspectedSymbol[];
  /** Ids of `entry_N`, ascending. */
  readonly entries: readonly number[];
  /** Ids of `hook_N`, ascending. */
  readonly hooks: readonly number[];
  /** Syscalls or natives that the code uses, by name where known, else by the key or id as the engine writes it; sorted. */
  readonly syscalls: readonly string[];
  readonly valid: boolean;
  /** Native text of the loader's or verifier's first error; null when valid. */
  readonly verdict: string | null;
  /** Lines of source that the code's debug information knows; absent where the code has none. */
  readonly debug?: DebugInfoReport;
}

/** What the debug information of a code file holds. */
export interface DebugInfoReport {
  /** Source files that instructions come from, sorted. */
  readonly files: readonly string[];
  /** Different lines of source that instructions come from. */
  readonly lines: number;
  /** Why it cannot be read, wholly or in part; null when all of it can. */
  readonly note: string | null;
}

/** Options of `assemble` and `disassemble`; an engine refuses what it does not know. */
export interface AssemblyOptions {
  /** The engine's own version name, such as `v0`. */
  readonly version?: string;
  /** What `assemble` makes; by default the engine's container format. */
  readonly kind?: CodeKind;
}

/** What the code is, in the vector format's words. */
export type CodeKind = 'elf' | 'text' | 'module' | 'module-json' | 'bytecode';

/** A parameter of a call, and its declared type where a value does not tell it: an object may be an array or a struct. */
export interface CallParameter {
  readonly value: TypedValue;
  readonly type?: ValueType | undefined;
}

/**
 * An engine's self-describing form of one value: what its contracts keep in storage and emit in events, where they don't keep plain
 * bytes.
 */
export interface CellCodec {
  /** @throws VmError VALUE_INVALID for a value that has no such form. */
  encode(value: TypedValue): Uint8Array;
  /** The value of all the bytes; undefined for bytes that are no cell. */
  decode(bytes: Uint8Array): TypedValue | undefined;
  /** The value that stands for an account (32 bytes) on a network (`BlockInfo.network`). */
  address(account: Uint8Array, network: string): TypedValue;
  /** The account (32 bytes) that a value of the engine stands for; undefined for any other value. */
  accountOf(value: TypedValue): Uint8Array | undefined;
}

/** How typed values go into a call of this engine's contracts and come out of it. */
export interface CallCodec {
  /** Absent where contracts keep plain bytes. */
  readonly cells?: CellCodec;
  /** The input of a call with these parameters, in declared order. @throws VmError VALUE_INVALID naming the parameter. */
  encodeParameters(parameters: readonly CallParameter[]): Uint8Array;
  /**
   * The parameters in the input of a call. An engine whose values tell their own types gives what is there and leaves the declared types to
   * the caller. @throws VmError VALUE_INVALID for an input that is not the parameters of these types.
   */
  decodeParameters(input: Uint8Array, types: readonly ValueType[]): readonly TypedValue[];
  /** The one value that a contract gave back, whatever it means to the host; undefined when its machine failed before. */
  resultOf(result: ExecutionResult): TypedValue | undefined;
  /**
   * How many of the bytes a module takes that begins with them, for formats that tell their own end; undefined for bytes that are none.
   */
  readonly moduleLength?: (bytes: Uint8Array) => number | undefined;
}

/**
 * The tools of an engine, bound beside it; cli, sdk and tos-vm reach them only so.
 * Methods throw VmError CODE_INVALID, ASSEMBLY_INVALID or UNSUPPORTED; `inspect` never throws on bad code.
 */
export interface EngineTools {
  readonly type: VmType;
  /** Tiers on which this engine can run a vector. */
  readonly tiers: readonly EngineTier[];
  /** Absent where an engine's calls have no typed values. */
  readonly calls?: CallCodec;
  inspect(code: Uint8Array): InspectionReport;
  disassemble(code: Uint8Array, kind: CodeKind, options?: AssemblyOptions): string;
  assemble(source: string, options?: AssemblyOptions): Uint8Array;
  /** Runs one vector bare, without an environment. @throws VmError VECTOR_INVALID. */
  runVector(vector: VectorCase, tier: EngineTier): VectorObservation;
  /** Names and lines of code, for traces, profiles and messages. Absent where the engine's code tells neither. Never throws on bad code. */
  sourceMap?(code: Uint8Array): SourceMap;
  /** What `switchyard bench` measures of this engine; absent where there is nothing to measure. */
  benchmarks?(): Promise<readonly Benchmark[]>;
}
