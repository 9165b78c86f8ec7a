export { configFromEnvironment } from './config-from-environment.ts';
export { mergeLayers } from './merge-layers.ts';
export { type ConfigSource, mergeConfig, parseConfig } from './parse-config.ts';
export { type ConfigLayer, configSchema } from './schema.ts';
export { withoutPasswords, withoutSecrets } from './secrets.ts';
export { stateFromText } from './state-from-text.ts';
