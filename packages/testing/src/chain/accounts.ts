import { codeHash, encodeUtf8, VmError } from '@switchyard/core';

/** An account of a test chain. Its address follows from its name, so it is the same in every run. */
export interface TestAccount {
  readonly name: string;
  /** 32 bytes: sha-256 of `switchyard test account ` and the name. */
  readonly address: Uint8Array;
}

/** An address of 32 bytes, or something that has one: an account, a contract. */
export type Addressable = Uint8Array | { readonly address: Uint8Array };

/** The address. @throws VmError INVALID_ARGUMENT unless it has 32 bytes. */
export function addressOf(place: Addressable): Uint8Array {
  const address = place instanceof Uint8Array ? place : place.address;
  if (address.length !== 32) {
    throw new VmError('INVALID_ARGUMENT', `an address has 32 bytes, not ${address.length}.`);
  }
  return address;
}

/** The account of that name. */
export function createAccount(name: string): TestAccount {
  return Object.freeze({ name, address: derive(`account ${name}`) });
}

/** 32 bytes that stand for a text: addresses, hashes and "random" numbers of a chain on which nothing is left to chance. */
export function derive(what: string): Uint8Array {
  return codeHash(encodeUtf8(`switchyard test ${what}`));
}
