import { dirname, resolve } from 'node:path';
import { type SwitchyardConfig, VmError } from '@switchyard/core';
import {
  createServer,
  type EstimatorConfig,
  pageFiles,
  parseEstimatorConfig,
  startService,
} from '@switchyard/estimator';
import type { EstimatorPartsOptions } from './estimator-parts.ts';
import { type ConfigOptions, defaultStore, loadConfig } from './load-config.ts';
import { openStore, withWholePath } from './open-app.ts';

/** A service that listens. */
export interface RunningServer {
  /** Where: `http://127.0.0.1:8645`. */
  readonly url: string;
  readonly config: SwitchyardConfig;
  readonly estimator: EstimatorConfig;
  /** Answers what is in flight and ends. */
  close(): Promise<void>;
}

/** How to start a service. */
export interface StartServerOptions extends Omit<ConfigOptions, 'environment'> {
  /** Told to clients. */
  readonly version: string;
}

/**
 * Starts the estimation service as the configuration says: workers over the store, and the HTTP server before them. The default store is
 * made when it is not there, so that a new service answers for code that comes with a request.
 * @throws VmError CONFIG_INVALID, STATE_*, PLUGIN_INVALID, LISTEN_FAILED.
 */
export async function startServer({ version, ...options }: StartServerOptions): Promise<RunningServer> {
  const cwd = options.cwd ?? process.cwd();
  const { config: loaded, file } = await loadConfig({ ...options, cwd });
  const config = withWholePath(loaded, cwd);
  const estimator = parseEstimatorConfig(config.estimator, config.source);
  await makeDefaultStore(config, file === undefined ? cwd : dirname(resolve(cwd, file)), cwd);
  const composeWith: EstimatorPartsOptions = {
    cwd,
    ...(file === undefined ? {} : { configFile: file }),
    ...(options.flags === undefined ? {} : { flags: options.flags }),
  };
  const service = await startService({
    config,
    estimator,
    compose: new URL('./estimator-parts.js', import.meta.url).href,
    composeWith,
  });
  const server = await createServer({ service, config: estimator, page: pageFiles(), version }).catch(
    async (thrown: unknown) => {
      await service.close();
      throw thrown;
    },
  );
  try {
    const url = await server.listen({ host: estimator.host, port: estimator.port });
    return { url, config, estimator, close: () => server.close() };
  } catch (cause) {
    await server.close();
    const { host, port } = estimator;
    throw new VmError('LISTEN_FAILED', `${host}, port ${port}: ${(cause as Error).message}.`, { cause });
  }
}

/** Workers only read: without a store they would have nothing to open. */
async function makeDefaultStore({ state }: SwitchyardConfig, folder: string, cwd: string): Promise<void> {
  if (state.kind !== 'lmdb') return;
  const isDefault = state.path === defaultStore(folder) && state.readOnly !== true;
  await openStore(state, isDefault ? 'create' : 'read', folder, cwd).close();
}
