import { byteKey, WireError, WireReader } from '@switchyard/core';
import type { Machine } from '../interpreter/machine.ts';
import { environmentTrap } from '../interpreter/trap.ts';
import { argument, free, method, type Native } from '../natives/native.ts';
import { moveInto } from '../values/copy.ts';
import { setBoolean, setNull } from '../values/make.ts';
import { unmeteredMeasure } from '../values/measure.ts';
import { cellWire } from '../wire/cell-writer.ts';
import { readCell } from '../wire/read-cell.ts';
import { type CachedValue, type ChainHost, chainHostOf, requireWritable } from './chain-host.ts';
import { giveNull, giveOpaque, on, opaqueArgument } from './opaque-values.ts';

const MAX_KEY = 256;
const MAX_VALUE = 4096;

/** A cell's wire form; its making is paid as work before. */
function wireOf(machine: Machine, index: number): Uint8Array {
  const cell = argument(machine, index);
  machine.spend(unmeteredMeasure(cell));
  return cellWire(cell);
}

/** Writes a stored value to the result, or null. */
function give(machine: Machine, stored: CachedValue | undefined): true {
  if (stored === null || stored === undefined) {
    setNull(machine.result);
    return true;
  }
  try {
    moveInto(machine.result, readCell(new WireReader(stored)));
  } catch (thrown) {
    if (!(thrown instanceof WireError)) throw thrown;
    throw environmentTrap('Any', '(the stored value is not a cell)');
  }
  return true;
}

/** A slot of the executing contract, from this run's cache or the state. */
function read(host: ChainHost, key: Uint8Array): CachedValue {
  const name = byteKey(key);
  let value = host.storage.get(name);
  if (value === undefined) {
    value = host.state.getStorage(host.contract, key)?.slice() ?? null;
    if (value !== null) host.storage.set(name, value);
    if (host.reportsStorage) {
      const { contract } = host;
      host.context.events!.emit('storage', {
        kind: 'read',
        contract,
        key: key.slice(),
        value: value?.slice(),
      });
    }
  }
  return value;
}

/** Wire forms of key and value within their limits; gas by their bytes. @throws Trap Any. */
function storeArguments(
  machine: Machine,
  args: number,
  base: number,
  perByte: number,
): [Uint8Array, Uint8Array] {
  const key = wireOf(machine, args);
  const value = wireOf(machine, args + 1);
  if (key.length > MAX_KEY) throw environmentTrap('Any', '(key is too big)');
  if (value.length > MAX_VALUE) throw environmentTrap('Any', '(value is too big)');
  machine.gas.charge(base + perByte * (key.length + value.length));
  return [key, value];
}

function store(machine: Machine, args: number): true {
  const host = chainHostOf(machine);
  const [key, value] = storeArguments(machine, args, 100, 5);
  requireWritable(host);
  const name = byteKey(key);
  const old = host.storage.get(name);
  host.storage.set(name, value);
  host.state.setStorage(host.contract, key, value);
  if (host.reportsStorage) {
    const { contract } = host;
    host.context.events!.emit('storage', { kind: 'write', contract, key: key.slice(), value: value.slice() });
  }
  return give(machine, old);
}

function remove(machine: Machine, args: number): true {
  const host = chainHostOf(machine);
  const key = wireOf(machine, args);
  requireWritable(host);
  const name = byteKey(key);
  const old = host.storage.get(name);
  host.storage.set(name, null);
  host.state.deleteStorage(host.contract, key);
  if (host.reportsStorage) {
    const { contract } = host;
    host.context.events!.emit('storage', { kind: 'delete', contract, key: key.slice(), value: undefined });
  }
  return give(machine, old);
}

function memoryCell(machine: Machine, args: number): CachedValue | undefined {
  return chainHostOf(machine).memoryStorage.get(byteKey(wireOf(machine, args)));
}

/** Natives 152–164. */
export const storageNatives: readonly Native[] = [
  free('Storage.new', 0, 5, (machine) => giveOpaque(machine, 'Storage')),
  method(
    'Storage.load',
    1,
    50,
    on('Storage', (machine, _, args) => give(machine, read(chainHostOf(machine), wireOf(machine, args)))),
  ),
  method(
    'Storage.has',
    1,
    25,
    on('Storage', (machine, _, args) => {
      setBoolean(machine.result, read(chainHostOf(machine), wireOf(machine, args)) !== null);
      return true;
    }),
  ),
  method(
    'Storage.store',
    2,
    50,
    on('Storage', (machine, _, args) => store(machine, args)),
  ),
  method(
    'Storage.delete',
    1,
    50,
    on('Storage', (machine, _, args) => remove(machine, args)),
  ),
  free('ReadOnlyStorage.new', 1, 15, (machine, _, args) => {
    const contract = opaqueArgument(machine, args, 'Hash');
    const isContract = chainHostOf(machine).state.getCodeHash(contract) !== undefined;
    return isContract ? giveOpaque(machine, 'ReadOnlyStorage', contract) : giveNull(machine);
  }),
  method(
    'ReadOnlyStorage.load',
    1,
    50,
    on('ReadOnlyStorage', (machine, contract, args) =>
      give(machine, chainHostOf(machine).state.getStorage(contract, wireOf(machine, args))),
    ),
  ),
  method(
    'ReadOnlyStorage.has',
    1,
    25,
    on('ReadOnlyStorage', (machine, contract, args) => {
      const found = chainHostOf(machine).state.getStorage(contract, wireOf(machine, args));
      setBoolean(machine.result, found !== undefined);
      return true;
    }),
  ),
  free('MemoryStorage.new', 0, 5, (machine) => giveOpaque(machine, 'MemoryStorage')),
  method(
    'MemoryStorage.load',
    1,
    50,
    on('MemoryStorage', (machine, _, args) => give(machine, memoryCell(machine, args))),
  ),
  method(
    'MemoryStorage.has',
    1,
    25,
    on('MemoryStorage', (machine, _, args) => {
      setBoolean(machine.result, (memoryCell(machine, args) ?? null) !== null);
      return true;
    }),
  ),
  method(
    'MemoryStorage.store',
    2,
    50,
    on('MemoryStorage', (machine, _, args) => {
      const [key, value] = storeArguments(machine, args, 0, 1);
      const { memoryStorage } = chainHostOf(machine);
      const old = memoryStorage.get(byteKey(key));
      memoryStorage.set(byteKey(key), value);
      return give(machine, old);
    }),
  ),
  method(
    'MemoryStorage.delete',
    1,
    50,
    on('MemoryStorage', (machine, _, args) => {
      const old = memoryCell(machine, args);
      chainHostOf(machine).memoryStorage.delete(byteKey(wireOf(machine, args)));
      return give(machine, old);
    }),
  ),
];
