import { COMPILED_CODE_CACHE, HostPorts, OverlayBackend, type SwitchyardConfig } from '@switchyard/core';
import { type ContainerOptions, createContainer, resolve } from '@switchyard/core/container';
import { openCodeCache, openState } from '@switchyard/state';
import { CodeShelf } from '../run/code-shelf.ts';
import type { Runtime } from '../run/runtime.ts';
import { engineVersions, profileName } from '../run/surroundings.ts';
import type { RuntimeOptions } from '../service/worker-task.ts';

/** What a runtime is put together from. */
export interface RuntimeParts {
  readonly config: SwitchyardConfig;
  /** Engines, as container modules. */
  readonly modules: NonNullable<ContainerOptions['modules']>;
}

/** Makes a worker's parts of plain data: the default export of a module that the service names. */
export type Compose = (composeWith: unknown) => Promise<RuntimeParts>;

/** Codes of requests that a worker keeps. */
const SHELF_BYTES = 32 * 1024 * 1024;

/** Opens the state to read, and puts engines and environment together over it. @throws VmError STATE_*, CACHE_UNAVAILABLE, and what is wrong with the configuration. */
export function createRuntime({ config: given, modules }: RuntimeParts, options: RuntimeOptions): Runtime {
  const config = bounded(given, options.gas);
  const { state, codeCache } = config;
  const ports = new HostPorts();
  const { maxBytes, directory = options.codeCacheDirectory } = codeCache;
  if (directory !== undefined && maxBytes > 0) {
    ports.set(COMPILED_CODE_CACHE, openCodeCache({ directory, maxBytes }));
  }
  const store = openState(state.kind === 'memory' ? state : { ...state, readOnly: true });
  const overlay = new OverlayBackend(store);
  const container = createContainer({ config, modules, backend: overlay, ports });
  const factory = resolve(container, 'VmFactory');
  return {
    config,
    factory,
    versions: engineVersions(factory),
    environment: resolve(container, 'Environment'),
    events: resolve(container, 'EventBus'),
    state: resolve(container, 'State'),
    overlay,
    store,
    codes: new CodeShelf(SHELF_BYTES),
    profile: profileName(config),
    stateVersion: 0n,
    responseBytes: options.responseBytes,
  };
}

function bounded(config: SwitchyardConfig, most: bigint | undefined): SwitchyardConfig {
  if (most === undefined || most >= config.gas.maxLimit) return config;
  const { defaultLimit } = config.gas;
  const gas = { ...config.gas, maxLimit: most, defaultLimit: defaultLimit < most ? defaultLimit : most };
  return { ...config, gas };
}
