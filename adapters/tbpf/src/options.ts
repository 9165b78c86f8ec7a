import { booleanOption, checkEngineOptions, integerOption, type OptionRule } from '@switchyard/core';
import { defaultTbpfConfig, type TbpfConfig } from './config.ts';
import { isTbpfVersion, type TbpfVersion } from './isa/version.ts';

/** Settings of the TBPF engine; every one has the TOS runtime's default (tos-syscalls.md, "Budgets"). */
export interface TbpfOptions {
  /**
   * `auto` interprets a contract until compiling it pays; `compiled` compiles it before its first call. All tiers agree in everything observable. Where the host has no WebAssembly, or no memory for
   * one more call, and for traced runs, it is the reference tier whatever is chosen.
   */
  readonly tier: 'auto' | 'reference' | 'interpreter' | 'compiled';
  /** Longest ELF file in bytes. */
  readonly maxCodeBytes: number;
  /** Zeroed heap of a run in bytes. */
  readonly heapBytes: number;
  /** Call frames inside a contract; the stack holds 4 KiB for each. */
  readonly maxFrames: number;
  /** Inclusive range of accepted ELF versions. */
  readonly versions: readonly [lowest: TbpfVersion, highest: TbpfVersion];
  /** Refuse files that the reference loads though they are inconsistent. */
  readonly rejectBrokenElfs: boolean;
}

const TIERS: readonly TbpfOptions['tier'][] = ['auto', 'reference', 'interpreter', 'compiled'];

const defaults: TbpfOptions = Object.freeze<TbpfOptions>({
  tier: 'auto',
  maxCodeBytes: 1_048_576,
  heapBytes: 32_768,
  maxFrames: 64,
  versions: [0, 4],
  rejectBrokenElfs: false,
});

const rules: Readonly<Record<keyof TbpfOptions, OptionRule>> = {
  tier: {
    expected: '"auto", "reference", "interpreter" or "compiled"',
    accepts: (value) => TIERS.includes(value as TbpfOptions['tier']),
  },
  maxCodeBytes: integerOption(1, 16_777_216),
  heapBytes: integerOption(0, 262_144),
  maxFrames: integerOption(1, 1024),
  versions: {
    expected: 'two versions, lowest and highest, such as [0, 4]',
    accepts: (value) =>
      Array.isArray(value) &&
      value.length === 2 &&
      value.every((version) => typeof version === 'number' && isTbpfVersion(version)) &&
      (value[0] as number) <= (value[1] as number),
  },
  rejectBrokenElfs: booleanOption,
};

/** Names of all options. */
export const tbpfOptionNames: readonly string[] = Object.keys(rules);

/**
 * The options over the defaults.
 * @throws VmError ENGINE_OPTION_UNKNOWN, ENGINE_OPTION_INVALID naming the option.
 */
export function parseTbpfOptions(given: unknown = {}): TbpfOptions {
  checkEngineOptions('tbpf', given, rules);
  const options: TbpfOptions = { ...defaults, ...given };
  const [lowest, highest] = options.versions;
  return Object.freeze({ ...options, versions: Object.freeze([lowest, highest] as const) });
}

/** The machine's configuration for these options. */
export function machineConfigOf(options: TbpfOptions): TbpfConfig {
  return Object.freeze({
    ...defaultTbpfConfig,
    maxCallDepth: options.maxFrames,
    enabledVersions: options.versions,
    rejectBrokenElfs: options.rejectBrokenElfs,
  });
}
