import { nearest } from '../errors/nearest.ts';
import { VmError } from '../errors/vm-error.ts';
import type { ConfigSource } from './parse-config.ts';
import { stateFromText } from './state-from-text.ts';

/** Variables and the path they set. `SWITCHYARD_ENGINES_<TYPE>_ENABLED` comes on top. */
const VARIABLES: Readonly<
  Record<string, { readonly path: readonly string[]; readonly read?: (text: string) => unknown }>
> = {
  SWITCHYARD_STATE: { path: ['state'], read: stateFromText },
  SWITCHYARD_DEFAULT_ENGINE: { path: ['defaultEngine'] },
  SWITCHYARD_PLUGINS: { path: ['plugins'], read: readList },
  SWITCHYARD_GAS_DEFAULT_LIMIT: { path: ['gas', 'defaultLimit'] },
  SWITCHYARD_GAS_MAX_LIMIT: { path: ['gas', 'maxLimit'] },
  SWITCHYARD_GAS_PRICE: { path: ['gas', 'price'] },
  SWITCHYARD_GAS_POLICY: { path: ['gas', 'policy'] },
  SWITCHYARD_MAX_CALL_DEPTH: { path: ['limits', 'maxCallDepth'], read: readNumber },
  SWITCHYARD_MAX_INPUT_SIZE: { path: ['limits', 'maxInputSize'], read: readNumber },
  SWITCHYARD_MAX_CODE_SIZE: { path: ['limits', 'maxCodeSize'], read: readNumber },
  SWITCHYARD_ADDRESS_POLICY: { path: ['deploy', 'addressPolicy'] },
  SWITCHYARD_MODULE_CACHE_BYTES: { path: ['moduleCacheBytes'], read: readNumber },
  SWITCHYARD_ESTIMATOR_HOST: { path: ['estimator', 'host'] },
  SWITCHYARD_ESTIMATOR_PORT: { path: ['estimator', 'port'], read: readNumber },
  SWITCHYARD_ESTIMATOR_WORKERS: { path: ['estimator', 'workers'], read: readNumber },
  SWITCHYARD_CODE_CACHE: { path: ['codeCache', 'directory'] },
  SWITCHYARD_CODE_CACHE_BYTES: { path: ['codeCache', 'maxBytes'], read: readNumber },
};

const ENGINE_VARIABLE = /^SWITCHYARD_ENGINES_([A-Z0-9_]+)_ENABLED$/;

/**
 * The layers that SWITCHYARD_* variables make, one for each, so that an error names the variable; in the order of their names. Variables in `ignored` (by default SWITCHYARD_CONFIG, which names the file) are someone
 * else's. @throws VmError CONFIG_INVALID for an unknown SWITCHYARD_* variable.
 */
export function configFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  ignored: readonly string[] = ['SWITCHYARD_CONFIG'],
): readonly ConfigSource[] {
  const layers: ConfigSource[] = [];
  for (const name of Object.keys(environment).sort()) {
    const text = environment[name];
    if (text === undefined || !name.startsWith('SWITCHYARD_') || ignored.includes(name)) continue;
    const value: Record<string, unknown> = {};
    const variable = VARIABLES[name];
    const engine = ENGINE_VARIABLE.exec(name)?.[1];
    if (variable !== undefined) put(value, variable.path, (variable.read ?? String)(text));
    else if (engine !== undefined) {
      put(value, ['engines', engine.toLowerCase().replaceAll('_', '-'), 'enabled'], readBoolean(text));
    } else throw unknownVariable(name);
    layers.push({ source: name, value });
  }
  return layers;
}

function unknownVariable(name: string): VmError {
  const meant = nearest(name, Object.keys(VARIABLES));
  const tail = meant === undefined ? '.' : `, did you mean ${meant}?`;
  return new VmError('CONFIG_INVALID', `environment: there is no variable ${name}${tail}`, {
    hint: `Unset it, or use one of ${Object.keys(VARIABLES).join(', ')}, SWITCHYARD_ENGINES_<TYPE>_ENABLED.`,
  });
}

function put(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let place = target;
  for (const key of path.slice(0, -1)) {
    place[key] ??= {};
    place = place[key] as Record<string, unknown>;
  }
  place[path.at(-1)!] = value;
}

function readList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Text that is no number stays text, so that the schema's message shows what was found. */
function readNumber(text: string): unknown {
  return /^[0-9]+$/.test(text) ? Number(text) : text;
}

function readBoolean(text: string): unknown {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  return text;
}
