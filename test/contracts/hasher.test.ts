import { blake3 } from '@noble/hashes/blake3.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes, encodeUtf8 } from '@switchyard/core';
import { borsh, bytes, u32 } from '@switchyard/testing';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { chainOfContracts, contractFile, contractGas, ExitCodes, expectUnchanged } from './contract-tests.ts';

const exits = new ExitCodes('hasher');
const gas = contractGas();
afterAll(() => gas.close());

const chain = chainOfContracts();
const hasher = chain.deploy(contractFile('hasher/hasher.so'));
const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const partsOf = (parts: readonly Uint8Array[]) => borsh(u32(parts.length), ...parts.map(bytes));
const hash = (entry: number, parts: readonly Uint8Array[]) => hasher.call(entry, { input: partsOf(parts) });

// The vectors of FIPS 180-4, of the Keccak submission, and of the BLAKE3 paper's test file.
describe.each([
  {
    name: 'sha256',
    entry: 0,
    reference: sha256,
    empty: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    abc: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  },
  {
    name: 'keccak256',
    entry: 1,
    reference: keccak_256,
    empty: 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
    abc: '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45',
  },
  {
    name: 'blake3',
    entry: 2,
    reference: blake3,
    empty: 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262',
    abc: '6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85',
  },
])('$name', ({ name, entry, reference, empty, abc }) => {
  test('gives the known answers', () => {
    expect(gas.record(`hasher: ${name} of nothing`, hash(entry, []))).toReturnBytes(bytesOf(empty));
    expect(gas.record(`hasher: ${name}`, hash(entry, [encodeUtf8('abc')]))).toReturnBytes(bytesOf(abc));
  });

  test('hashes parts one after another, empty ones too', () => {
    const parts = ['a', '', 'bc', ''].map(encodeUtf8);
    expect(gas.record(`hasher: ${name} of four parts`, hash(entry, parts))).toReturnBytes(bytesOf(abc));
  });

  test('agrees with a library on any parts', () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 12 });
    fc.assert(
      fc.property(parts, (some) => {
        expect(hash(entry, some)).toReturnBytes(reference(concatBytes(...some)));
      }),
      { numRuns: 50, seed: 1 },
    );
  });
});

test('all three hashes come in one call', () => {
  const parts = [encodeUtf8('ab'), encodeUtf8('c')];
  const whole = encodeUtf8('abc');
  expect(gas.record('hasher: all', hash(3, parts))).toReturnBytes(
    concatBytes(sha256(whole), keccak_256(whole), blake3(whole)),
  );
});

describe('limits', () => {
  const many = (count: number) => Array.from({ length: count }, () => Uint8Array.of(7));

  test('takes 2,048 parts, and not one more', () => {
    const outcome = hasher.call(0, { input: partsOf(many(2_048)), gasLimit: 1_000_000n });
    expect(outcome).toReturnBytes(sha256(new Uint8Array(2_048).fill(7)));
    exits.expectRefusal(chain, 'TOO_MANY_PARTS', () => hash(0, many(2_049)));
  });

  test.each([0, 1, 2, 3])('entry %i refuses what is malformed', (entry) => {
    const good = partsOf([encodeUtf8('abc'), encodeUtf8('d')]);
    const bad = [
      new Uint8Array(0),
      Uint8Array.of(1),
      good.subarray(0, -1),
      concatBytes(good, Uint8Array.of(0)),
      borsh(u32(2 ** 32 - 1)),
      borsh(u32(1), u32(2 ** 32 - 1)),
    ];
    for (const input of bad) {
      exits.expectRefusal(chain, 'BAD_INPUT', () => hasher.call(entry, { input }));
    }
  });

  test('ends with OUT_OF_GAS when the message is dearer than the limit', () => {
    const input = partsOf([new Uint8Array(10_000)]);
    const outcome = expectUnchanged(chain, () => hasher.call(0, { input, gasLimit: 5_000n }));
    expect(outcome).toFailWith('OUT_OF_GAS');
  });

  test('has no default entry', () => {
    exits.expectRefusal(chain, 'NO_SUCH_ENTRY', () => hasher.call('entrypoint'));
  });
});

test('all exit codes were seen', () => exits.expectAllSeen());
