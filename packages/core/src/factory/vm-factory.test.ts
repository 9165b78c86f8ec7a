import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, test } from 'vitest';
import { address, FakeEngine, fakeDefinition } from '../../test-support/fake-engine.ts';
import type { VmError } from '../errors/vm-error.ts';
import { definePort, HostPorts } from './host-ports.ts';
import { ModuleCache } from './module-cache.ts';
import { stableJson } from './stable-json.ts';
import { type FactoryConfig, VmFactory } from './vm-factory.ts';

const alpha = new FakeEngine('alpha', 0xa0, []);
const beta = new FakeEngine('beta', 0xb0, []);
/** Recognises alpha's code too, but only by a full decode. */
const slow = new FakeEngine('slow', 0xa0, []);
const code = alpha.code(1);
const unknown = Uint8Array.of(0xde, 0xad, 0xbe, 0xef);

const build = (config: FactoryConfig = {}) =>
  new VmFactory([fakeDefinition(slow, 'last'), fakeDefinition(alpha), fakeDefinition(beta)], config);

function errorOf(action: () => unknown): VmError {
  try {
    action();
  } catch (thrown) {
    return thrown as VmError;
  }
  throw new Error('nothing was thrown');
}

describe('the engine of a module', () => {
  test('is the one the module names, above all rules', () => {
    const factory = build({ select: [{ engine: 'alpha' }] });
    expect(factory.select({ code, engine: 'beta' })).toMatchObject({ type: 'beta', reason: 'module' });
  });

  test('is that of the first rule whose every condition holds', () => {
    const factory = build({
      select: [
        { engine: 'beta', codeHash: [sha256(unknown), sha256(code)], fromHeight: 10n, toHeight: 20n },
        { engine: 'slow', address: { from: address(5), to: address(9) } },
        { engine: 'beta', format: 'alpha', predicate: ({ code: bytes }) => bytes[1] === 7 },
        { engine: 'alpha', format: '0xdead' },
      ],
    });
    expect(factory.select({ code, blockHeight: 10n }).reason).toBe('select[0]');
    expect(factory.select({ code, blockHeight: 20n }).type).toBe('beta');
    expect(factory.select({ code, blockHeight: 21n }).reason).toBe('marker');
    expect(factory.select({ code }).reason).toBe('marker');
    expect(factory.select({ code, address: address(9) })).toMatchObject({
      type: 'slow',
      reason: 'select[1]',
    });
    expect(factory.select({ code, address: address(10) }).reason).toBe('marker');
    expect(factory.select({ code: alpha.code(7) }).reason).toBe('select[2]');
    expect(factory.select({ code: unknown })).toMatchObject({ type: 'alpha', reason: 'select[3]' });
  });

  test('is found by magic before full decodes, whatever the order of definitions', () => {
    expect(build().select({ code })).toMatchObject({ type: 'alpha', reason: 'marker' });
  });

  test('is the default when nothing else says one', () => {
    expect(build({ defaultEngine: 'beta' }).select({ code: unknown })).toMatchObject({
      type: 'beta',
      reason: 'defaultEngine',
    });
  });

  test('is unknown for foreign bytes, which the error shows', () => {
    const error = errorOf(() => build().select({ code: unknown }));
    expect(error.code).toBe('CODE_FORMAT_UNKNOWN');
    expect(error.message).toBe(
      'no engine recognises code that begins with de ad be ef; known engines: alpha, beta, slow.',
    );
    expect(errorOf(() => build().select({ code: new Uint8Array(0) })).message).toBe('the code is empty.');
  });

  test('that is off is refused with the line that turned it off', () => {
    const factory = build({
      engines: { alpha: { enabled: false, options: {} } },
      source: 'switchyard.config.yaml',
    });
    for (const module of [{ code }, { code, engine: 'alpha' }]) {
      const error = errorOf(() => factory.select(module));
      expect(error.code).toBe('ENGINE_DISABLED');
      expect(error.message).toBe(
        'engine alpha is off: switchyard.config.yaml: engines.alpha.enabled is false.',
      );
    }
  });

  test('that is not there is refused with the known ones and the likely one', () => {
    expect(errorOf(() => build().select({ code, engine: 'aplha' })).message).toBe(
      'there is no engine "aplha"; did you mean "alpha"? Known engines: alpha, beta, slow.',
    );
    for (const [config, path] of [
      [{ engines: { gamma: { enabled: true, options: {} } } }, 'engines.gamma'],
      [{ select: [{ engine: 'alpha' }, { engine: 'gamma' }] }, 'select[1].engine'],
      [{ select: [{ engine: 'alpha', format: 'gamma' }] }, 'select[0].format'],
      [{ defaultEngine: 'gamma' }, 'defaultEngine'],
    ] as const) {
      const error = errorOf(() => build({ ...config, source: 'a.json' }));
      expect(error.code).toBe('ENGINE_UNKNOWN');
      expect(error.message).toBe(
        `a.json: ${path}: there is no engine "gamma". Known engines: alpha, beta, slow.`,
      );
    }
  });
});

