import { isTbpfVersion, type TbpfVersion } from './isa/version.ts';

/** Settings of the machine that change results (spec §4). */
export interface TbpfConfig {
  /** Call nesting limit; also sizes the stack. */
  readonly maxCallDepth: number;
  /** Bytes of one stack frame. */
  readonly stackFrameSize: number;
  /** V0 only: an unmapped gap after every frame. */
  readonly enableStackFrameGaps: boolean;
  /** False: no limit, and the reported count is 0. */
  readonly enableInstructionMeter: boolean;
  /** Extra load errors of the lenient loader. */
  readonly rejectBrokenElfs: boolean;
  /** True: the read-only region starts at its first byte and may borrow file bytes (spec §8.4.9). */
  readonly optimizeRodata: boolean;
  /** Keep function names and read `.symtab`. */
  readonly enableSymbolAndSectionLabels: boolean;
  /** Inclusive range of accepted versions; the assembler targets the upper end. */
  readonly enabledVersions: readonly [lowest: TbpfVersion, highest: TbpfVersion];
  /** One memory region per 4 GiB slot; V4 always has it. */
  readonly alignedMemoryMapping: boolean;
  /** Record r0–r10 and pc before each instruction. */
  readonly enableRegisterTracing: boolean;
}

/** The defaults of the reference implementation (spec §4). */
export const defaultTbpfConfig: TbpfConfig = Object.freeze({
  maxCallDepth: 64,
  stackFrameSize: 4096,
  enableStackFrameGaps: true,
  enableInstructionMeter: true,
  rejectBrokenElfs: false,
  optimizeRodata: true,
  enableSymbolAndSectionLabels: false,
  enabledVersions: Object.freeze([0, 4] as const),
  alignedMemoryMapping: true,
  enableRegisterTracing: false,
});

const nativeNames: Readonly<Record<string, keyof TbpfConfig>> = {
  max_call_depth: 'maxCallDepth',
  stack_frame_size: 'stackFrameSize',
  enable_stack_frame_gaps: 'enableStackFrameGaps',
  enable_instruction_meter: 'enableInstructionMeter',
  reject_broken_elfs: 'rejectBrokenElfs',
  optimize_rodata: 'optimizeRodata',
  enable_symbol_and_section_labels: 'enableSymbolAndSectionLabels',
  enabled_tbpf_versions: 'enabledVersions',
  aligned_memory_mapping: 'alignedMemoryMapping',
  enable_register_tracing: 'enableRegisterTracing',
};

/** Native fields which this implementation accepts and which have no effect on results. */
const ignoredNativeNames: ReadonlySet<string> = new Set([
  'instruction_meter_checkpoint_distance',
  'noop_instruction_rate',
  'sanitize_user_provided_values',
]);

/**
 * Builds a configuration from the reference's own field names; absent fields keep their defaults.
 * Throws `Error` that names the field when it is unknown or its value has the wrong type.
 */
export function tbpfConfigFromNative(record: Readonly<Record<string, unknown>>): TbpfConfig {
  const config: Record<string, unknown> = { ...defaultTbpfConfig };
  for (const [name, value] of Object.entries(record)) {
    if (ignoredNativeNames.has(name)) continue;
    const key = Object.hasOwn(nativeNames, name) ? nativeNames[name] : undefined;
    if (key === undefined) throw new Error(`config.${name}: unknown field`);
    const converted = convert(key, value);
    if (converted === undefined) {
      throw new Error(`config.${name}: ${JSON.stringify(value)} is not a valid value`);
    }
    config[key] = converted;
  }
  return Object.freeze(config) as unknown as TbpfConfig;
}

/** Bounds for what vectors ask for: at most 256 MiB of stack. */
const MOST_FRAMES = 4096;
const MOST_FRAME_BYTES = 65_536;

/** The value in our terms, or undefined when it is not one for this field. */
function convert(key: keyof TbpfConfig, value: unknown): unknown {
  const example = defaultTbpfConfig[key];
  if (typeof example === 'boolean') return typeof value === 'boolean' ? value : undefined;
  if (typeof example === 'number') {
    const most = key === 'maxCallDepth' ? MOST_FRAMES : MOST_FRAME_BYTES;
    return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most ? value : undefined;
  }
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const range = value.map(parseVersion);
  return range.includes(undefined) ? undefined : Object.freeze(range);
}

/** A version as the vectors write it, `"v0"` to `"v4"`, or as a number. */
function parseVersion(value: unknown): TbpfVersion | undefined {
  const version = typeof value === 'string' && /^v[0-4]$/i.test(value) ? Number(value[1]) : value;
  return typeof version === 'number' && isTbpfVersion(version) ? version : undefined;
}
