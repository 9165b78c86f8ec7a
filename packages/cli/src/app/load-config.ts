import { dirname, resolve } from 'node:path';
import type { SwitchyardConfig } from '@switchyard/core';
import { type ConfigSource, configFromEnvironment, mergeConfig } from '@switchyard/core/config';
import { findConfigFile, readConfigFile } from './find-config.ts';

/** Where configuration comes from; later ones win: defaults, file, environment, flags. */
export interface ConfigOptions {
  /** A configuration file; without it the nearest `switchyard.config.*` upwards of `cwd`, if any. */
  readonly configFile?: string | undefined;
  /** By default the process's. */
  readonly cwd?: string;
  /** By default the process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** What the command line says, in the shape of the configuration. */
  readonly flags?: Readonly<Record<string, unknown>>;
}

/** The configuration, and the file it came from. */
export interface LoadedConfig {
  readonly config: SwitchyardConfig;
  readonly file: string | undefined;
}

/** Where the command keeps its state unless it is told otherwise: from the configuration file's folder, else the working directory. */
const DEFAULT_STORE = '.switchyard/state';

/** The command's own default: a store beside the work, so that a deployed contract is there at the next call. */
function commandDefaults(folder: string): ConfigSource {
  return { source: 'defaults', value: { state: { kind: 'lmdb', path: defaultStore(folder) } } };
}

/** The path of the default store for a folder. */
export function defaultStore(folder: string): string {
  return resolve(folder, DEFAULT_STORE);
}

/** Finds, reads and checks the configuration. @throws VmError CONFIG_INVALID. */
export async function loadConfig(options: ConfigOptions = {}): Promise<LoadedConfig> {
  const environment = options.environment ?? process.env;
  const cwd = options.cwd ?? process.cwd();
  const named = options.configFile ?? (environment['SWITCHYARD_CONFIG'] || undefined);
  const file = named ?? findConfigFile(cwd);
  const config = mergeConfig(
    commandDefaults(file === undefined ? cwd : dirname(resolve(cwd, file))),
    ...(file === undefined ? [] : [await readConfigFile(file)]),
    ...configFromEnvironment(environment),
    { source: 'command line', value: options.flags ?? {} },
  );
  return { config, file };
}
