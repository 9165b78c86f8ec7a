/**
 * Engines that the command brings along, as module specifiers that export a container module: loaded like any plugin. An engine of
 * this house is one line here; anyone else's is one line in `plugins` of the configuration.
 */
export const builtInEngines: readonly string[] = ['@switchyard/tbpf/module', '@switchyard/legacy/module'];
