import {
  createContext,
  createEngineServices,
  type ExecutionContext,
  type ExecutionResult,
  encodeUtf8,
  JournaledState,
  MemoryBackend,
  type PartialContext,
} from '@switchyard/core';
import { TbpfEngine } from './engine.ts';
import { TbpfTools } from './tools.ts';

const tools = new TbpfTools();

/** The contract that `runAssembly` runs as. */
export const SELF = new Uint8Array(32).fill(0x11);

/** Another account. */
export const OTHER = new Uint8Array(32).fill(0x22);

/** What a run starts from; everything has a default. */
export interface AssemblyRun {
  /** By default v0: no function markers, r1 = input, r2 = its length. */
  readonly version?: string;
  /** Bytes at 0x400000000; text stands for its UTF-8 bytes. */
  readonly input?: Uint8Array | string;
  readonly gasLimit?: bigint;
  readonly state?: JournaledState;
  readonly context?: PartialContext;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** An ELF file of the program. */
export function assembled(source: string, version = 'v0'): Uint8Array {
  return tools.assemble(source, { version });
}

/** A new state in memory. */
export function emptyState(): JournaledState {
  return new JournaledState(new MemoryBackend());
}

/** A context for `assembled` code. */
export function contextOf({ input = '', gasLimit, context }: AssemblyRun): ExecutionContext {
  return createContext({
    contract: SELF,
    input: typeof input === 'string' ? encodeUtf8(input) : input,
    ...(gasLimit === undefined ? {} : { gasLimit }),
    ...context,
  });
}

/** Assembles the program, wraps it into an ELF file and runs its default entry on the engine. */
export function runAssembly(source: string, run: AssemblyRun = {}): ExecutionResult {
  const engine = new TbpfEngine(run.options ?? {}, createEngineServices());
  return engine.execute(assembled(source, run.version), contextOf(run), run.state ?? emptyState());
}

/** `parts` one after the other: numbers are u64 in eight little-endian bytes, text is UTF-8. */
export function bytesOf(...parts: readonly (number | bigint | string | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => {
      if (part instanceof Uint8Array) return [...part];
      if (typeof part === 'string') return [...encodeUtf8(part)];
      return Array.from({ length: 8 }, (_, index) => Number((BigInt(part) >> BigInt(8 * index)) & 0xffn));
    }),
  );
}
