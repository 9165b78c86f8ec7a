import { describe, expect, test } from 'vitest';
import { address } from '../../test-support/fake-engine.ts';
import { VmError } from '../errors/vm-error.ts';
import { GAS_POLICIES } from '../gas/gas-policy.ts';
import { DEFAULT_CONFIG } from './config.ts';
import { configFromEnvironment } from './config-from-environment.ts';
import { mergeConfig, parseConfig } from './parse-config.ts';
import { withoutSecrets } from './secrets.ts';
import { stateFromText } from './state-from-text.ts';

const source = 'switchyard.config.yaml';
const hex = '11'.repeat(32);

function messageOf(value: unknown): string {
  try {
    parseConfig(value, { source });
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(VmError);
    expect((thrown as VmError).code).toBe('CONFIG_INVALID');
    return (thrown as VmError).message;
  }
  return 'accepted';
}

describe('a configuration', () => {
  test('that is empty is the defaults', () => {
    expect(mergeConfig()).toEqual(DEFAULT_CONFIG);
    expect(parseConfig({}, { source })).toEqual(DEFAULT_CONFIG);
    expect(parseConfig(undefined, { source })).toEqual(DEFAULT_CONFIG);
  });

  test('is read whole', () => {
    const predicate = () => true;
    const config = parseConfig(
      {
        state: { kind: 'lmdb', path: '.switchyard', readOnly: true },
        engines: { tbpf: { options: { heap: 4096 } }, evm: { enabled: false } },
        select: [
          { engine: 'tbpf', codeHash: hex, fromHeight: '18446744073709551615' },
          { engine: 'evm', address: { from: `0x${'00'.repeat(20)}`, to: hex }, format: '0x6080', predicate },
          { engine: 'legacy', address: hex, codeHash: [hex], options: { a: 1 } },
        ],
        defaultEngine: 'evm',
        plugins: ['@acme/riscv'],
        limits: { maxCallDepth: 3 },
        gas: {
          defaultLimit: 5,
          maxLimit: '6',
          price: 7n,
          policy: { preset: 'evm-london', refundCapPercent: 10 },
        },
        contracts: { reentrancy: { default: 'allow', allow: [hex] } },
        deploy: { addressPolicy: 'tx-hash' },
        block: { height: 9, coinbase: hex, network: 'main' },
        moduleCacheBytes: 1000,
        codeCache: { directory: 'cache' },
        estimator: { port: 1 },
      },
      { source },
    );
    expect(config).toEqual({
      state: { kind: 'lmdb', path: '.switchyard', readOnly: true },
      engines: { tbpf: { enabled: true, options: { heap: 4096 } }, evm: { enabled: false, options: {} } },
      select: [
        { engine: 'tbpf', codeHash: [address(0x11)], fromHeight: 2n ** 64n - 1n },
        {
          engine: 'evm',
          address: { from: new Uint8Array(32), to: address(0x11) },
          format: '0x6080',
          predicate,
        },
        {
          engine: 'legacy',
          address: { from: address(0x11), to: address(0x11) },
          codeHash: [address(0x11)],
          options: { a: 1 },
        },
      ],
      defaultEngine: 'evm',
      plugins: ['@acme/riscv'],
      limits: { maxCallDepth: 3, maxInputSize: 131_072, maxCodeSize: 16_777_216 },
      gas: {
        defaultLimit: 5n,
        maxLimit: 6n,
        price: 7n,
        policy: { ...GAS_POLICIES['evm-london'], refundCapPercent: 10 },
      },
      contracts: { reentrancy: { default: 'allow', allow: [address(0x11)], staticCalls: 'refuse' } },
      deploy: { addressPolicy: 'tx-hash', gasPerByte: 0n },
      block: { height: 9n, coinbase: address(0x11), network: 'main' },
      moduleCacheBytes: 1000,
      codeCache: { directory: 'cache', maxBytes: 134_217_728 },
      estimator: { port: 1 },
      source,
    });
  });

  test.each([
    [{ engins: {} }, 'engins: unknown key, did you mean "engines"?'],
    [{ gas: { defaultLimt: 1 } }, 'gas.defaultLimt: unknown key, did you mean "defaultLimit"?'],
    [{ engines: { tbpf: { enable: true } } }, 'engines.tbpf.enable: unknown key, did you mean "enabled"?'],
    [
      { select: [{ engine: 'a', fromHeigth: 1 }] },
      'select[0].fromHeigth: unknown key, did you mean "fromHeight"?',
    ],
    [{ deploy: { zzz: 1 } }, 'deploy.zzz: unknown key; expected one of addressPolicy, gasPerByte.'],
    [
      { gas: { policy: { burnPercnt: 3 } } },
      'gas.policy.burnPercnt: unknown key, did you mean "burnPercent"?',
    ],
    [{ select: [{ engine: 'a' }, { engine: 5 }] }, 'select[1].engine: expected a string, found number 5.'],
    [{ select: [{}] }, 'select[0].engine: expected a string, found nothing.'],
    [{ limits: { maxCallDepth: -1 } }, 'limits.maxCallDepth: expected at least 0, found number -1.'],
    [{ limits: { maxCallDepth: 1.5 } }, 'limits.maxCallDepth: expected an integer, found number 1.5.'],
    [
      { gas: { price: -1 } },
      'gas.price: expected an integer from 0 to 2^64 − 1 (a number up to 2^53 − 1, or a decimal string), found number -1.',
    ],
    [
      { gas: { price: '18446744073709551616' } },
      'gas.price: expected an integer from 0 to 2^64 − 1 (a number up to 2^53 − 1, or a decimal string), found "18446744073709551616".',
    ],
    [
      { gas: { policy: 'toss' } },
      'gas.policy: expected one of "tos", "evm-london", "evm-legacy", "prozchain", "plain", or an object, found "toss".',
    ],
    [
      { gas: { policy: { burnPercent: 101 } } },
      'gas.policy.burnPercent: expected at most 100, found number 101.',
    ],
    [
      { gas: { maxLimit: 5, defaultLimit: 6 } },
      'gas.defaultLimit: expected at most gas.maxLimit (5), found 6.',
    ],
    [{ state: { kind: 'lmdb' } }, 'state.path: expected the path of the LMDB store, found nothing.'],
    [
      { state: { kind: 'redis' } },
      'state.kind: expected one of "memory", "lmdb", "postgres", found "redis".',
    ],
    [
      { state: { kind: 'postgres' } },
      'state.url: expected the address of the PostgreSQL database, found nothing.',
    ],
    [
      { state: { kind: 'postgres', url: 'postgre://app:p@ss/w@db/x?password=pw' } },
      'state.url: expected an address that begins with postgres://, found "postgre://app:***@db/x?password=***".',
    ],
    [
      { state: { kind: 'postgres', url: 'postgres://db/x', timeoutMs: 0 } },
      'state.timeoutMs: expected at least 1, found number 0.',
    ],
    [{ state: { kind: 'postgres', urls: 'x' } }, 'state.urls: unknown key, did you mean "url"?'],
    [
      { block: { coinbase: 'abc' } },
      'block.coinbase: expected 32 bytes as 64 hexadecimal digits, found "abc".',
    ],
    [{ plugins: 'x' }, 'plugins: expected an array, found "x".'],
    [[], 'the configuration: expected an object, found an array of 0.'],
    ['text', 'the configuration: expected an object, found "text".'],
  ])('%j is refused with source, path, what was expected and what was found', (value, message) => {
    expect(messageOf(value)).toBe(`${source}: ${message}`);
  });

  test('with several faults names the first and counts the others', () => {
    expect(messageOf({ plugins: 1, defaultEngine: 2 })).toMatch(/\(and 1 more\)$/);
  });

  test('never surfaces an error of ours for odd values', () => {
    for (const value of [
      null,
      5,
      { gas: null },
      { select: [null] },
      { engines: [] },
      JSON.parse('{"__proto__": {"a": 1}}'),
    ]) {
      expect(messageOf(value)).not.toBe('accepted');
    }
  });
});

