import {
  createContext,
  createEngineServices,
  JournaledState,
  MemoryBackend,
  NATIVE_ASSET,
  type PartialContext,
} from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { LegacyEngine } from '../engine.ts';
import { LegacyTools } from '../tools.ts';
import { formatAddress } from './address-text.ts';

const CONTRACT = new Uint8Array(32).fill(0xc0);
const tools = new LegacyTools();
const engine = new LegacyEngine({}, createEngineServices());

/** Runs the one entry of a source on a state; fails loudly when the machine does. */
function run(source: string, state = new JournaledState(new MemoryBackend()), partial: PartialContext = {}) {
  const code = tools.assemble(`.entry #main\n#main\n${source}\nRETURN`);
  const context = createContext({ contract: CONTRACT, gasLimit: 1_000_000_000n, ...partial });
  return engine.execute(code, context, state);
}

/** The exit code of an expression that leaves a bool: 0 for true. */
function holds(expression: string, state?: JournaledState, partial?: PartialContext): boolean {
  const result = run(
    `${expression}\nJUMPIFFALSE :no\nCONSTANT u64:0\nRETURN\n:no\nCONSTANT u64:1`,
    state,
    partial,
  );
  if (result.status === 'failed') throw result.error;
  return result.exitCode === 0n;
}

const STORE = (key: string, value: string) =>
  `SYSCALL Storage.new\nCONSTANT ${key}\nCONSTANT ${value}\nSYSCALL Storage.store`;

describe('storage', () => {
  test('gives the old value of a store only when this run has seen it', () => {
    const state = new JournaledState(new MemoryBackend());
    expect(holds(`${STORE('"k"', 'u64:1')}\nSYSCALL optional.is_none`, state)).toBe(true);
    // The state has the key now, but the new run has not loaded it.
    expect(holds(`${STORE('"k"', 'u64:2')}\nSYSCALL optional.is_none`, state)).toBe(true);
    const load = 'SYSCALL Storage.new\nCONSTANT "k"\nSYSCALL Storage.load';
    expect(holds(`${load}\nPOP\n${STORE('"k"', 'u64:3')}\nCONSTANT u64:2\nEQ`, state)).toBe(true);
    expect(holds(`${load}\nCONSTANT u64:3\nEQ`, state)).toBe(true);
  });

  test('has no key after its deletion, and none that was never stored', () => {
    const state = new JournaledState(new MemoryBackend());
    run(`${STORE('[u8:1]', '{"a"=>bytes[1]}')}\nPOP\nCONSTANT u64:0`, state);
    const has = 'SYSCALL Storage.new\nCONSTANT [u8:1]\nSYSCALL Storage.has';
    expect(holds(has, state)).toBe(true);
    expect(
      holds(`SYSCALL Storage.new\nCONSTANT [u8:1]\nSYSCALL Storage.delete\nPOP\n${has}\nNEG`, state),
    ).toBe(true);
    expect(holds(`${has}\nNEG`, state)).toBe(true);
  });

  test('charges 5 gas for each byte and 100, and refuses what is too big', () => {
    // Storage.new 2+5+8; key 1+9, 4 wire bytes + 1; value 1+8, 10 wire bytes; store 2+50+100+5·15; result 1; Pop; u64:0 1+8; Return.
    expect(run(`${STORE('"k"', 'u64:1')}\nPOP\nCONSTANT u64:0`).gasUsed).toBe(
      15n + 10n + 9n + 152n + 5n * 15n + 1n + 1n + 9n + 1n,
    );
    const { error } = run(
      `SYSCALL Storage.new\nCONSTANT "${'k'.repeat(253)}"\nCONSTANT null\nSYSCALL Storage.store`,
    );
    expect(error?.native?.name).toBe('EnvironmentError(Any)');
  });

  test('of another contract can be read, if it is one', () => {
    const state = new JournaledState(new MemoryBackend());
    run(`${STORE('"k"', 'u64:9')}\nPOP\nCONSTANT u64:0`, state);
    const other = { contract: new Uint8Array(32).fill(1) };
    const open = `CONSTANT Hash(${'c0'.repeat(32)})\nSYSCALL ReadOnlyStorage.new`;
    expect(holds(`${open}\nSYSCALL optional.is_none`, state, other)).toBe(true);
    state.setCode(CONTRACT, Uint8Array.of(1));
    expect(
      holds(`${open}\nCONSTANT "k"\nSYSCALL ReadOnlyStorage.load\nCONSTANT u64:9\nEQ`, state, other),
    ).toBe(true);
  });
});

