import { VmError } from '@switchyard/core';
import { defaultMachineConfig, type MachineConfig } from './interpreter/machine-config.ts';

/** Settings of the legacy engine; every one has the node's default. */
export interface LegacyOptions {
  /** `auto` is the fast interpreter; `reference` the plain one, step by step. Both agree in everything. */
  readonly tier: 'auto' | 'reference' | 'interpreter';
  /** Longest module in bytes. */
  readonly maxCodeBytes: number;
  /** Most bytes of charged memory in a run. */
  readonly memoryLimitBytes: number;
  /** Gas for one byte of charged memory. */
  readonly memoryPrice: number;
  /** Close a frame before a call that is its last instruction. */
  readonly tailCalls: boolean;
}

const defaults: LegacyOptions = Object.freeze<LegacyOptions>({
  tier: 'auto',
  maxCodeBytes: 1_048_576,
  memoryLimitBytes: defaultMachineConfig.memoryLimit,
  memoryPrice: 1,
  tailCalls: false,
});

interface OptionRule {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

const integer = (least: number, most: number): OptionRule => ({
  expected: `an integer from ${least} to ${most}`,
  accepts: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
});

const rules: Readonly<Record<keyof LegacyOptions, OptionRule>> = {
  tier: {
    expected: '"auto", "reference" or "interpreter"',
    accepts: (value) => value === 'auto' || value === 'reference' || value === 'interpreter',
  },
  maxCodeBytes: integer(1, 16_777_216),
  memoryLimitBytes: integer(0, 4_294_967_295),
  memoryPrice: integer(0, 4_294_967_295),
  tailCalls: { expected: 'true or false', accepts: (value) => typeof value === 'boolean' },
};

/** Names of all options. */
export const legacyOptionNames: readonly string[] = Object.keys(rules);

/**
 * The options over the defaults.
 * @throws VmError ENGINE_OPTION_UNKNOWN, ENGINE_OPTION_INVALID naming the option.
 */
export function parseLegacyOptions(given: unknown = {}): LegacyOptions {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw new VmError('ENGINE_OPTION_INVALID', 'engine legacy: options: expected an object.');
  }
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, name) ? rules[name as keyof LegacyOptions] : undefined;
    if (rule === undefined) {
      throw new VmError(
        'ENGINE_OPTION_UNKNOWN',
        `engine legacy has no option "${name}"; options: ${legacyOptionNames.join(', ')}.`,
      );
    }
    if (!rule.accepts(value)) {
      throw new VmError(
        'ENGINE_OPTION_INVALID',
        `engine legacy: option ${name}: expected ${rule.expected}, found ${JSON.stringify(value) ?? String(value)}.`,
      );
    }
  }
  return Object.freeze({ ...defaults, ...given });
}

/** The machine's settings that the options stand for. */
export function machineConfigOf(options: LegacyOptions): MachineConfig {
  return Object.freeze({
    ...defaultMachineConfig,
    memoryPrice: BigInt(options.memoryPrice),
    memoryLimit: options.memoryLimitBytes,
    tailCalls: options.tailCalls,
  });
}
