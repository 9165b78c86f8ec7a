import { type AccountOverride, NATIVE_ASSET, VmError } from '@switchyard/core';
import type { z } from 'zod';
import type { stateOverrides } from '../api/call-params.ts';
import { bytesOf, u64Of } from './from-wire.ts';
import type { Runtime } from './runtime.ts';

/** Accounts by address as JSON has them. */
export type StateParams = z.output<typeof stateOverrides>;

/** Takes accounts to be as a request says, until the overlay is cleared. @throws VmError REQUEST_INVALID for an account, slot or asset that is named twice. */
export function applyOverrides(runtime: Runtime, accounts: StateParams | undefined): void {
  if (accounts === undefined) return;
  refuseTwins('state', Object.keys(accounts));
  for (const [address, account] of Object.entries(accounts)) {
    runtime.overlay.override(overrideOf(runtime, address, account));
  }
}

/** The same bytes may be written in two ways, and readers would differ in which one holds. */
function refuseTwins(place: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    const bytes = name.replace(/^0x/, '').toLowerCase();
    if (seen.has(bytes)) throw new VmError('REQUEST_INVALID', `${place}: ${name} is named twice.`);
    seen.add(bytes);
  }
}

function overrideOf(runtime: Runtime, address: string, account: StateParams[string]): AccountOverride {
  const { balance, balances = {}, nonce, code, engine, storage, storageDiff } = account;
  if (engine !== undefined && (code === undefined || isEmpty(code))) {
    throw new VmError('REQUEST_INVALID', `state["${address}"].engine: it goes with code.`);
  }
  const slots = storage ?? storageDiff;
  refuseTwins(`state["${address}"].balances`, Object.keys(balances));
  refuseTwins(
    `state["${address}"].${storage === undefined ? 'storageDiff' : 'storage'}`,
    Object.keys(slots ?? {}),
  );
  const amounts = Object.entries(balances).map(([asset, amount]) => ({
    asset: bytesOf(asset),
    amount: u64Of(amount),
  }));
  if (balance !== undefined) amounts.push({ asset: NATIVE_ASSET, amount: u64Of(balance) });
  return {
    address: bytesOf(address),
    balances: amounts,
    ...(nonce === undefined ? {} : { nonce: u64Of(nonce) }),
    ...(code === undefined
      ? {}
      : { code: isEmpty(code) ? null : { code: runtime.codes.take(code), engine } }),
    ...(slots === undefined
      ? {}
      : {
          replacesStorage: storage !== undefined,
          storage: Object.entries(slots).map(([key, value]) => ({
            key: bytesOf(key),
            value: value === null ? undefined : bytesOf(value),
          })),
        }),
  };
}

function isEmpty(code: string): boolean {
  return code === '' || code === '0x';
}
