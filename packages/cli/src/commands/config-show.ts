import { bytesToHex } from '@switchyard/core';
import { withoutSecrets } from '@switchyard/core/config';
import { checkEngineOptions } from '../app/check-engine-options.ts';
import { loadConfig } from '../app/load-config.ts';
import { openApp } from '../app/open-app.ts';
import { type CommonOptions, stateOf } from '../arguments/call-options.ts';
import type { CommandReport } from '../output/reporter.ts';

/**
 * `switchyard config show`: the configuration in force, and where it came from. Engines, their options and plugins are checked too, since
 * errors elsewhere send people here.
 */
export async function configShowCommand(options: CommonOptions): Promise<CommandReport> {
  const settings = { configFile: options.config, flags: stateOf(options) };
  const { config: loaded, file } = await loadConfig(settings);
  const config = withoutSecrets(loaded);
  const app = await openApp({ ...settings, state: { kind: 'memory' } });
  checkEngineOptions(app);
  await app.close();
  return {
    command: 'config show',
    exitCode: 0,
    data: { file: file ?? null, config },
    text: () =>
      [
        `# ${file === undefined || config.source.includes(file) ? config.source : file}`,
        ...formatValue(config, 0),
      ].join('\n'),
  };
}

/** An object as YAML-like lines. */
function formatValue(value: object, depth: number): string[] {
  return Object.entries(value).flatMap(([key, field]) => {
    if (key === 'source' && depth === 0) return [];
    const name = `${'  '.repeat(depth)}${key}:`;
    if (field !== null && typeof field === 'object' && !(field instanceof Uint8Array)) {
      const lines = formatValue(field, depth + 1);
      return lines.length === 0 ? [`${name} ${Array.isArray(field) ? '[]' : '{}'}`] : [name, ...lines];
    }
    return [`${name} ${formatScalar(field)}`];
  });
}

function formatScalar(value: unknown): string {
  if (value instanceof Uint8Array) return bytesToHex(value);
  if (value === undefined) return 'none';
  return typeof value === 'function' ? '(function)' : String(value);
}
