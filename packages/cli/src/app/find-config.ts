import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { VmError } from '@switchyard/core';
import type { ConfigSource } from '@switchyard/core/config';

const EXTENSIONS: readonly string[] = ['.ts', '.js', '.mjs', '.json', '.yaml', '.yml'];

/** Keys of the configuration that are paths. */
const PATHS = [
  ['state', 'path'],
  ['codeCache', 'directory'],
] as const;

/** The first `switchyard.config.*` in the folder or one above it; undefined when there is none. */
export function findConfigFile(folder: string): string | undefined {
  for (let current = resolve(folder); ; current = dirname(current)) {
    for (const extension of EXTENSIONS) {
      const file = join(current, `switchyard.config${extension}`);
      if (existsSync(file)) return file;
    }
    if (current === dirname(current)) return undefined;
  }
}

/**
 * What a configuration file says, unchecked; a relative `state.path` or `codeCache.directory` in it starts at the file's folder, so that
 * every folder below means the same place.
 * @throws VmError CONFIG_INVALID when it cannot be read as what its name says.
 */
export async function readConfigFile(file: string): Promise<ConfigSource> {
  const refuse = (what: string, hint: string, cause?: unknown): VmError =>
    new VmError('CONFIG_INVALID', `${file}: ${what}`, { hint, ...(cause === undefined ? {} : { cause }) });
  if (!existsSync(file)) throw refuse('there is no such file.', 'Check --config and SWITCHYARD_CONFIG.');
  if (!statSync(file).isFile() || !EXTENSIONS.includes(extname(file))) {
    throw refuse('this is no configuration file.', `Name a file that ends in ${EXTENSIONS.join(', ')}.`);
  }
  let value: unknown;
  try {
    value = await readValue(file);
  } catch (cause) {
    throw refuse((cause as Error).message, 'Correct the file where the message says.', cause);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw refuse(`expected an object, found ${JSON.stringify(value)}.`, 'Write the keys in braces.');
  }
  return { source: file, value: withAnchoredPaths(value as Record<string, unknown>, dirname(resolve(file))) };
}

/** JSON needs no loader; the others cost 100 ms and more, so they are loaded when a file asks for them. */
async function readValue(file: string): Promise<unknown> {
  const text = readFileSync(file, 'utf8');
  if (extname(file) === '.json') return JSON.parse(text);
  // The loader trips over a YAML file that holds nothing, or only comments.
  if (/^\.ya?ml$/.test(extname(file)) && /^(?:\s*(?:#.*)?(?:\n|$))*$/.test(text)) return {};
  const { loadConfig } = await import('c12');
  const loaded = await loadConfig({
    cwd: dirname(resolve(file)),
    configFile: basename(file),
    rcFile: false,
    globalRc: false,
    packageJson: false,
    dotenv: false,
  });
  return loaded.config;
}

function withAnchoredPaths(value: Record<string, unknown>, folder: string): Record<string, unknown> {
  const anchored = { ...value };
  for (const [section, key] of PATHS) {
    const fields = value[section] as Record<string, unknown> | null | undefined;
    const path = fields?.[key];
    if (typeof path === 'string') anchored[section] = { ...fields, [key]: resolve(folder, path) };
  }
  return anchored;
}
