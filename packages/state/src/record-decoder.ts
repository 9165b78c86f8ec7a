import { bytesToHex, equalBytes, type StateEntry, VmError } from '@switchyard/core';
import { ByteReader } from './byte-reader.ts';
import { hashKey } from './hash-key.ts';
import {
  type CodeHead,
  decodeAsset,
  decodeCodeBody,
  decodeCodeHead,
  decodeStorage,
  decodeU64,
  KIND,
  LAYOUT_VERSION,
  LONGEST_PLAIN_KEY,
  type StateRecord,
} from './layout.ts';

/**
 * Turns records, in byte order of their keys, back into entries, and checks them: known kinds, whole values, code that fits its hash.
 * The head of code comes before its body; `finish` tells whether every head found its body.
 */
export class RecordDecoder {
  readonly #heads = new Map<string, CodeHead>();

  /** The entry that the record completes; undefined for the head of code. @throws VmError STATE_CORRUPT. */
  decode({ key, value }: StateRecord): StateEntry | undefined {
    if (key.length < 34 || key[0] !== LAYOUT_VERSION) {
      throw corrupt(`a key of layout version ${key[0] ?? 'none'}; this version reads ${LAYOUT_VERSION}.`);
    }
    const address = key.slice(2, 34);
    const rest = key.slice(34);
    switch (key[1]) {
      case KIND.storage:
        if (rest.length > LONGEST_PLAIN_KEY) throw corrupt('a storage key in the wrong form.');
        return { kind: 'storage', contract: address, key: rest, value: decodeStorage(rest, value).slice() };
      case KIND.longStorage:
        return decodeLongStorage(address, rest, value);
      case KIND.balance:
        expectLength(rest, 32);
        return { kind: 'balance', address, asset: rest, amount: positive(decodeU64(value)) };
      case KIND.nonce:
        expectLength(rest, 0);
        return { kind: 'nonce', address, nonce: positive(decodeU64(value)) };
      case KIND.codeHead: {
        expectLength(rest, 0);
        const { hash, engine } = decodeCodeHead(value);
        this.#heads.set(bytesToHex(address), { hash: hash.slice(), engine });
        return undefined;
      }
      case KIND.codeBody:
        expectLength(rest, 0);
        return this.#decodeCode(address, decodeCodeBody(value).slice());
      case KIND.asset:
        expectLength(rest, 0);
        return { kind: 'asset', asset: address, record: decodeAsset(value.slice()) };
      default:
        throw corrupt(`a record of unknown kind ${key[1]}.`);
    }
  }

  /** @throws VmError STATE_CORRUPT when a head of code has no body. */
  finish(): void {
    for (const address of this.#heads.keys()) throw corrupt(`the code at ${address} has no body.`);
  }

  #decodeCode(address: Uint8Array, code: Uint8Array): StateEntry {
    const name = bytesToHex(address);
    const head = this.#heads.get(name);
    if (head === undefined) throw corrupt(`the code at ${name} has no head.`);
    if (!equalBytes(hashKey(code), head.hash)) throw corrupt(`the code at ${name} does not fit its hash.`);
    this.#heads.delete(name);
    return { kind: 'code', address, code, engine: head.engine };
  }
}

function decodeLongStorage(contract: Uint8Array, hash: Uint8Array, value: Uint8Array): StateEntry {
  const reader = new ByteReader(value);
  reader.u8();
  const key = reader.bytes(reader.u32()).slice();
  if (key.length <= LONGEST_PLAIN_KEY) throw corrupt('a storage key in the wrong form.');
  if (!equalBytes(hashKey(key), hash)) throw corrupt('a long storage key does not fit its hash.');
  return { kind: 'storage', contract, key, value: decodeStorage(key, value).slice() };
}

function positive(amount: bigint): bigint {
  if (amount === 0n) throw corrupt('a balance or nonce of 0, which is never stored.');
  return amount;
}

function expectLength(bytes: Uint8Array, length: number): void {
  if (bytes.length !== length)
    throw corrupt(`a key with ${bytes.length} bytes after the address, not ${length}.`);
}

function corrupt(what: string): VmError {
  return new VmError('STATE_CORRUPT', `the state holds ${what}`);
}
