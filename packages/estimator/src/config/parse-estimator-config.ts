import { availableParallelism } from 'node:os';
import { VmError } from '@switchyard/core';
import { checkSection } from '@switchyard/core/config';
import { type ApiKeyConfig, ESTIMATOR_DEFAULTS, type EstimatorConfig, type Rate } from './config.ts';
import { type EstimatorSection, estimatorSchema } from './schema.ts';

/**
 * The section `estimator` of a configuration, checked, with the defaults filled in.
 * @param section what the file says there; undefined: nothing
 * @param source the file, for messages
 * @throws VmError CONFIG_INVALID: `FILE: estimator.limits.timeMs: expected …, found …`.
 */
export function parseEstimatorConfig(section: unknown, source: string): EstimatorConfig {
  const given = checkSection(estimatorSchema, section ?? {}, { source, prefix: ['estimator'] });
  const base = ESTIMATOR_DEFAULTS;
  const keys = (given.keys ?? []).map(completeKey);
  checkKeys(given, source);
  return {
    host: given.host ?? base.host,
    port: given.port ?? base.port,
    workers: given.workers ?? Math.max(1, availableParallelism() - 1),
    limits: { ...base.limits, ...defined(given.limits ?? {}) },
    cache: { ...base.cache, ...defined(given.cache ?? {}) },
    keys,
    anonymous: given.anonymous ?? keys.length === 0,
    rate: given.rate === undefined ? undefined : completeRate(given.rate.callsPerSecond, given.rate.burst),
    cors: { ...base.cors, ...defined(given.cors ?? {}) },
    trustProxy: given.trustProxy ?? base.trustProxy,
    log: { ...base.log, ...defined(given.log ?? {}) },
    metrics: { ...base.metrics, ...defined(given.metrics ?? {}) },
    tracing: { ...base.tracing, ...defined(given.tracing ?? {}) },
    page: given.page ?? base.page,
  };
}

/** What the schema cannot say of keys. */
function checkKeys({ keys = [], anonymous, metrics }: EstimatorSection, source: string): void {
  const refuse = (message: string): never => {
    throw new VmError('CONFIG_INVALID', `${source}: estimator.${message}`);
  };
  const seen = { name: new Map<string, number>(), sha256: new Map<string, number>() };
  keys.forEach((key, index) => {
    for (const field of ['name', 'sha256'] as const) {
      const other = seen[field].get(key[field]);
      if (other !== undefined) {
        refuse(
          `keys[${index}].${field}: expected another one than that of keys[${other}], found "${key[field]}".`,
        );
      }
      seen[field].set(key[field], index);
    }
    if (key.burst !== undefined && key.callsPerSecond === undefined) {
      refuse(`keys[${index}].callsPerSecond: expected a number beside burst, found nothing.`);
    }
  });
  if (keys.length > 0) return;
  if (anonymous === false) refuse('keys: expected at least one key where anonymous is false, found none.');
  if (metrics?.requireKey)
    refuse('keys: expected at least one key where metrics.requireKey is true, found none.');
}

function completeKey({
  name,
  sha256,
  callsPerSecond,
  burst,
}: NonNullable<EstimatorSection['keys']>[number]): ApiKeyConfig {
  return {
    name,
    sha256,
    rate: callsPerSecond === undefined ? undefined : completeRate(callsPerSecond, burst),
  };
}

/** A burst that is not given is what a second allows. */
function completeRate(callsPerSecond: number, burst: number | undefined): Rate {
  return { callsPerSecond, burst: burst ?? Math.max(1, Math.ceil(callsPerSecond)) };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}