test('engines are made once per type and options', () => {
  const made: unknown[] = [];
  const definition = {
    ...fakeDefinition(alpha),
    create: (options: unknown) => {
      made.push(options);
      return new FakeEngine('alpha', 0xa0, []);
    },
  };
  const factory = new VmFactory([definition], {
    engines: { alpha: { enabled: true, options: { tier: 'x', heap: 1n } } },
    select: [{ engine: 'alpha', format: '0xa009', options: { heap: 1n, tier: 'x' } }],
  });
  const usual = factory.engine('alpha');
  expect(factory.select({ code: Uint8Array.of(0xa0, 9) }).engine).toBe(usual);
  expect(factory.engine('alpha', { heap: 2n })).not.toBe(usual);
  expect(made).toEqual([{ tier: 'x', heap: 1n }, { heap: 2n }]);
});

describe('the module cache', () => {
  const key = (byte: number) => ({ engine: 'alpha', version: '1', options: '{}', codeHash: address(byte) });

  test('drops the least recently used when its bytes are full', () => {
    const cache = new ModuleCache(100);
    cache.put(key(1), 'one', 40);
    cache.put(key(2), 'two', 40);
    expect(cache.get(key(1))).toBe('one');
    cache.put(key(3), 'three', 40);
    expect(cache.get(key(2))).toBeUndefined();
    expect(cache.get(key(1))).toBe('one');
    expect([cache.size, cache.bytes]).toEqual([2, 80]);
    cache.put(key(1), 'one, larger', 50);
    expect(cache.bytes).toBe(90);
    cache.put(key(4), 'too large', 101);
    expect(cache.size).toBe(2);
  });

  test('keeps engines, versions and options apart, and makes a module once', () => {
    const cache = new ModuleCache();
    let made = 0;
    const create = () => ({ value: ++made, bytes: 1 });
    expect(cache.getOrCreate(key(1), create)).toBe(1);
    expect(cache.getOrCreate(key(1), create)).toBe(1);
    expect(cache.getOrCreate({ ...key(1), engine: 'beta' }, create)).toBe(2);
    expect(cache.getOrCreate({ ...key(1), version: '2' }, create)).toBe(3);
    expect(cache.getOrCreate({ ...key(1), options: '{"a":1}' }, create)).toBe(4);
    cache.clear();
    expect(cache.bytes).toBe(0);
  });
});

test('options have one text, whatever the order of their keys', () => {
  expect(stableJson({ b: [1n, Uint8Array.of(255)], a: { d: null, c: 'x' }, e: undefined })).toBe(
    '{"a":{"c":"x","d":null},"b":["1n","0xff"]}',
  );
});

test('ports are found by their key', () => {
  const worker = definePort<{ compile(): number }>('compile-worker');
  const ports = new HostPorts();
  expect(ports.get(worker)).toBeUndefined();
  ports.set(worker, { compile: () => 7 });
  expect(ports.get(worker)?.compile()).toBe(7);
});