describe('hashes and addresses', () => {
  test('sha256 is SHA3-256, blake3 is BLAKE3', () => {
    const hex = (native: string) => `CONSTANT []\nSYSCALL Hash.${native}\nSYSCALL Hash.to_hex`;
    const sha3 = 'a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a';
    const blake = 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262';
    expect(holds(`${hex('sha256')}\nCONSTANT "${sha3}"\nEQ`)).toBe(true);
    expect(holds(`${hex('blake3')}\nCONSTANT "${blake}"\nEQ`)).toBe(true);
  });

  test('a hash and a u256 have the lowest limb first', () => {
    const hash = `Hash(${'0000000000000102'.padEnd(64, '0')})`;
    expect(holds(`CONSTANT ${hash}\nSYSCALL Hash.to_u256\nCONSTANT u256:258\nEQ`)).toBe(true);
    expect(holds(`CONSTANT u256:258\nSYSCALL Hash.from_u256\nCONSTANT ${hash}\nEQ`)).toBe(true);
  });

  test('an address is read from its text', () => {
    const text = formatAddress(CONTRACT, true);
    expect(holds(`CONSTANT "${text}"\nSYSCALL Address.from_string\nSYSCALL Address.is_mainnet`)).toBe(true);
    expect(run('CONSTANT "tos1x"\nSYSCALL Address.from_string').error?.native?.name).toBe(
      'EnvironmentError(InvalidParameter)',
    );
  });

  test('another opaque value than the native takes is named', () => {
    expect(run('SYSCALL Hash.zero\nSYSCALL Address.is_mainnet').error?.native?.name).toBe(
      'EnvironmentError(ValueError(InvalidOpaqueTypeMismatch))',
    );
    expect(run('CONSTANT u8:1\nSYSCALL Hash.to_hex').error?.native?.name).toBe(
      'EnvironmentError(ValueError(ExpectedOpaque))',
    );
  });
});

describe('assets', () => {
  const create = (max: string) =>
    `CONSTANT u64:7\nCONSTANT "Gold Coin"\nCONSTANT "GOLD"\nCONSTANT u8:8\nCONSTANT ${max}\nSYSCALL Asset.create`;

  test('are created once, for 100,000,000 gas, and credited up to their maximum', () => {
    const state = new JournaledState(new MemoryBackend());
    const result = run(`${create('u64:500')}\nPOP\nCONSTANT u64:0`, state);
    expect(result.status).toBe('success');
    expect(result.gasUsed).toBeGreaterThan(100_000_000n);
    expect(holds(`${create('u64:500')}\nSYSCALL optional.is_none`, state)).toBe(true);
    const asset = 'CONSTANT u64:7\nSYSCALL Asset.get_by_id';
    expect(holds(`${asset}\nSYSCALL Asset.get_supply\nCONSTANT u64:500\nEQ`, state)).toBe(true);
    expect(holds(`${asset}\nSYSCALL Asset.get_ticker\nCONSTANT "GOLD"\nEQ`, state)).toBe(true);
    // With a maximum nobody mints.
    expect(holds(`${asset}\nCONSTANT u64:1\nSYSCALL Asset.mint\nNEG`, state)).toBe(true);
    expect(
      holds(`${asset}\nSYSCALL Asset.get_hash\nSYSCALL get_balance_for_asset\nCONSTANT u64:500\nEQ`, state),
    ).toBe(true);
  });

  test('without a maximum are minted by their owner only', () => {
    const state = new JournaledState(new MemoryBackend());
    run(`${create('null')}\nPOP\nCONSTANT u64:0`, state);
    const asset = 'CONSTANT u64:7\nSYSCALL Asset.get_by_id';
    expect(holds(`${asset}\nCONSTANT u64:5\nSYSCALL Asset.mint`, state)).toBe(true);
    expect(
      holds(`${asset}\nCONSTANT Hash(${'11'.repeat(32)})\nSYSCALL Asset.transfer_ownership`, state),
    ).toBe(true);
    expect(holds(`${asset}\nCONSTANT u64:5\nSYSCALL Asset.mint\nNEG`, state)).toBe(true);
    expect(holds(`${asset}\nSYSCALL Asset.is_read_only`, state)).toBe(true);
  });
});

describe('funds', () => {
  const to = `Address(00${'aa'.repeat(32)}00)`;

  test('a transfer to a new account costs 100,000 gas more', () => {
    const state = new JournaledState(new MemoryBackend());
    state.adjustBalance(CONTRACT, NATIVE_ASSET, 10n);
    const transfer = `CONSTANT ${to}\nCONSTANT u64:4\nSYSCALL Hash.zero\nSYSCALL transfer\nPOP\nCONSTANT u64:0`;
    const first = run(transfer, state).gasUsed;
    expect(first - run(transfer, state).gasUsed).toBe(100_000n);
    expect(state.getBalance(new Uint8Array(32).fill(0xaa), NATIVE_ASSET)).toBe(8n);
  });

  test('a transfer to the other network, of nothing or of too much is false', () => {
    const state = new JournaledState(new MemoryBackend());
    state.adjustBalance(CONTRACT, NATIVE_ASSET, 10n);
    const attempt = (address: string, amount: number) =>
      `CONSTANT ${address}\nCONSTANT u64:${amount}\nSYSCALL Hash.zero\nSYSCALL transfer\nNEG`;
    expect(holds(attempt(to.replace('(00', '(01'), 1), state)).toBe(true);
    expect(holds(attempt(to, 0), state)).toBe(true);
    expect(holds(attempt(to, 11), state)).toBe(true);
  });

  test('gas usage counts its own call', () => {
    expect(run('SYSCALL get_gas_usage').exitCode).toBe(3n);
  });
});
