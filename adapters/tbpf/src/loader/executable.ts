import type { TbpfConfig } from '../config.ts';
import type { TbpfVersion } from '../isa/version.ts';
import type { FunctionRegistry } from './function-registry.ts';

/** A loaded program, ready for the verifier and the machine. */
export interface Executable {
  readonly version: TbpfVersion;
  readonly config: TbpfConfig;
  /** Slot at which the default entry starts. */
  readonly entryPc: number;
  /** Text after relocation; may share memory with `readOnly.bytes`, so it must not be written. */
  readonly text: Uint8Array;
  /** Address of the first text byte (spec §3.1). */
  readonly textAddress: bigint;
  readonly readOnly: {
    readonly address: bigint;
    readonly bytes: Uint8Array;
  };
  readonly functions: FunctionRegistry;
}
