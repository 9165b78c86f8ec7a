import type { ContainerModule } from 'inversify';
import { VmError } from '../errors/vm-error.ts';

/** How a plugin is loaded by its package name: the host's `import(name)`. */
export type PluginImporter = (name: string) => Promise<unknown>;

/**
 * Loads third-party engines: each package exports an inversify ContainerModule as `containerModule` or as default.
 * @throws VmError PLUGIN_INVALID naming the plugin and what was wrong with it.
 */
export async function loadPlugins(
  names: readonly string[],
  importer: PluginImporter,
): Promise<readonly ContainerModule[]> {
  const modules: ContainerModule[] = [];
  for (const name of names) modules.push(await loadPlugin(name, importer));
  return modules;
}

async function loadPlugin(name: string, importer: PluginImporter): Promise<ContainerModule> {
  let exported: unknown;
  try {
    exported = await importer(name);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new VmError('PLUGIN_INVALID', `plugin ${name} cannot be loaded: ${reason}`, {
      hint: name.startsWith('.')
        ? 'Check the path; it starts at the configuration file.'
        : `Install it: npm install ${name}.`,
      cause: thrown,
    });
  }
  const names = typeof exported === 'object' && exported !== null ? Object.keys(exported) : [];
  const { containerModule, default: standard } = (exported ?? {}) as Record<string, unknown>;
  const candidate = containerModule ?? standard;
  if (candidate === undefined) {
    throw new VmError(
      'PLUGIN_INVALID',
      `plugin ${name} exports no containerModule; it exports ${names.join(', ') || 'nothing'}.`,
    );
  }
  if (!isContainerModule(candidate)) {
    const what = containerModule === undefined ? 'default' : 'containerModule';
    throw new VmError('PLUGIN_INVALID', `plugin ${name}: its ${what} is not an inversify ContainerModule.`);
  }
  return candidate;
}

/** By shape, not by class: a plugin may come with an inversify of its own. */
function isContainerModule(value: unknown): value is ContainerModule {
  return typeof value === 'object' && value !== null && 'load' in value && typeof value.load === 'function';
}
