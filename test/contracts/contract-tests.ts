import { readFileSync } from 'node:fs';
import { legacyEngine } from '@switchyard/legacy';
import { tbpfEngine } from '@switchyard/tbpf';
import {
  createTestChain,
  type TestChain,
  type TestChainOptions,
  type TestOutcome,
} from '@switchyard/testing';
import { createGasSnapshot, type GasSnapshot } from '@switchyard/testing/gas';
import '@switchyard/testing/matchers';
import { expect } from 'vitest';

const folder = new URL('../../fixtures/contracts/', import.meta.url);

/** A file of fixtures/contracts. */
export function contractFile(path: string): URL {
  return new URL(path, folder);
}

/** A chain with both engines. */
export function chainOfContracts(options: TestChainOptions = {}): TestChain {
  return createTestChain({ engines: [tbpfEngine, legacyEngine], ...options });
}

/** The committed prices of all contracts; close it in `afterAll`. A difference fails the test file: `npm run gas:update` accepts it. */
export function contractGas(): GasSnapshot {
  // Not 'record': files that run side by side would write over one another's new names.
  const mode = process.env['GAS_SNAPSHOT'] === undefined ? { mode: 'check' as const } : {};
  return createGasSnapshot(contractFile('gas.snapshot.json'), mode);
}

/** Storage, balances, code and assets as text, one line an entry: all of a chain but how many transactions were sent. */
export function stateOf(chain: TestChain): readonly string[] {
  const lines = [...chain.backend.entries()]
    .filter(({ kind }) => kind !== 'nonce')
    .map((entry) =>
      JSON.stringify(entry, (_, value: unknown) =>
        typeof value === 'bigint'
          ? `${value}`
          : value instanceof Uint8Array
            ? Buffer.from(value).toString('hex')
            : value,
      ),
    );
  return lines.sort();
}

/** Expects that a call leaves everything as it was. */
export function expectUnchanged(chain: TestChain, call: () => TestOutcome): TestOutcome {
  const before = stateOf(chain);
  const outcome = call();
  expect(stateOf(chain)).toEqual(before);
  expect(outcome.events).toEqual([]);
  return outcome;
}

/** The numbers of a contract's `enum exit_code`, by name, and which of them a test has seen. */
export class ExitCodes {
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #seen = new Set<string>();

  constructor(name: string) {
    this.#numbers = exitCodesOf(name);
  }

  /** Expects a call to end with that exit code and to leave everything as it was. */
  expectRefusal(chain: TestChain, name: string, call: () => TestOutcome): void {
    const number = this.#numbers.get(name);
    if (number === undefined) throw new Error(`the contract has no exit code ${name}`);
    expect(expectUnchanged(chain, call)).toRevertWith(number);
    this.#seen.add(name);
  }

  /** Expects that every exit code was seen; for the last test of a file. */
  expectAllSeen(): void {
    expect([...this.#seen].sort()).toEqual([...this.#numbers.keys()].sort());
  }
}

/** A contract's `enum exit_code`. */
export function exitCodesOf(name: string): ReadonlyMap<string, number> {
  const source = readFileSync(contractFile(`${name}/${name}.c`), 'utf8');
  const body = /enum exit_code \{([\s\S]*?)\n\};/.exec(source)?.[1];
  if (body === undefined) throw new Error(`${name}.c has no enum exit_code`);
  return new Map(
    [...body.matchAll(/^ {2}(\w+) = (\d+)/gm)].map(([, code, number]) => [code!, Number(number)]),
  );
}

/** A u64 of return data. */
export function readU64(bytes: Uint8Array, offset = 0): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(offset, true);
}
