export { type ContainerOptions, createContainer } from './create-container.ts';
export { engineModule } from './engine-module.ts';
export { loadPlugins, type PluginImporter } from './load-plugins.ts';
export { type Logger, silentLogger } from './logger.ts';
export { resolve, TOKENS, type TokenTypes } from './tokens.ts';
