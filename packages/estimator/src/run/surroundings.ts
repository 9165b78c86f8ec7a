import { bytesToHex, GAS_POLICIES, type SwitchyardConfig, type VmFactory } from '@switchyard/core';
import type { Runtime } from './runtime.ts';

/** On what an answer stands, as JSON has it. */
export interface Surroundings {
  readonly contract: string;
  readonly engine: string | null;
  readonly version: string | null;
  readonly profile: string;
  readonly stateVersion: string;
  readonly height: string;
}

/** @param engine as a run's statistics name it. */
export function surroundingsOf(
  runtime: Runtime,
  contract: Uint8Array,
  engine: string,
  height: bigint | undefined,
): Surroundings {
  return {
    contract: bytesToHex(contract),
    ...engineOf(runtime, engine),
    profile: runtime.profile,
    stateVersion: `${runtime.stateVersion}`,
    height: `${height ?? runtime.config.block.height ?? 0n}`,
  };
}

/** An engine's name and version; nulls when nothing ran, and no version for a precompile. */
function engineOf({ versions }: Runtime, engine: string): Pick<Surroundings, 'engine' | 'version'> {
  if (engine === 'none') return { engine: null, version: null };
  return { engine, version: versions.get(engine) ?? null };
}

/** Versions of the engines that the configuration lets run, by type. */
export function engineVersions(factory: VmFactory): ReadonlyMap<string, string> {
  const enabled = factory.types.filter((type) => factory.isEnabled(type));
  return new Map(enabled.map((type) => [type, versionText(factory.engine(type))]));
}

/** `0.14.1` */
function versionText({
  version: { major, minor, patch },
}: {
  readonly version: { readonly major: number; readonly minor: number; readonly patch: number };
}): string {
  return `${major}.${minor}.${patch}`;
}

/** The name of the gas policy in force: a preset's, or `custom`. */
export function profileName({ gas: { policy } }: SwitchyardConfig): string {
  for (const [name, preset] of Object.entries(GAS_POLICIES)) {
    const keys = Object.keys(preset) as (keyof typeof preset)[];
    if (keys.every((key) => preset[key] === policy[key])) return name;
  }
  return 'custom';
}
