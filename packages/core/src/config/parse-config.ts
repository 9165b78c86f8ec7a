import { checkSection } from './check-section.ts';
import { completeConfig } from './complete-config.ts';
import type { SwitchyardConfig } from './config.ts';
import { mergeLayers } from './merge-layers.ts';
import { configSchema } from './schema.ts';

/** Source of a layer that nobody wrote; messages name it only where there is no other. */
const DEFAULTS = 'defaults';

/** A layer of configuration as it was written, and where: `switchyard.config.yaml`, `environment`, `flags`. */
export interface ConfigSource {
  readonly source: string;
  readonly value: unknown;
}

/**
 * Checks one layer and fills in the defaults.
 * @throws VmError CONFIG_INVALID whose message names source, path, what was expected and what was found.
 */
export function parseConfig(value: unknown, { source }: { readonly source: string }): SwitchyardConfig {
  return mergeConfig({ source, value });
}

/**
 * Checks each layer by itself, so that an error names the layer it is in, then merges them: later layers win, key by key; arrays are
 * replaced as a whole. Defaults lie below all.
 */
export function mergeConfig(...layers: readonly ConfigSource[]): SwitchyardConfig {
  for (const layer of layers) checkLayer(layer);
  const merged = layers.reduce<unknown>((below, { value }) => mergeLayers(below, value), {});
  const used = layers.filter(({ source, value }) => source !== DEFAULTS && isGiven(value));
  const source = used.map((layer) => layer.source).join(' + ') || DEFAULTS;
  return completeConfig(configSchema.parse(merged), source);
}

function checkLayer({ source, value }: ConfigSource): void {
  if (value !== undefined) checkSection(configSchema, value, { source, prefix: [] });
}

function isGiven(value: unknown): boolean {
  return value !== undefined && Object.keys(value as object).length > 0;
}
