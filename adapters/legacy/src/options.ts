import { booleanOption, checkEngineOptions, integerOption, type OptionRule } from '@switchyard/core';
import {
  createMachineConfig,
  defaultMachineConfig,
  type MachineConfig,
} from './interpreter/machine-config.ts';

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

const rules: Readonly<Record<keyof LegacyOptions, OptionRule>> = {
  tier: {
    expected: '"auto", "reference" or "interpreter"',
    accepts: (value) => value === 'auto' || value === 'reference' || value === 'interpreter',
  },
  maxCodeBytes: integerOption(1, 16_777_216),
  memoryLimitBytes: integerOption(0, 4_294_967_295),
  memoryPrice: integerOption(0, 4_294_967_295),
  tailCalls: booleanOption,
};

/** Names of all options. */
export const legacyOptionNames: readonly string[] = Object.keys(rules);

/**
 * The options over the defaults.
 * @throws VmError ENGINE_OPTION_UNKNOWN, ENGINE_OPTION_INVALID naming the option.
 */
export function parseLegacyOptions(given: unknown = {}): LegacyOptions {
  checkEngineOptions('legacy', given, rules);
  return Object.freeze({ ...defaults, ...given });
}

/** The machine's settings that the options stand for. */
export function machineConfigOf(options: LegacyOptions): MachineConfig {
  return createMachineConfig({
    memoryPrice: BigInt(options.memoryPrice),
    memoryLimit: options.memoryLimitBytes,
    tailCalls: options.tailCalls,
  });
}
