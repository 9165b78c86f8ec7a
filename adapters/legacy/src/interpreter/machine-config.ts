/** Settings of a run that change results (spec §5, §4.4). */
export interface MachineConfig {
  /** Gas for one byte of charged memory (u64). */
  readonly memoryPrice: bigint;
  /** Most bytes of charged memory. */
  readonly memoryLimit: number;
  /** Deepest value that `Assign`, `push` and `insert` store. */
  readonly maxValueDepth: number;
  /** Close a frame before a call that is its last instruction. Off in the node. */
  readonly tailCalls: boolean;
}

/**
 * Settings, those not given being the reference's. The only place that makes them: objects from two places would have two shapes, and
 * V8 drops the compiled interpreter when it meets the second (docs/adr/0008).
 */
export function createMachineConfig({
  memoryPrice = 1n,
  memoryLimit = 134_217_728,
  maxValueDepth = 16,
  tailCalls = false,
}: Partial<MachineConfig> = {}): MachineConfig {
  return Object.freeze({ memoryPrice, memoryLimit, maxValueDepth, tailCalls });
}

/** The reference's defaults. */
export const defaultMachineConfig: MachineConfig = createMachineConfig();
