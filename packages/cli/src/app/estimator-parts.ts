import type { Compose } from '@switchyard/estimator';
import type { ConfigOptions } from './load-config.ts';
import { loadParts, withWholePath } from './open-app.ts';

/** What a worker of the estimation service needs to find the configuration that its service found. */
export type EstimatorPartsOptions = Pick<ConfigOptions, 'configFile' | 'flags'> & { readonly cwd: string };

/** Loaded by each worker: configuration, engines and plugins, as every command has them. */
const compose: Compose = async (composeWith) => {
  const options = composeWith as EstimatorPartsOptions;
  const { config, modules } = await loadParts(options);
  return { config: withWholePath(config, options.cwd), modules };
};

export default compose;
