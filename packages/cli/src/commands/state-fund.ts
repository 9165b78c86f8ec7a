import { bytesToHex, NATIVE_ASSET } from '@switchyard/core';
import { fund } from '../app/fund.ts';
import { openApp } from '../app/open-app.ts';
import { type CommonOptions, stateOf } from '../arguments/call-options.ts';
import { type Balance, parseAddress, parseU64 } from '../arguments/parse.ts';
import type { CommandReport } from '../output/reporter.ts';

/** Options of `switchyard state fund`. */
export interface StateFundOptions extends CommonOptions {
  /** Default: native units. */
  readonly asset?: string;
}

/**
 * Gives an account of the configured store units out of nothing. @returns what it holds then. @throws VmError USAGE_INVALID,
 * BALANCE_OVERFLOW.
 */
export async function fundAccount(
  address: string,
  amount: string,
  options: StateFundOptions = {},
): Promise<Balance> {
  const account = parseAddress(address, 'ADDRESS');
  const units = parseU64(amount, 'AMOUNT');
  const asset = options.asset === undefined ? NATIVE_ASSET : parseAddress(options.asset, '--asset');
  const app = await openApp({ configFile: options.config, flags: stateOf(options) });
  try {
    fund(app.state, { address: account, asset, amount: units });
    app.state.flush();
    return { address: account, asset, amount: app.state.getBalance(account, asset) };
  } finally {
    await app.close();
  }
}

/** `switchyard state fund ADDRESS AMOUNT`. */
export async function stateFundCommand(
  address: string,
  amount: string,
  options: StateFundOptions,
): Promise<CommandReport> {
  const balance = await fundAccount(address, amount, options);
  return {
    command: 'state fund',
    exitCode: 0,
    data: { balance },
    text: () => {
      const of = options.asset === undefined ? '' : ` of ${bytesToHex(balance.asset)}`;
      return `${bytesToHex(balance.address)} holds ${balance.amount}${of}`;
    },
  };
}
