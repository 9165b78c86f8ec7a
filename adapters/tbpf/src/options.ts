import { VmError } from '@switchyard/core';
import { defaultTbpfConfig, type TbpfConfig } from './config.ts';
import { isTbpfVersion, type TbpfVersion } from './isa/version.ts';

/** Settings of the TBPF engine; every one has the TOS runtime's default (tos-syscalls.md, "Budgets"). */
export interface TbpfOptions {
  /** `auto` picks the fastest tier that this version has; all tiers agree in everything observable. */
  readonly tier: 'auto' | 'reference';
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

const defaults: TbpfOptions = Object.freeze<TbpfOptions>({
  tier: 'auto',
  maxCodeBytes: 1_048_576,
  heapBytes: 32_768,
  maxFrames: 64,
  versions: [0, 4],
  rejectBrokenElfs: false,
});

interface OptionRule {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

const integer = (least: number, most: number): OptionRule => ({
  expected: `an integer from ${least} to ${most}`,
  accepts: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
});

const rules: Readonly<Record<keyof TbpfOptions, OptionRule>> = {
  tier: { expected: '"auto" or "reference"', accepts: (value) => value === 'auto' || value === 'reference' },
  maxCodeBytes: integer(1, 16_777_216),
  heapBytes: integer(0, 262_144),
  maxFrames: integer(1, 1024),
  versions: {
    expected: 'two versions, lowest and highest, such as [0, 4]',
    accepts: (value) =>
      Array.isArray(value) &&
      value.length === 2 &&
      value.every((version) => typeof version === 'number' && isTbpfVersion(version)) &&
      (value[0] as number) <= (value[1] as number),
  },
  rejectBrokenElfs: { expected: 'true or false', accepts: (value) => typeof value === 'boolean' },
};

/** Names of all options. */
export const tbpfOptionNames: readonly string[] = Object.keys(rules);

/**
 * The options over the defaults.
 * @throws VmError ENGINE_OPTION_UNKNOWN, ENGINE_OPTION_INVALID naming the option.
 */
export function parseTbpfOptions(given: unknown = {}): TbpfOptions {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw new VmError('ENGINE_OPTION_INVALID', 'engine tbpf: options: expected an object.');
  }
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, name) ? rules[name as keyof TbpfOptions] : undefined;
    if (rule === undefined) {
      throw new VmError(
        'ENGINE_OPTION_UNKNOWN',
        `engine tbpf has no option "${name}"; options: ${tbpfOptionNames.join(', ')}.`,
      );
    }
    if (!rule.accepts(value)) {
      throw new VmError(
        'ENGINE_OPTION_INVALID',
        `engine tbpf: option ${name}: expected ${rule.expected}, found ${describe(value)}.`,
      );
    }
  }
  const options: TbpfOptions = { ...defaults, ...given };
  const [lowest, highest] = options.versions;
  return Object.freeze({ ...options, versions: Object.freeze([lowest, highest] as const) });
}

/** A value as a message shows it. It may be anything: JSON throws on a bigint and on a cycle. */
function describe(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return `a value of type ${typeof value}`;
  }
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
