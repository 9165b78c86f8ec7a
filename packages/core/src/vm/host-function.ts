import { VmError } from '../errors/vm-error.ts';
import { definePort, type PortKey } from '../factory/host-ports.ts';
import type { StateAccess } from '../state/state-access.ts';
import { misfit } from '../values/conform.ts';
import { typeFault } from '../values/type-fault.ts';
import type { TypedValue } from '../values/typed-value.ts';
import type { ValueType } from '../values/value-type.ts';
import type { ExecutionContext } from './execution-context.ts';
import type { VmType } from './virtual-machine.ts';

/** What a host function is called with. Valid during the call only. */
export interface HostFunctionCall {
  /** The value that a method is called on; undefined for a function without receiver. A copy: it cannot be replaced. */
  readonly receiver: TypedValue | undefined;
  /** In declared order, of the declared types. */
  readonly parameters: readonly TypedValue[];
  readonly context: ExecutionContext;
  readonly state: StateAccess;
  /** Takes gas on top of the function's own, before the work that it pays for. @throws VmError OUT_OF_GAS; let it pass. VALUE_INVALID. */
  charge(gas: bigint): void;
  /** Adds a line to the run's log. */
  log(message: string): void;
}

/**
 * A function that a host offers to contracts of every engine. Synchronous, and deterministic: it may depend on nothing but its call.
 * It refuses by throwing a VmError whose code is a contract's (number below 100): the contract's run fails with it. Anything else that
 * it throws is the host's fault and leaves `execute`.
 */
export interface HostFunction {
  /** Name of the type that it belongs to, such as `Account`; with `name` it is unique. */
  readonly type?: string;
  readonly name: string;
  /** Type of the value that it is a method of. */
  readonly receiver?: ValueType;
  readonly parameters: readonly ValueType[];
  /** Type of the result; absent for none. */
  readonly returns?: ValueType;
  /** Charged before it acts; at most 2^53 − 1. */
  readonly gas: bigint;
  /** True when it may change state: a read-only call then fails with STATIC_VIOLATION before it acts. */
  readonly mutates?: boolean;
  /** The only engines that offer it; absent for all. An engine that cannot pass its parameters refuses it otherwise. */
  readonly engines?: readonly VmType[];
  run(call: HostFunctionCall): TypedValue | undefined;
}

const IDENTIFIER = /^[A-Za-z_]\w{0,99}$/;
const MAX_PARAMETERS = 255;
let tables = 0;

/** The functions of a host in order of registration, which is the order of their ids. Immutable. */
export class HostFunctions {
  readonly list: readonly HostFunction[];
  /** Differs for every table: what an engine keys its compiled modules by besides its options. */
  readonly key: string;

  /** @throws VmError HOST_FUNCTION_INVALID naming the function and what is wrong with it. */
  constructor(functions: Iterable<HostFunction>) {
    this.list = Object.freeze([...functions]);
    this.key = `host-functions-${++tables}`;
    const names = new Set<string>();
    for (const each of this.list) {
      checkHostFunction(each);
      const name = symbolName(each);
      if (names.has(name)) throw hostFunctionError(each, 'is registered twice');
      names.add(name);
    }
  }

  /** Those that an engine offers, in order. */
  for(engine: VmType): readonly HostFunction[] {
    return this.list.filter(({ engines }) => engines === undefined || engines.includes(engine));
  }
}

/** By which a host hands its functions to engines. An engine looks for it once, when it is made. */
export const HOST_FUNCTIONS: PortKey<HostFunctions> = definePort<HostFunctions>('host-functions');

/** How people and stack machines name a function: `Account.rename`. */
export function displayName({ type, name }: HostFunction): string {
  return type === undefined ? name : `${type}.${name}`;
}

/** How a linker names it: `Account_rename`. */
export function symbolName({ type, name }: HostFunction): string {
  return type === undefined ? name : `${type}_${name}`;
}

/** Why a function cannot be offered. */
export function hostFunctionError(of: HostFunction, what: string, hint?: string): VmError {
  return new VmError(
    'HOST_FUNCTION_INVALID',
    `host function ${displayName(of)} ${what}.`,
    hint === undefined ? {} : { hint },
  );
}

/**
 * Calls a function by the one rule for what it throws. @returns its result, of the declared type (undefined where none is declared), or
 * the contract's error.
 * @throws what the function threw when that is the host's fault; VmError HOST_FUNCTION_INVALID when its result is of another type.
 */
export function callHostFunction(of: HostFunction, call: HostFunctionCall): TypedValue | undefined | VmError {
  let result: TypedValue | undefined;
  try {
    result = of.run(call);
  } catch (thrown) {
    if (thrown instanceof VmError && thrown.number < 100) return thrown;
    throw thrown;
  }
  const { returns } = of;
  if (returns === undefined) {
    if (result !== undefined) throw hostFunctionError(of, 'returned a value though it declares none');
    return undefined;
  }
  const wrong = result === undefined ? 'nothing' : misfit(result, returns);
  if (wrong !== undefined) throw hostFunctionError(of, `returned a wrong value: ${wrong}`);
  return result;
}

function checkHostFunction(of: HostFunction): void {
  if (!isIdentifier(of.name) || (of.type !== undefined && !isIdentifier(of.type))) {
    throw hostFunctionError(of, 'has a name that is no identifier of letters, digits and _');
  }
  if (typeof of.gas !== 'bigint' || of.gas < 0n || of.gas > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw hostFunctionError(of, `costs ${String(of.gas)}; expected a bigint from 0 to 2^53 − 1`);
  }
  if (typeof of.run !== 'function') throw hostFunctionError(of, 'has no body; expected a function');
  if (of.mutates !== undefined && typeof of.mutates !== 'boolean') {
    throw hostFunctionError(of, 'has a `mutates` that is neither true nor false');
  }
  if (of.engines !== undefined && !isListOfText(of.engines)) {
    throw hostFunctionError(of, 'has `engines` that are no list of names');
  }
  if (!Array.isArray(of.parameters)) throw hostFunctionError(of, 'has no list of parameters');
  if (of.parameters.length > MAX_PARAMETERS) {
    throw hostFunctionError(
      of,
      `has ${of.parameters.length} parameters; at most ${MAX_PARAMETERS} can be passed`,
    );
  }
  for (const [place, type] of typesOf(of)) {
    const fault = typeFault(type);
    if (fault !== undefined) throw hostFunctionError(of, `cannot be declared: ${place}: ${fault}`);
  }
}

function typesOf({ receiver, parameters, returns }: HostFunction): readonly (readonly [string, ValueType])[] {
  return [
    ...(receiver === undefined ? [] : [['receiver', receiver] as const]),
    ...parameters.map((type, index) => [`parameter ${index}`, type] as const),
    ...(returns === undefined ? [] : [['result', returns] as const]),
  ];
}

const isIdentifier = (name: unknown): boolean => typeof name === 'string' && IDENTIFIER.test(name);

const isListOfText = (list: unknown): boolean =>
  Array.isArray(list) && list.every((each) => typeof each === 'string');

/** Checks what a host function charges. For engines. @throws VmError VALUE_INVALID, the host's fault. */
export function checkCharge(gas: bigint): void {
  if (typeof gas === 'bigint' && gas >= 0n) return;
  const native = { name: 'InvalidValue', detail: 'InvalidValue' };
  throw new VmError(
    'VALUE_INVALID',
    `a host function charged ${String(gas)} gas; expected a bigint of at least 0.`,
    { native },
  );
}
