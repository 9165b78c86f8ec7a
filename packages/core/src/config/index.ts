export { checkSection, type SectionPlace } from './check-section.ts';
export { configFromEnvironment } from './config-from-environment.ts';
export { describeIssue, describeValue, pathText, type ValuePlace } from './describe-issue.ts';
export { u64 } from './fields.ts';
export { mergeLayers } from './merge-layers.ts';
export { type ConfigSource, mergeConfig, parseConfig } from './parse-config.ts';
export { type ConfigLayer, configSchema } from './schema.ts';
export { withoutPasswords, withoutSecrets } from './secrets.ts';
export { stateFromText } from './state-from-text.ts';
