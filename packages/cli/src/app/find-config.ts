import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { VmError } from '@switchyard/core';
import type { ConfigSource } from '@switchyard/core/config';

const NAMES: readonly string[] = ['ts', 'js', 'mjs', 'json', 'yaml', 'yml'].map(
  (extension) => `switchyard.config.${extension}`,
);

/** The first `switchyard.config.*` in the folder or one above it; undefined when there is none. */
export function findConfigFile(folder: string): string | undefined {
  for (let current = resolve(folder); ; current = dirname(current)) {
    for (const name of NAMES) {
      const file = join(current, name);
      if (existsSync(file)) return file;
    }
    if (current === dirname(current)) return undefined;
  }
}

/**
 * What a configuration file says, unchecked.
 * @throws VmError CONFIG_INVALID when it cannot be read as what its name says.
 */
export async function readConfigFile(file: string): Promise<ConfigSource> {
  if (!existsSync(file)) {
    throw new VmError('CONFIG_INVALID', `${file}: there is no such file.`, {
      hint: 'Check --config and SWITCHYARD_CONFIG.',
    });
  }
  try {
    return { source: file, value: (await readValue(file)) ?? {} };
  } catch (cause) {
    throw new VmError('CONFIG_INVALID', `${file}: ${(cause as Error).message}`, { cause });
  }
}

/** JSON needs no loader; the others cost 100 ms and more, so they are loaded when a file asks for them. */
async function readValue(file: string): Promise<unknown> {
  if (file.endsWith('.json')) return JSON.parse(readFileSync(file, 'utf8'));
  const { loadConfig } = await import('c12');
  const loaded = await loadConfig({
    cwd: dirname(file),
    configFile: basename(file),
    rcFile: false,
    globalRc: false,
    packageJson: false,
    dotenv: false,
  });
  return loaded.config;
}
