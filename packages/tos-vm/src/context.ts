import { type HostFunctionCall, MAX_U64, type PartialContext, type StateAccess } from '@switchyard/core';
import { tosError, valueError } from './errors.ts';

/** Names a type of data that a host puts into a context, and carries the type. Made by `typeToken`. */
export interface TypeToken<T> {
  readonly name: string;
  /** Carries the type only; never set. */
  readonly type?: T;
}

/** A new token, different from every other whatever its name. */
export function typeToken<T>(name: string): TypeToken<T> {
  return Object.freeze({ name });
}

/** The state that runs read and write. Without one a VM has an empty state of its own, in memory. */
export const CHAIN_STATE: TypeToken<StateAccess> = typeToken('chain state');

/** What runs know of their surroundings: contract, caller, block, transaction, deposits, … Input, entry and gas limit are the VM's. */
export const CALL_FIELDS: TypeToken<PartialContext> = typeToken('call fields');

/** What a VM's runs share with the host and its functions: gas, and data by type. */
export class Context {
  readonly #data = new Map<TypeToken<unknown>, unknown>();
  #gasLimit = MAX_U64;
  #gasUsage = 0n;
  /** The call of a host function that is running. */
  #call: HostFunctionCall | undefined;

  /** Gas limit of runs (u64); the environment's maximum holds besides. Without one only the maximum does. */
  setGasLimit(limit: bigint): void {
    if (typeof limit !== 'bigint' || limit < 0n || limit > MAX_U64) {
      throw valueError(`gas limit ${String(limit)} is not a u64`);
    }
    this.#gasLimit = limit;
  }

  gasLimit(): bigint {
    return this.#gasLimit;
  }

  /** Gas that the last run used, at most its limit; 0 before the first, and after one that a fault of the host's broke off. */
  currentGasUsage(): bigint {
    return this.#gasUsage;
  }

  /** Takes gas from the running contract, before work that a host function does beyond its fixed cost. @throws VmError OUT_OF_GAS, VALUE_INVALID. */
  increaseGasUsage(gas: bigint): void {
    if (typeof gas !== 'bigint' || gas < 0n || gas > MAX_U64) {
      throw valueError(`gas ${String(gas)} is not a u64`);
    }
    this.#running('increaseGasUsage').charge(gas);
  }

  /** Adds a line to the running contract's log. */
  log(message: string): void {
    if (typeof message !== 'string') throw valueError(`a log's line is text, not a ${typeof message}`);
    this.#running('log').log(message);
  }

  /** Puts data in, instead of what the token has. @returns this, to chain. */
  insert<T>(token: TypeToken<T>, value: T): this {
    this.#data.set(token, value);
    return this;
  }

  /** The token's data, if there is any. In a host function CHAIN_STATE and CALL_FIELDS are those of the running contract. */
  get<T>(token: TypeToken<T>): T | undefined {
    const call = this.#call;
    if (call !== undefined && isSame(token, CHAIN_STATE)) return call.state as T;
    if (call !== undefined && isSame(token, CALL_FIELDS)) return call.context as T;
    return this.#data.get(token) as T | undefined;
  }

  /** Takes data out. @returns true when there was some. */
  remove<T>(token: TypeToken<T>): boolean {
    return this.#data.delete(token);
  }

  /** For the VM: notes what a run used. */
  setGasUsage(gas: bigint): void {
    this.#gasUsage = gas;
  }

  /** For the environment: does something on behalf of a call. Calls nest. */
  during<T>(call: HostFunctionCall, action: () => T): T {
    const outer = this.#call;
    this.#call = call;
    try {
      return action();
    } finally {
      this.#call = outer;
    }
  }

  #running(method: string): HostFunctionCall {
    if (this.#call !== undefined) return this.#call;
    throw tosError(
      'CALL_NOT_READY',
      'NoCall',
      `${method} is for functions of the host while a contract calls them.`,
    );
  }
}

function isSame(a: TypeToken<unknown>, b: TypeToken<unknown>): boolean {
  return a === b;
}
