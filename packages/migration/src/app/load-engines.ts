import { loadPlugins } from '@switchyard/core/container';
import type { EngineModules } from './open-side.ts';

/** Imports engines by URL or by a package's name. @throws VmError PLUGIN_INVALID naming the engine. */
export function loadEngines(specifiers: readonly string[]): Promise<EngineModules> {
  return loadPlugins(specifiers, (specifier) => import(specifier));
}
