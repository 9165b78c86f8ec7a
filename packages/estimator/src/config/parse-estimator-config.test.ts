import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { parseEstimatorConfig } from './parse-estimator-config.ts';

const HASH = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);

describe('the section estimator of a configuration', () => {
  test('has safe defaults: this machine alone, no key, no limit of calls', () => {
    expect(parseEstimatorConfig(undefined, 'file')).toEqual({
      host: '127.0.0.1',
      port: 8645,
      workers: Math.max(1, availableParallelism() - 1),
      limits: {
        gas: undefined,
        timeMs: 1000,
        heapMb: 256,
        bodyBytes: 4_194_304,
        responseBytes: 4_194_304,
        batch: 1000,
        queue: 2000,
        queuePerClient: 1000,
        bodyTimeoutMs: 10_000,
        connections: 1000,
      },
      cache: { bytes: 67_108_864 },
      keys: [],
      anonymous: true,
      rate: undefined,
      cors: { origins: [] },
      trustProxy: false,
      log: { level: 'info', file: undefined },
      metrics: { enabled: true, requireKey: false },
      tracing: { url: undefined, serviceName: 'switchyard' },
      page: true,
    });
  });

  test('is read whole', () => {
    const section = {
      host: '0.0.0.0',
      port: 0,
      workers: 3,
      limits: { gas: '18446744073709551615', batch: 10 },
      cache: { bytes: 0 },
      keys: [
        { name: 'wallet', sha256: HASH, callsPerSecond: 2.5 },
        { name: 'explorer', sha256: OTHER },
      ],
      rate: { callsPerSecond: 10, burst: 100 },
      cors: { origins: ['https://example.org', 'http://localhost:5173'] },
      trustProxy: ['10.0.0.0/8', '::1'],
      log: { level: 'warn', file: 'estimator.log' },
      metrics: { requireKey: true },
      tracing: { url: 'http://localhost:4318/v1/traces' },
      page: false,
    };
    expect(parseEstimatorConfig(section, 'file')).toMatchObject({
      ...section,
      limits: { gas: 18446744073709551615n, batch: 10, queue: 2000 },
      keys: [
        { name: 'wallet', sha256: HASH, rate: { callsPerSecond: 2.5, burst: 3 } },
        { name: 'explorer', sha256: OTHER, rate: undefined },
      ],
      anonymous: false,
      metrics: { enabled: true, requireKey: true },
      tracing: { url: 'http://localhost:4318/v1/traces', serviceName: 'switchyard' },
    });
  });

  test('may let clients in with and without a key', () => {
    const section = { keys: [{ name: 'wallet', sha256: HASH }], anonymous: true };
    expect(parseEstimatorConfig(section, 'file').anonymous).toBe(true);
  });

  test.each([
    [[], 'estimator: expected an object, found an array of 0.'],
    [{ prot: 1 }, 'estimator.prot: unknown key, did you mean "port"?'],
    [{ limits: { timeMS: 1 } }, 'estimator.limits.timeMS: unknown key, did you mean "timeMs"?'],
    [{ cache: { zzzzz: 1 } }, 'estimator.cache.zzzzz: unknown key; expected one of bytes.'],
    [{ limits: { timeMs: 0 } }, 'estimator.limits.timeMs: expected at least 1, found number 0.'],
    [
      { limits: { gas: -1 } },
      'estimator.limits.gas: expected an integer from 0 to 2^64 − 1 (a number up to 2^53 − 1, or a decimal string), found number -1.',
    ],
    [{ port: 65_536 }, 'estimator.port: expected at most 65535, found number 65536.'],
    [{ host: '' }, 'estimator.host: expected a text that is not empty, found "".'],
    [
      { keys: [{ name: '10.0.0.1', sha256: HASH }] },
      'estimator.keys[0].name: expected a name: a letter, then up to 63 letters, digits or any of . _ -, found "10.0.0.1".',
    ],
    [
      { keys: [{ name: 'a', sha256: 'AB' }] },
      'estimator.keys[0].sha256: this is no sha-256 of a key, which has 64 hexadecimal digits in lower case; `switchyard serve key NAME` makes a key and its hash.',
    ],
    [
      { keys: [{ name: 'a', sha: HASH }] },
      'estimator.keys[0].sha256: expected a string, found nothing. (and 1 more)',
    ],
    [
      {
        keys: [
          { name: 'a', sha256: HASH },
          { name: 'a', sha256: OTHER },
        ],
      },
      'estimator.keys[1].name: expected another one than that of keys[0], found "a".',
    ],
    [
      {
        keys: [
          { name: 'a', sha256: HASH },
          { name: 'b', sha256: HASH },
        ],
      },
      `estimator.keys[1].sha256: expected another one than that of keys[0], found "${HASH}".`,
    ],
    [
      { keys: [{ name: 'a', sha256: HASH, burst: 3 }] },
      'estimator.keys[0].callsPerSecond: expected a number beside burst, found nothing.',
    ],
    [{ anonymous: false }, 'estimator.keys: expected at least one key where anonymous is false, found none.'],
    [
      { metrics: { requireKey: true } },
      'estimator.keys: expected at least one key where metrics.requireKey is true, found none.',
    ],
    [
      { rate: { callsPerSecond: 0 } },
      'estimator.rate.callsPerSecond: expected at least 0.001, found number 0.',
    ],
    [
      { cors: { origins: ['example.org'] } },
      'estimator.cors.origins[0]: expected an origin such as "https://example.org", or "*", found "example.org".',
    ],
    [
      { trustProxy: ['10.0.0.0/33'] },
      'estimator.trustProxy[0]: expected an address or a network such as "10.0.0.0/8", found "10.0.0.0/33".',
    ],
    [{ trustProxy: 1 }, 'estimator.trustProxy: expected a boolean, or an array, found number 1.'],
    [
      { log: { level: 'loud' } },
      'estimator.log.level: expected one of "silent", "fatal", "error", "warn", "info", "debug", "trace", found "loud".',
    ],
    [
      { tracing: { url: 'file:///etc' } },
      'estimator.tracing.url: expected the http or https address of a collector, such as "http://localhost:4318/v1/traces", found "file:///etc".',
    ],
  ])('refuses %j', (section, message) => {
    expect(() => parseEstimatorConfig(section, 'switchyard.config.yaml')).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: `switchyard.config.yaml: ${message}` }),
    );
  });
});

test('a key that stands where its hash should is not repeated in the message, and the hash of nothing is none', () => {
  const messageOf = (sha256: string): string => {
    try {
      parseEstimatorConfig({ keys: [{ name: 'a', sha256 }] }, 'c.yaml');
    } catch (thrown) {
      return JSON.stringify([(thrown as Error).message, (thrown as { details?: unknown }).details]);
    }
    return 'accepted';
  };
  const key = `swy_${'x'.repeat(43)}`;
  expect(messageOf(key)).toContain('estimator.keys[0].sha256: this is no sha-256 of a key');
  expect(messageOf(key)).not.toContain('xxxx');
  expect(messageOf('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')).toContain(
    'this is the sha-256 of an empty text',
  );
});
