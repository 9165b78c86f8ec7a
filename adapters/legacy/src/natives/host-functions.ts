import {
  callHostFunction,
  checkCharge,
  describeType,
  displayName,
  type EngineServices,
  HOST_FUNCTIONS,
  type HostFunction,
  type HostFunctionCall,
  misfit,
  type TypedValue,
  type ValueType,
  VmError,
} from '@switchyard/core';
import { type ChainHost, chainHostOf, requireWritable } from '../chain/chain-host.ts';
import type { Machine } from '../interpreter/machine.ts';
import { expectedType, Trap } from '../interpreter/trap.ts';
import type { Box } from '../values/box.ts';
import { moveInto } from '../values/copy.ts';
import { cellOf, typedOf } from '../values/typed.ts';
import { printLine } from './globals.ts';
import { argument, type Native, type NativeTable } from './native.ts';
import { nodeNatives } from './table.ts';

/** The natives of an engine: the node's, and behind them what its host offers, in order of registration (spec §7.1). */
export function nativesOf({ ports }: EngineServices): NativeTable {
  const functions = ports.get(HOST_FUNCTIONS)?.for('legacy') ?? [];
  return functions.length === 0 ? nodeNatives : Object.freeze([...nodeNatives, ...functions.map(hostNative)]);
}

/** A function of the host, called by the protocol of every native (spec §7.3). What a cell is converted by is paid as work. */
function hostNative(of: HostFunction): Native {
  const { receiver, parameters } = of;
  return {
    name: displayName(of),
    hasReceiver: receiver !== undefined,
    parameters: parameters.length,
    cost: Number(of.gas),
    run(machine, self, args) {
      const given = receiver === undefined ? undefined : checkedValue(machine, self, receiver);
      const values = parameters.map((type, index) =>
        checkedValue(machine, argument(machine, args + index), type),
      );
      const host = chainHostOf(machine);
      if (of.mutates === true) requireWritable(host);
      const call = new NativeCall(machine, host, given, values);
      const result = callHostFunction(of, call);
      if (call.unpaid !== undefined) throw call.unpaid;
      if (result instanceof VmError) throw refusal(result);
      if (result === undefined) return false;
      moveInto(machine.result, cellOf(result, machine));
      return true;
    },
  };
}

function checkedValue(machine: Machine, cell: Box, type: ValueType): TypedValue {
  const value = typedOf(cell, machine);
  if (misfit(value, type) !== undefined) throw expectedType(describeType(type));
  return value;
}

function refusal({ code, message }: VmError): Trap {
  return new Trap('error', 'environment', 'HostFunction', `(${code}, ${JSON.stringify(message)})`, code);
}

class NativeCall implements HostFunctionCall {
  readonly receiver: TypedValue | undefined;
  readonly parameters: readonly TypedValue[];
  /** The trap of a charge that could not be paid, whatever the function did about it. */
  unpaid: unknown;
  readonly #machine: Machine;
  readonly #host: ChainHost;

  constructor(
    machine: Machine,
    host: ChainHost,
    receiver: TypedValue | undefined,
    parameters: readonly TypedValue[],
  ) {
    this.#machine = machine;
    this.#host = host;
    this.receiver = receiver;
    this.parameters = parameters;
  }

  get context(): ChainHost['context'] {
    return this.#host.context;
  }

  get state(): ChainHost['state'] {
    return this.#host.state;
  }

  charge(gas: bigint): void {
    checkCharge(gas);
    try {
      this.#machine.gas.chargeLarge(gas);
    } catch (trap) {
      this.unpaid = trap;
      throw trap;
    }
  }

  log(message: string): void {
    printLine(this.#machine, message);
  }
}
