import { equalBytes, NATIVE_ASSET } from '@switchyard/core';
import type { Machine } from '../interpreter/machine.ts';
import { Trap } from '../interpreter/trap.ts';
import { argument, free, method, type Native } from '../natives/native.ts';
import { setBoolean } from '../values/make.ts';
import { unmeteredMeasure } from '../values/measure.ts';
import { cellWire } from '../wire/cell-writer.ts';
import { chainHostOf, requireWritable } from './chain-host.ts';
import { giveNull, giveOpaque, giveU64, opaqueArgument, u64Argument } from './opaque-values.ts';

const NEW_ACCOUNT_GAS = 100_000;

function transfer(machine: Machine, args: number): true {
  const host = chainHostOf(machine);
  const address = opaqueArgument(machine, args, 'Address');
  const amount = u64Argument(machine, args + 1);
  const asset = opaqueArgument(machine, args + 2, 'Hash');
  setBoolean(machine.result, false);
  if (amount === 0n || (address[0] === 1) !== host.isMainnet) return true;
  const to = address.slice(1, 33);
  if (!host.state.accountExists(to)) machine.gas.charge(NEW_ACCOUNT_GAS);
  requireWritable(host);
  setBoolean(machine.result, host.state.transfer(host.contract, to, asset, amount));
  return true;
}

function burn(machine: Machine, args: number): true {
  const host = chainHostOf(machine);
  const amount = u64Argument(machine, args);
  const asset = opaqueArgument(machine, args + 1, 'Hash');
  requireWritable(host);
  setBoolean(machine.result, amount > 0n && host.state.burn(host.contract, asset, amount));
  return true;
}

function depositOf(machine: Machine, args: number): true {
  const { context } = chainHostOf(machine);
  const asset = opaqueArgument(machine, args, 'Hash');
  let amount = equalBytes(asset, NATIVE_ASSET) ? context.value : 0n;
  for (const deposit of context.deposits) if (equalBytes(deposit.asset, asset)) amount += deposit.amount;
  return amount === 0n ? giveNull(machine) : giveU64(machine, amount);
}

function fireEvent(machine: Machine, args: number): false {
  const host = chainHostOf(machine);
  const id = u64Argument(machine, args);
  const cell = argument(machine, args + 1);
  machine.spend(unmeteredMeasure(cell));
  const data = cellWire(cell);
  machine.gas.charge(2 * data.length);
  requireWritable(host);
  const topic = new Uint8Array(32);
  new DataView(topic.buffer).setBigUint64(24, id);
  const topics = [topic];
  host.state.emitEvent(host.contract, topics, data);
  host.context.events?.emit('event', host.contract, topics, data.slice());
  return false;
}

/** Natives 202–206. */
export const fundsNatives: readonly Native[] = [
  free('get_contract_hash', 0, 5, (machine) => giveOpaque(machine, 'Hash', chainHostOf(machine).contract)),
  free('get_deposit_for_asset', 1, 5, (machine, _, args) => depositOf(machine, args)),
  free('get_balance_for_asset', 1, 25, (machine, _, args) => {
    const host = chainHostOf(machine);
    const balance = host.state.getBalance(host.contract, opaqueArgument(machine, args, 'Hash'));
    return balance === 0n ? giveNull(machine) : giveU64(machine, balance);
  }),
  free('transfer', 3, 500, (machine, _, args) => transfer(machine, args)),
  free('burn', 2, 500, (machine, _, args) => burn(machine, args)),
];

/** A ciphertext operation: the border knows no private balances. */
function ciphertext(name: string, hasReceiver: boolean, parameters: number, cost: number): Native {
  const make = hasReceiver ? method : free;
  return make(name, parameters, cost, () => {
    throw new Trap('host', 'machine', 'CiphertextUnsupported', `(${name})`);
  });
}

/** Natives 209–216. */
export const eventAndCiphertextNatives: readonly Native[] = [
  free('fire_event', 2, 250, (machine, _, args) => fireEvent(machine, args)),
  ciphertext('Ciphertext.add', true, 1, 500),
  ciphertext('Ciphertext.sub', true, 1, 500),
  ciphertext('Ciphertext.mul', true, 1, 1000),
  ciphertext('Ciphertext.div', true, 1, 5000),
  ciphertext('Ciphertext.new', false, 2, 1000),
  ciphertext('get_account_balance_of', false, 2, 1000),
  free('get_gas_usage', 0, 1, (machine) => giveU64(machine, machine.gas.used)),
];
