import { VmError } from '../errors/vm-error.ts';
import type { SelectRule } from '../factory/select-rule.ts';
import { createGasPolicy, GAS_POLICIES, type GasPolicy } from '../gas/gas-policy.ts';
import { DEFAULT_CONFIG, type EngineConfig, type StateConfig, type SwitchyardConfig } from './config.ts';
import type { ConfigLayer } from './schema.ts';

/** The whole configuration from checked layers merged into one. @throws VmError CONFIG_INVALID where two keys contradict. */
export function completeConfig(layer: ConfigLayer, source: string): SwitchyardConfig {
  const base = DEFAULT_CONFIG;
  const gas = { ...base.gas, ...defined(layer.gas ?? {}), policy: completePolicy(layer.gas?.policy) };
  if (layer.gas?.defaultLimit === undefined && gas.defaultLimit > gas.maxLimit)
    gas.defaultLimit = gas.maxLimit;
  if (gas.defaultLimit > gas.maxLimit) {
    throw invalid(
      source,
      `gas.defaultLimit: expected at most gas.maxLimit (${gas.maxLimit}), found ${gas.defaultLimit}.`,
    );
  }
  return {
    state: completeState(layer.state, source),
    engines: completeEngines(layer.engines ?? {}),
    select: (layer.select ?? []).map((rule) => completeRule(rule)),
    defaultEngine: layer.defaultEngine,
    plugins: layer.plugins ?? [],
    limits: { ...base.limits, ...defined(layer.limits ?? {}) },
    gas,
    contracts: {
      reentrancy: { ...base.contracts.reentrancy, ...defined(layer.contracts?.reentrancy ?? {}) },
    },
    deploy: { ...base.deploy, ...defined(layer.deploy ?? {}) },
    block: defined(layer.block ?? {}),
    moduleCacheBytes: layer.moduleCacheBytes ?? base.moduleCacheBytes,
    codeCache: { ...base.codeCache, ...defined(layer.codeCache ?? {}) },
    estimator: layer.estimator ?? {},
    source,
  };
}

function completeState(state: ConfigLayer['state'], source: string): StateConfig {
  if (state === undefined || state.kind === 'memory') return { kind: 'memory' };
  if (state.kind === 'postgres') {
    const { url, schema, readOnly, timeoutMs } = state;
    if (url === undefined) {
      throw invalid(source, 'state.url: expected the address of the PostgreSQL database, found nothing.');
    }
    return { kind: 'postgres', url, ...defined({ schema, readOnly, timeoutMs }) };
  }
  if (state.path === undefined) {
    throw invalid(source, 'state.path: expected the path of the LMDB store, found nothing.');
  }
  return {
    kind: 'lmdb',
    path: state.path,
    ...(state.readOnly === undefined ? {} : { readOnly: state.readOnly }),
  };
}

function completeEngines(engines: NonNullable<ConfigLayer['engines']>): Record<string, EngineConfig> {
  return Object.fromEntries(
    Object.entries(engines).map(([type, { enabled = true, options = {} }]) => [type, { enabled, options }]),
  );
}

function completeRule(rule: NonNullable<ConfigLayer['select']>[number]): SelectRule {
  const { codeHash, address, ...rest } = rule;
  return {
    ...rest,
    ...(codeHash === undefined ? {} : { codeHash: codeHash instanceof Uint8Array ? [codeHash] : codeHash }),
    ...(address === undefined
      ? {}
      : { address: address instanceof Uint8Array ? { from: address, to: address } : address }),
  };
}

function completePolicy(policy: NonNullable<ConfigLayer['gas']>['policy']): GasPolicy {
  if (policy === undefined) return DEFAULT_CONFIG.gas.policy;
  if (typeof policy === 'string') return GAS_POLICIES[policy];
  const { preset = 'tos', ...differences } = policy;
  return createGasPolicy({ ...GAS_POLICIES[preset], ...defined(differences) });
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}

function invalid(source: string, message: string): VmError {
  return new VmError('CONFIG_INVALID', `${source}: ${message}`);
}
