import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bytesToHex,
  type EntryPoint,
  type TransactionRequest,
  type TransactionResult,
} from '@switchyard/core';
import Table from 'cli-table3';
import pc from 'picocolors';
import { type App, openApp } from '../app/open-app.ts';
import { parseAddress } from '../arguments/parse.ts';
import { encodeArguments } from '../arguments/typed-arguments.ts';
import { formatError } from '../output/format-error.ts';
import { formatBytes, shortAddress } from '../output/format-transaction.ts';

/** Where the demo finds its contracts, keeps its state, and writes to. */
export interface DemoOptions {
  /** Folder with counter/counter.so, token/token.so and faulty/faulty.so. */
  readonly contracts: string;
  /** Path of the LMDB store to make. */
  readonly store: string;
  readonly write: (text: string) => void;
}

const alice = parseAddress('0xa11ce', 'alice');
const bob = parseAddress('0xb0b', 'bob');

/** Deploys real contracts to an embedded store, calls them, breaks one on purpose, and proves a gas estimate. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { write } = options;
  const app = await openApp({
    environment: {},
    cwd: options.contracts,
    state: { kind: 'lmdb', path: options.store },
  });
  try {
    write(pc.bold('Switchyard: real contracts, written in C, on an embedded LMDB store.\n'));
    const addresses = deployAll(app, options);
    callAll(app, addresses, write);
    failOnPurpose(app, addresses.faulty, write);
    proveEstimate(app, addresses.token, write);
  } finally {
    await app.close();
  }
}

interface Addresses {
  readonly counter: Uint8Array;
  readonly token: Uint8Array;
  readonly faulty: Uint8Array;
}

function deployAll(app: App, { contracts, write }: DemoOptions): Addresses {
  const table = createTable(['deployed', 'engine', 'bytes', 'constructor', 'gas', 'address']);
  const deploy = (name: string, ...args: string[]): Uint8Array => {
    const code = new Uint8Array(readFileSync(join(contracts, name, `${name}.so`)));
    const hasConstructor = args.length > 0;
    const result = app.environment.deploy({
      code,
      sender: alice,
      construct: hasConstructor ? { input: encodeArguments(args) } : 'none',
    });
    expectSuccess(result);
    const called = hasConstructor ? `hook_0(${args.join(', ')})` : 'none';
    table.push([
      name,
      result.engine ?? '',
      code.length,
      called,
      `${result.gas.charged}`,
      shortAddress(result.contract),
    ]);
    return result.contract;
  };
  const addresses = {
    counter: deploy('counter', 'u64:40'),
    token: deploy('token', 'u64:1000'),
    faulty: deploy('faulty'),
  };
  write(table.toString());
  return addresses;
}

function callAll(app: App, { counter, token }: Addresses, write: (text: string) => void): void {
  const table = createTable(['call', 'by', 'ends', 'gas', 'returns', 'events']);
  const call = (name: string, by: string, request: TransactionRequest): void => {
    const result = app.environment.call(request);
    const { status, exitCode } = result;
    const returned = result.result.returnData;
    table.push([
      name,
      by,
      status === 'success' ? pc.green('ok') : pc.yellow(`exit code ${exitCode}`),
      `${result.gas.charged}`,
      returned.length === 0 ? '' : (/u64 (\d+)/.exec(formatBytes(returned))?.[1] ?? bytesToHex(returned)),
      result.result.events.length || '',
    ]);
  };
  const entry = (id: number): EntryPoint => ({ kind: 'entry', id });
  call('counter.increment()', 'alice', { sender: alice, contract: counter, entry: entry(0) });
  call('counter.increment(1)', 'bob', {
    sender: bob,
    contract: counter,
    entry: entry(0),
    input: encodeArguments(['u64:1']),
  });
  call('counter.get()', 'bob', { sender: bob, contract: counter, entry: entry(1) });
  call('token.transfer(bob, 250)', 'alice', transfer(token, alice, bob, 250));
  call('token.balance_of(bob)', 'alice', balanceOf(token, bob));
  call('token.transfer(alice, 999)', 'bob', transfer(token, bob, alice, 999));
  call('token.balance_of(bob)', 'alice', balanceOf(token, bob));
  write(table.toString());
  write(
    'Exit code 2 is the token saying "insufficient balance": the call was rolled back, its gas was kept.\n',
  );
}

function transfer(token: Uint8Array, from: Uint8Array, to: Uint8Array, amount: number): TransactionRequest {
  return {
    sender: from,
    contract: token,
    entry: { kind: 'entry', id: 0 },
    input: encodeArguments([`address:${bytesToHex(to)}`, `u64:${amount}`]),
  };
}

function balanceOf(token: Uint8Array, account: Uint8Array): TransactionRequest {
  return {
    sender: alice,
    contract: token,
    entry: { kind: 'entry', id: 1 },
    input: encodeArguments([`address:${bytesToHex(account)}`]),
  };
}

function failOnPurpose(app: App, faulty: Uint8Array, write: (text: string) => void): void {
  const fail = (title: string, id: number): void => {
    const { error } = app.environment.call({ sender: alice, contract: faulty, entry: { kind: 'entry', id } });
    write(pc.bold(title));
    write(error === null ? 'it did not fail' : indent(formatError(error)));
    write('');
  };
  fail('A contract that never ends is stopped by its gas limit:', 1);
  fail('A contract that reads past its input is told where it did:', 0);
}

function proveEstimate(app: App, token: Uint8Array, write: (text: string) => void): void {
  const request = transfer(token, alice, bob, 1);
  const { gasLimit, method, runs } = app.environment.estimateGas(request);
  const table = createTable(['token.transfer(bob, 1) with a limit of', 'ends']);
  for (const limit of [gasLimit, gasLimit - 1n]) {
    const { status, error } = app.environment.simulate({ ...request, gasLimit: limit });
    table.push([`${limit}`, error === null ? pc.green(status) : pc.red(`${status}, ${error.code}`)]);
  }
  write(`${pc.bold('Estimated gas:')} ${gasLimit}, ${method} after ${runs} runs. The proof:`);
  write(table.toString());
}

function expectSuccess(result: TransactionResult): void {
  if (result.error !== null) throw result.error;
}

function createTable(head: string[]): Table.Table {
  // The table library colours also in a pipe unless it is told not to.
  const style = pc.isColorSupported ? { head: ['bold'], border: ['dim'] } : { head: [], border: [] };
  return new Table({ head, style, chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' } });
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
