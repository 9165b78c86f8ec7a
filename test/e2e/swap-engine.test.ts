import { readFileSync } from 'node:fs';
import {
  bytesToHex,
  codeHash,
  type EngineDefinition,
  type ExecutionEnvironment,
  encodeUtf8,
  equalBytes,
  MemoryBackend,
  NATIVE_ASSET,
  type TransactionResult,
} from '@switchyard/core';
import { mergeConfig } from '@switchyard/core/config';
import { createContainer, engineModule, resolve } from '@switchyard/core/container';
import { cellFromJson, encodeCell, legacyEngine } from '@switchyard/legacy';
import { tbpfEngine } from '@switchyard/tbpf';
import { beforeEach, describe, expect, test } from 'vitest';

/*
 * One chain state, one contract (a counter) in two builds: a legacy module and an ELF. `stock` hosts find an engine by format where the
 * configuration is silent; `strict` hosts do not guess at legacy modules, so that only the configuration makes one run.
 */

const read = (path: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/contracts/${path}`, import.meta.url)));
const moduleCode = read('legacy/counter.module');
const otherModule = read('legacy/token-ledger.module');
const elfCode = read('counter/counter.so');
const hashOf = (code: Uint8Array): string => bytesToHex(codeHash(code));

const sender = new Uint8Array(32).fill(0xa1);
const address = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const LEGACY = address(1);
const ELF = address(2);

const stock: readonly EngineDefinition[] = [tbpfEngine, legacyEngine];
const strict: readonly EngineDefinition[] = [tbpfEngine, { ...legacyEngine, recognise: () => false }];

let backend: MemoryBackend;

/** A host over the one chain state, configured as a file would. */
function host(value: unknown = {}, engines = stock): ExecutionEnvironment {
  const config = mergeConfig({ source: 'switchyard.config.yaml', value });
  return resolve(createContainer({ config, backend, modules: engines.map(engineModule) }), 'Environment');
}

const cellOfU64 = (value: number): Uint8Array =>
  encodeCell(cellFromJson({ type: 'default', value: { type: 'u64', value } }));
const cellOfText = (value: string): Uint8Array =>
  encodeCell(cellFromJson({ type: 'default', value: { type: 'string', value } }));

function borshU64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}

/** add(by) of the legacy build. */
function addLegacy(environment: ExecutionEnvironment, by: number, height = 0n, contract = LEGACY) {
  const input = Uint8Array.of(1, ...cellOfU64(by));
  return environment.call({ contract, sender, entry: { kind: 'entry', id: 1 }, input, block: { height } });
}

/** add(by) of the ELF build. */
function addElf(environment: ExecutionEnvironment, by: number, height = 0n, contract = ELF) {
  const input = borshU64(by);
  return environment.call({ contract, sender, entry: { kind: 'entry', id: 0 }, input, block: { height } });
}

/** The engine that ran it and its tier, or the error that stopped it. */
function ended({ status, error, result }: TransactionResult): string {
  return status === 'success' ? `${result.stats.engine} ${result.stats.tier}` : (error?.code ?? status);
}

/** A contract's storage as hexadecimal text, in the order of its keys. */
function storageOf(contract: Uint8Array): [string, string][] {
  const slots: [string, string][] = [];
  for (const entry of backend.entries()) {
    if (entry.kind === 'storage' && equalBytes(entry.contract, contract)) {
      slots.push([bytesToHex(entry.key), bytesToHex(entry.value)]);
    }
  }
  return slots;
}

beforeEach(() => {
  backend = new MemoryBackend();
  const environment = host();
  for (const [at, code] of [
    [LEGACY, moduleCode],
    [ELF, elfCode],
  ] as const) {
    expect(environment.deploy({ code, sender, address: at }).status).toBe('success');
  }
});

test('unconfigured, each build runs on its own engine, and a strict host knows only the ELF', () => {
  expect([ended(addLegacy(host(), 5)), ended(addElf(host(), 5))]).toEqual([
    'legacy interpreter',
    'tbpf interpreter',
  ]);
  expect([ended(addLegacy(host({}, strict), 5)), ended(addElf(host({}, strict), 5))]).toEqual([
    'CODE_FORMAT_UNKNOWN',
    'tbpf interpreter',
  ]);
});

describe('way 1, the field of the module itself,', () => {
  /** Wrong for a legacy module, and first among the rules. */
  const wrong = { select: [{ engine: 'tbpf' }] };

  test('is stored with the code and goes before rules, at every later call', () => {
    const deploy = (engine?: string) =>
      host(wrong, strict).deploy({
        code: moduleCode,
        sender,
        address: address(3),
        ...(engine === undefined ? {} : { engine }),
      });
    expect(ended(deploy())).toBe('CODE_INVALID');
    expect(deploy('legacy')).toMatchObject({ status: 'success', engine: 'legacy' });
    expect(backend.getCode(address(3))?.engine).toBe('legacy');
    expect(ended(addLegacy(host(wrong, strict), 5, 0n, address(3)))).toBe('legacy interpreter');
    // The same code, deployed without the field.
    expect(ended(addLegacy(host(wrong, strict), 5))).toBe('CODE_INVALID');
  });

  test.each([
    ['legacy', moduleCode, 'tbpf', 'CODE_INVALID'],
    ['ELF', elfCode, 'legacy', 'CODE_INVALID'],
    ['legacy', moduleCode, 'legcy', 'ENGINE_UNKNOWN'],
  ] as const)('does not make the %s build run elsewhere: %#', (_build, code, engine, error) => {
    expect(ended(host().deploy({ code, sender, engine }))).toBe(error);
  });
});

describe('way 2, a rule by code hash,', () => {
  const rule = (engine: string, more: object = {}) => ({
    select: [{ engine, codeHash: hashOf(moduleCode), ...more }],
  });

  test('makes that code run, and no other', () => {
    const environment = host(rule('legacy'), strict);
    expect(ended(addLegacy(environment, 5))).toBe('legacy interpreter');
    expect(ended(environment.deploy({ code: otherModule, sender }))).toBe('CODE_FORMAT_UNKNOWN');
    expect(ended(addElf(environment, 5))).toBe('tbpf interpreter');
  });

  test('may give that code options of its own', () => {
    const environment = host(rule('legacy', { options: { tier: 'reference' } }));
    expect(ended(addLegacy(environment, 5))).toBe('legacy reference');
    expect(ended(environment.deploy({ code: otherModule, sender }))).toBe('legacy interpreter');
  });

  test('to the wrong engine, or one that is off, ends in an error that says so', () => {
    expect(ended(addLegacy(host(rule('tbpf')), 5))).toBe('CODE_INVALID');
    const off = addLegacy(host({ ...rule('legacy'), engines: { legacy: { enabled: false } } }), 5);
    expect(off.error?.code).toBe('ENGINE_DISABLED');
    expect(off.error?.message).toBe(
      'engine legacy is off: switchyard.config.yaml: engines.legacy.enabled is false.',
    );
    expect(() => host(rule('legcy'))).toThrow(
      'switchyard.config.yaml: select[0].engine: there is no engine "legcy"; did you mean "legacy"? Known engines: legacy, tbpf.',
    );
  });
});

describe('way 3, a rule by block height,', () => {
  test('holds from its first height to its last, both included', () => {
    const environment = host({ select: [{ engine: 'legacy', fromHeight: 50, toHeight: 99 }] }, strict);
    const at = (height: bigint): string => ended(addLegacy(environment, 1, height));
    expect([49n, 50n, 99n, 100n].map(at)).toEqual([
      'CODE_FORMAT_UNKNOWN',
      'legacy interpreter',
      'legacy interpreter',
      'CODE_FORMAT_UNKNOWN',
    ]);
    // A rule without a hash takes every module of these heights.
    expect(ended(addElf(environment, 1, 50n))).toBe('CODE_INVALID');
  });

  test('stops code from a height on, unless the module names its engine; then only switching it off does', () => {
    host().deploy({ code: moduleCode, sender, address: address(3), engine: 'legacy' });
    const stop = { select: [{ engine: 'tbpf', codeHash: hashOf(moduleCode), fromHeight: 100 }] };
    const at = (config: object, contract: Uint8Array, height: bigint): string =>
      ended(addLegacy(host(config), 1, height, contract));
    expect([at(stop, LEGACY, 99n), at(stop, LEGACY, 100n)]).toEqual(['legacy interpreter', 'CODE_INVALID']);
    expect(at(stop, address(3), 100n)).toBe('legacy interpreter');
    expect(at({ ...stop, engines: { legacy: { enabled: false } } }, address(3), 100n)).toBe(
      'ENGINE_DISABLED',
    );
  });

  test('changes the options of the same code at a height', () => {
    const environment = host({
      select: [
        { engine: 'legacy', codeHash: hashOf(moduleCode), fromHeight: 100, options: { tier: 'reference' } },
      ],
    });
    expect([99n, 100n].map((height) => ended(addLegacy(environment, 1, height)))).toEqual([
      'legacy interpreter',
      'legacy reference',
    ]);
  });
});

describe('way 4, the default engine,', () => {
  test('takes what nothing else claims', () => {
    const environment = host({ defaultEngine: 'legacy' }, strict);
    expect(ended(addLegacy(environment, 5))).toBe('legacy interpreter');
    expect(ended(environment.deploy({ code: otherModule, sender }))).toBe('legacy interpreter');
    expect(ended(addElf(environment, 5))).toBe('tbpf interpreter');
  });

  test('to the wrong engine, or one that is off, ends in an error that says so', () => {
    expect(ended(addLegacy(host({ defaultEngine: 'tbpf' }, strict), 5))).toBe('CODE_INVALID');
    const off = { defaultEngine: 'legacy', engines: { legacy: { enabled: false } } };
    expect(ended(addLegacy(host(off, strict), 5))).toBe('ENGINE_DISABLED');
  });

  test('of a stock host changes only which error foreign bytes get', () => {
    const code = Uint8Array.of(1, 2, 3);
    expect(ended(host().deploy({ code, sender }))).toBe('CODE_FORMAT_UNKNOWN');
    expect(ended(host({ defaultEngine: 'legacy' }).deploy({ code, sender }))).toBe('CODE_INVALID');
    expect(ended(addLegacy(host({ defaultEngine: 'tbpf' }), 5))).toBe('legacy interpreter');
  });
});

test('the ways go in this order: field, rules, format, default', () => {
  const rules = { select: [{ engine: 'tbpf', codeHash: hashOf(moduleCode) }], defaultEngine: 'tbpf' };
  const deploy = (config: object, more: object = {}) =>
    ended(host(config).deploy({ code: moduleCode, sender, ...more }));
  expect(deploy(rules, { engine: 'legacy' })).toBe('legacy interpreter');
  expect(deploy(rules)).toBe('CODE_INVALID');
  expect(deploy({ defaultEngine: 'tbpf' })).toBe('legacy interpreter');
});

describe('storage', () => {
  test('of the legacy build is cells, of the ELF build the bytes it wrote', () => {
    addLegacy(host(), 5);
    addElf(host(), 5);
    expect(storageOf(LEGACY)).toEqual([['00080005636f756e74', '00040000000000000005']]);
    expect(storageOf(ELF)).toEqual([['76616c7565', '0500000000000000']]);
    expect(bytesToHex(cellOfText('count'))).toBe('00080005636f756e74');
    expect(bytesToHex(cellOfU64(5))).toBe('00040000000000000005');
  });

  test('that is not rewritten is not found: the ELF starts at 0 without an error', () => {
    addLegacy(host(), 5);
    const { state } = host();
    state.setCode(LEGACY, elfCode);
    state.flush();
    const got = host().call({ contract: LEGACY, sender, entry: { kind: 'entry', id: 1 } });
    expect(got.status).toBe('success');
    expect(got.result.returnData).toEqual(borshU64(0));
    expect(storageOf(LEGACY)).toEqual([['00080005636f756e74', '00040000000000000005']]);
  });
});

describe('the swap', () => {
  const oldKey = cellOfText('count');

  /** The number that the legacy build holds. */
  function countOf(contract: Uint8Array): number {
    const cell = backend.getStorage(contract, oldKey)!;
    const value = Number(new DataView(cell.buffer, cell.byteOffset).getBigUint64(2));
    expect(cell).toEqual(cellOfU64(value));
    return value;
  }

  test('to a new address: the constructor takes the number over, and the old code is stopped by a rule', () => {
    addLegacy(host(), 5);
    const stop = { select: [{ engine: 'tbpf', codeHash: hashOf(moduleCode), fromHeight: 100 }] };
    const construct = { input: borshU64(countOf(LEGACY)) };
    const { contract } = host(stop).deploy({ code: elfCode, sender, construct, block: { height: 100n } });
    expect(ended(addLegacy(host(stop), 1, 99n))).toBe('legacy interpreter');
    expect(ended(addLegacy(host(stop), 1, 100n))).toBe('CODE_INVALID');
    expect(addElf(host(stop), 2, 100n, contract).result.returnData).toEqual(borshU64(7));
  });

  test('by deploying to the same address is refused', () => {
    const again = host().deploy({ code: elfCode, sender, address: LEGACY });
    expect(again.error?.code).toBe('CONTRACT_EXISTS');
    expect(backend.getCode(LEGACY)?.code).toEqual(moduleCode);
  });

  test('at the same address is one commit of the host, guarded on both sides by rules', () => {
    addLegacy(host(), 5);
    const { state } = host();
    state.adjustBalance(LEGACY, NATIVE_ASSET, 30n);
    state.flush();
    const guards = {
      select: [
        { engine: 'tbpf', codeHash: hashOf(moduleCode), fromHeight: 100 },
        { engine: 'legacy', address: bytesToHex(LEGACY), codeHash: hashOf(elfCode), toHeight: 99 },
      ],
    };
    expect(ended(addLegacy(host(guards), 2, 99n))).toBe('legacy interpreter');
    // A node that forgets the swap stops here and does not go its own way.
    expect(ended(addLegacy(host(guards), 1, 100n))).toBe('CODE_INVALID');

    state.setCode(LEGACY, elfCode);
    state.setStorage(LEGACY, encodeUtf8('value'), borshU64(countOf(LEGACY)));
    state.deleteStorage(LEGACY, oldKey);
    expect(state.flush().map(({ kind }) => kind)).toEqual(['code', 'storage', 'storage']);

    expect(ended(addElf(host(guards), 1, 99n, LEGACY))).toBe('CODE_INVALID');
    expect(ended(addElf(host(guards), 1, 99n))).toBe('tbpf interpreter');
    const after = addElf(host(guards), 1, 100n, LEGACY);
    expect(ended(after)).toBe('tbpf interpreter');
    expect(after.result.returnData).toEqual(borshU64(8));
    expect(storageOf(LEGACY)).toEqual([['76616c7565', '0800000000000000']]);
    expect(backend.getBalance(LEGACY, NATIVE_ASSET)).toBe(30n);
  });

  test('at the same address keeps a field only if it is given again', () => {
    const at = address(4);
    host().deploy({ code: moduleCode, sender, address: at, engine: 'legacy' });
    const { state } = host();
    state.setCode(at, elfCode, 'legacy');
    state.flush();
    expect(ended(addElf(host(), 1, 0n, at))).toBe('CODE_INVALID');
    state.setCode(at, elfCode);
    state.flush();
    expect(ended(addElf(host(), 1, 0n, at))).toBe('tbpf interpreter');
  });
});
