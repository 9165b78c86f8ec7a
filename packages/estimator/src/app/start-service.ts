import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SwitchyardConfig } from '@switchyard/core';
import type { EstimatorConfig } from '../config/config.ts';
import { createService } from '../service/create-service.ts';
import type { EstimatorService } from '../service/service.ts';

/** How to start a service over workers. */
export interface StartServiceOptions {
  /** The configuration that the workers will find, too: where state and compiled code lie. */
  readonly config: Pick<SwitchyardConfig, 'state' | 'codeCache'>;
  readonly estimator: Pick<EstimatorConfig, 'workers' | 'limits' | 'cache'>;
  /** URL of a module whose default export is a `Compose`; each worker loads it. */
  readonly compose: string;
  /** What `compose` is called with: plain data. */
  readonly composeWith: unknown;
  /** By default the one of this package. */
  readonly workerFile?: URL;
}

/**
 * Starts workers over a state store, and what stands before them: queue and cache. Without a configured cache of compiled code the workers
 * share one in a temporary folder, which goes when the service is closed.
 * @throws VmError that keeps a worker from starting.
 */
export async function startService(options: StartServiceOptions): Promise<EstimatorService> {
  const { config, estimator, compose, composeWith, workerFile } = options;
  const { limits, workers, cache } = estimator;
  const folder =
    config.codeCache.directory === undefined ? mkdtempSync(join(tmpdir(), 'switchyard-code-')) : undefined;
  const removeFolder = (): void => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const service = await createService({
      setup: {
        compose,
        composeWith,
        options: {
          gas: limits.gas,
          responseBytes: limits.responseBytes,
          ...(folder === undefined ? {} : { codeCacheDirectory: folder }),
        },
      },
      state: config.state,
      workers,
      timeMs: limits.timeMs,
      heapMb: limits.heapMb,
      queue: limits.queue,
      queuePerClient: limits.queuePerClient,
      cacheBytes: cache.bytes,
      ...(workerFile === undefined ? {} : { workerFile }),
    });
    return closingWith(service, removeFolder);
  } catch (thrown) {
    removeFolder();
    throw thrown;
  }
}

function closingWith(service: EstimatorService, after: () => void): EstimatorService {
  return {
    run: (jobs, client) => service.run(jobs, client),
    stateVersion: () => service.stateVersion(),
    ready: () => service.ready(),
    status: () => service.status(),
    get onTrouble() {
      return service.onTrouble;
    },
    set onTrouble(listener) {
      service.onTrouble = listener;
    },
    async close() {
      await service.close();
      after();
    },
  };
}