describe('layers', () => {
  test('win key by key, and an error names the layer it is in', () => {
    const file = {
      source: 'file',
      value: {
        gas: { price: 1, maxLimit: 900_000 },
        plugins: ['a', 'b'],
        state: { kind: 'lmdb', path: 'x' },
      },
    };
    const environment = configFromEnvironment({
      SWITCHYARD_GAS_PRICE: '2',
      SWITCHYARD_STATE: 'memory',
      HOME: '/',
    });
    const flags = { source: 'flags', value: { gas: { policy: 'plain' }, plugins: ['c'] } };
    const config = mergeConfig(file, ...environment, flags);
    expect(config.gas).toMatchObject({ price: 2n, maxLimit: 900_000n, policy: GAS_POLICIES.plain });
    expect(config.plugins).toEqual(['c']);
    expect(config.state).toEqual({ kind: 'memory' });
    expect(config.source).toBe('file + SWITCHYARD_GAS_PRICE + SWITCHYARD_STATE + flags');
    expect(() => mergeConfig(file, { source: 'flags', value: { gas: { price: 'x' } } })).toThrow(
      /^flags: gas\.price:/,
    );
  });

  test('of a PostgreSQL store is read from an address alone, and is shown without its password', () => {
    const url = 'postgres://app:secret@db.example/chain';
    const layers = configFromEnvironment({ SWITCHYARD_STATE: url });
    const file = {
      source: 'file',
      value: { state: { kind: 'postgres', url: 'postgres://x/y', schema: 'one' } },
    };
    expect(mergeConfig(...layers).state).toEqual({ kind: 'postgres', url });
    const config = mergeConfig(file, ...layers);
    expect(config.state).toEqual({ kind: 'postgres', url, schema: 'one' });
    expect(withoutSecrets(config).state).toEqual({
      kind: 'postgres',
      url: 'postgres://app:***@db.example/chain',
      schema: 'one',
    });
    expect(withoutSecrets(DEFAULT_CONFIG)).toBe(DEFAULT_CONFIG);
    expect(stateFromText('postgresql://db/x')).toEqual({ kind: 'postgres', url: 'postgresql://db/x' });
    expect(stateFromText('postgres')).toEqual({ kind: 'lmdb', path: 'postgres' });
  });

  test('a cache of compiled code is off until a layer names its directory; bytes of 0 turn it off again', () => {
    const file = { source: 'file', value: { codeCache: { directory: 'cache' } } };
    const bound = configFromEnvironment({ SWITCHYARD_CODE_CACHE_BYTES: '0' });
    expect(mergeConfig().codeCache).toEqual({ directory: undefined, maxBytes: 134_217_728 });
    expect(mergeConfig(file).codeCache).toEqual({ directory: 'cache', maxBytes: 134_217_728 });
    expect(mergeConfig(file, ...bound).codeCache).toEqual({ directory: 'cache', maxBytes: 0 });
    const named = configFromEnvironment({ SWITCHYARD_CODE_CACHE: '/elsewhere' });
    expect(mergeConfig(file, ...named).codeCache.directory).toBe('/elsewhere');
    expect(() => mergeConfig({ source: 'file', value: { codeCache: { dir: 'x' } } })).toThrow(
      /^file: codeCache\.dir: unknown key/,
    );
  });

  test('of the environment: every variable, and unknown ones refused', () => {
    const layers = configFromEnvironment({
      SWITCHYARD_CONFIG: 'elsewhere.yaml',
      SWITCHYARD_STATE: 'lmdb:/data',
      SWITCHYARD_ENGINES_TBPF_ENABLED: 'false',
      SWITCHYARD_PLUGINS: '@a/b, c',
      SWITCHYARD_MAX_CALL_DEPTH: '9',
      SWITCHYARD_ADDRESS_POLICY: 'tx-hash',
    });
    expect(layers).toEqual([
      { source: 'SWITCHYARD_ADDRESS_POLICY', value: { deploy: { addressPolicy: 'tx-hash' } } },
      { source: 'SWITCHYARD_ENGINES_TBPF_ENABLED', value: { engines: { tbpf: { enabled: false } } } },
      { source: 'SWITCHYARD_MAX_CALL_DEPTH', value: { limits: { maxCallDepth: 9 } } },
      { source: 'SWITCHYARD_PLUGINS', value: { plugins: ['@a/b', 'c'] } },
      { source: 'SWITCHYARD_STATE', value: { state: { kind: 'lmdb', path: '/data' } } },
    ]);
    expect(() => configFromEnvironment({ SWITCHYARD_GAS_PRISE: '1' })).toThrow(
      'environment: there is no variable SWITCHYARD_GAS_PRISE, did you mean SWITCHYARD_GAS_PRICE?',
    );
    expect(() => mergeConfig(...configFromEnvironment({ SWITCHYARD_MAX_CALL_DEPTH: 'deep' }))).toThrow(
      'SWITCHYARD_MAX_CALL_DEPTH: limits.maxCallDepth: expected a number, found "deep".',
    );
  });
});
