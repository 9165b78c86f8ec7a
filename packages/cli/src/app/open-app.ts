import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  COMPILED_CODE_CACHE,
  type EngineTools,
  type ExecutionEnvironment,
  HostPorts,
  type JournaledState,
  type StateConfig,
  type SwitchyardConfig,
  type TransactionObserver,
  VmError,
  type VmEventBus,
  type VmFactory,
} from '@switchyard/core';
import { type ContainerOptions, createContainer, loadPlugins, resolve } from '@switchyard/core/container';
import { openCodeCache, openState, type StateStore } from '@switchyard/state';
import { builtInEngines } from './built-in-engines.ts';
import { type ConfigOptions, defaultStore, loadConfig } from './load-config.ts';

/** Everything that a command works with, put together from the configuration. */
export interface App {
  readonly config: SwitchyardConfig;
  readonly configFile: string | undefined;
  readonly store: StateStore;
  readonly state: JournaledState;
  readonly environment: ExecutionEnvironment;
  readonly factory: VmFactory;
  readonly events: VmEventBus;
  /** The tools of an engine. @throws VmError ENGINE_UNKNOWN. */
  tools(type: string): EngineTools;
  /** Closes the store. */
  close(): Promise<void>;
}

/** See `AppOptions.access`. */
export type StoreAccess = 'create' | 'existing' | 'read';

/** How to put an app together. */
export interface AppOptions extends ConfigOptions {
  /** Instead of the configured store. */
  readonly state?: StateConfig;
  /**
   * What the command does with the store: makes it if need be, needs it to be there, or only reads it. Default: `create`.
   */
  readonly access?: StoreAccess;
  /** Told of every written transaction. */
  readonly observers?: readonly TransactionObserver[];
}

/** What everything is put together from. */
export interface AppParts {
  readonly config: SwitchyardConfig;
  readonly configFile: string | undefined;
  /** Where a relative path of the user's begins: the configuration file's folder, or the working directory. */
  readonly folder: string;
  readonly modules: NonNullable<ContainerOptions['modules']>;
}

/** Loads configuration, engines and plugins. @throws VmError CONFIG_INVALID, PLUGIN_INVALID. */
export async function loadParts(options: ConfigOptions = {}): Promise<AppParts> {
  const { config, file } = await loadConfig(options);
  const cwd = options.cwd ?? process.cwd();
  const folder = file === undefined ? cwd : dirname(resolvePath(cwd, file));
  const modules = await loadPlugins([...builtInEngines, ...config.plugins], importerFor(folder));
  return { config, configFile: file, folder, modules };
}

/** Loads configuration, engines and plugins, and opens cache and store. @throws VmError CONFIG_INVALID, PLUGIN_INVALID, CACHE_UNAVAILABLE, STATE_*. */
export async function openApp(options: AppOptions = {}): Promise<App> {
  const { config, configFile, folder, modules } = await loadParts(options);
  const cwd = options.cwd ?? process.cwd();
  const ports = portsOf(config, cwd);
  const store = openStore(options.state ?? config.state, options.access ?? 'create', folder, cwd);
  try {
    const container = createContainer({
      config,
      modules,
      backend: store,
      ports,
      observers: options.observers ?? [],
    });
    const factory = resolve(container, 'VmFactory');
    return {
      config,
      configFile,
      store,
      factory,
      state: resolve(container, 'State'),
      environment: resolve(container, 'Environment'),
      events: resolve(container, 'EventBus'),
      tools: (type) => factory.definition(type).tools,
      close: () => store.close(),
    };
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

/** What the command offers to engines. */
function portsOf({ codeCache: { directory, maxBytes } }: SwitchyardConfig, cwd: string): HostPorts {
  const ports = new HostPorts();
  if (directory === undefined || maxBytes === 0) return ports;
  return ports.set(COMPILED_CODE_CACHE, openCodeCache({ directory: resolvePath(cwd, directory), maxBytes }));
}

/** The configuration with the store's path from the root, for threads that may be elsewhere. */
export function withWholePath(config: SwitchyardConfig, cwd: string): SwitchyardConfig {
  const { state } = config;
  return state.kind === 'lmdb'
    ? { ...config, state: { ...state, path: resolvePath(cwd, state.path) } }
    : config;
}

/**
 * Only the default store's folder is made: elsewhere a missing folder is more likely a typing error. A command that reads leaves
 * nothing behind where no store is.
 */
export function openStore(state: StateConfig, access: StoreAccess, folder: string, cwd: string): StateStore {
  if (state.kind === 'memory') return openState(state);
  if (state.kind === 'postgres') {
    return openState({
      ...state,
      mustExist: access !== 'create',
      ...(access === 'read' ? { readOnly: true } : {}),
    });
  }
  const path = resolvePath(cwd, state.path);
  // A folder without data is none either: opening it to write would make a store among whatever it holds.
  if (access !== 'create' && !existsSync(join(path, 'data.mdb'))) {
    throw new VmError('STATE_UNAVAILABLE', `there is no state store at ${path}.`, {
      hint: 'Deploy a contract first, or check --state and the configuration.',
    });
  }
  if (path === defaultStore(folder)) mkdirSync(dirname(path), { recursive: true });
  return openState({ ...state, path, ...(access === 'read' ? { readOnly: true } : {}) });
}

/**
 * Built-in engines come with this package; plugins are looked for from the configuration's folder first, as a module there would
 * import them, then from this package's place.
 */
function importerFor(folder: string): (name: string) => Promise<unknown> {
  const parent = pathToFileURL(resolvePath(folder, 'switchyard.config.js')).href;
  return async (name) => {
    if (builtInEngines.includes(name)) return import(name);
    const { resolve: resolveModule } = await import('import-meta-resolve');
    let url: string;
    try {
      url = resolveModule(name, parent);
    } catch {
      url = name;
    }
    return import(url).catch((cause: NodeJS.ErrnoException) => {
      // Node's own message names the file that imports, which is this one and tells the user nothing.
      const wanted = url.startsWith('file:') ? fileURLToPath(url) : name;
      const isAbsent = cause.code === 'ERR_MODULE_NOT_FOUND' && cause.message.includes(`'${wanted}'`);
      throw isAbsent ? new Error(`it is not in ${folder}.`, { cause }) : cause;
    });
  };
}
