import {
  createEngineServices,
  DEFAULT_CONFIG,
  describeType,
  type EngineDefinition,
  type ExecutionContext,
  type FactoryConfig,
  HOST_FUNCTIONS,
  type HostFunction,
  HostFunctions,
  HostPorts,
  hostFunctionError,
  innerTypes,
  MAX_U64,
  type ModuleCache,
  type TypedValue,
  typeFault,
  VmError,
  VmFactory,
} from '@switchyard/core';
import { Context } from './context.ts';
import { Environment, type OpaqueType } from './environment.ts';
import type { Type } from './type.ts';
import { ValueCell, valueOfCell } from './value-cell.ts';

/** What an environment is made of. */
export interface EnvironmentOptions {
  /** The engines that modules may run on. */
  readonly engines: Iterable<EngineDefinition>;
  /** How an engine is chosen, and with which options; by default by the code's format. */
  readonly config?: FactoryConfig;
  /** Most gas of a run, whatever a VM's context says; by default 1,400,000. */
  readonly maxGas?: bigint;
  /** What else the host offers to engines. */
  readonly ports?: HostPorts;
  /** Shared with other environments; by default one of its own. */
  readonly moduleCache?: ModuleCache;
}

/** The body of a registered function: gets the receiver (undefined for a function without), the parameters and the context. */
export type OnCall = (
  instance: ValueCell | undefined,
  parameters: readonly ValueCell[],
  context: Context,
) => ValueCell | undefined;

/** A parameter's name, for the reader, and its type. */
export type Parameter = readonly [name: string, type: Type];

/** What a function may say besides its signature. */
export type FunctionOptions = Pick<HostFunction, 'mutates' | 'engines'>;

/** Collects what a host offers to contracts, then builds the environment. Functions get their ids in order of registration. */
export class EnvironmentBuilder {
  readonly #options: EnvironmentOptions;
  readonly #functions: HostFunction[] = [];
  readonly #opaqueTypes = new Map<string, OpaqueType>();
  readonly #contexts = new WeakMap<ExecutionContext, Context>();
  #isBuilt = false;

  constructor(options: EnvironmentOptions) {
    this.#options = options;
  }

  /**
   * Registers a type of the host's own, whose values are `bytes` bytes that only the host understands. They are data: a contract in an
   * ELF file can make up any, so check what comes back. `allowAsInput`: may be a parameter of a call from outside, which an engine must
   * also have a form for.
   * @throws VmError HOST_FUNCTION_INVALID when the name is registered or no identifier, or the size is no whole number of bytes.
   */
  registerOpaque(name: string, allowAsInput: boolean, bytes = 32): Type {
    this.#checkOpen(`opaque type ${name}`);
    const fault = this.#faultOfOpaque(name, allowAsInput, bytes);
    if (fault !== undefined) throw declarationError(`opaque type ${name}`, fault);
    this.#opaqueTypes.set(name, Object.freeze({ name, allowAsInput, bytes }));
    return { kind: 'opaque', name, bytes };
  }

  /**
   * Registers a global function (`forType` null), or a method on values of a type. Legacy modules call it by the id behind the node's
   * natives, ELF files by its name, after the type's name and `_` for a method.
   */
  registerNativeFunction(
    name: string,
    forType: Type | null,
    parameters: readonly Parameter[],
    onCall: OnCall,
    cost: bigint,
    returnType?: Type | null,
    options: FunctionOptions = {},
  ): this {
    return this.#register(name, forType, forType, parameters, onCall, cost, returnType, options);
  }

  /** Registers a function that belongs to a type and has no receiver. */
  registerStaticFunction(
    name: string,
    forType: Type,
    parameters: readonly Parameter[],
    onCall: OnCall,
    cost: bigint,
    returnType?: Type | null,
    options: FunctionOptions = {},
  ): this {
    return this.#register(name, forType, null, parameters, onCall, cost, returnType, options);
  }

  /** The functions registered so far, for a composition root that hands them to a container: `new HostPorts().set(HOST_FUNCTIONS, …)`. */
  hostFunctions(): HostFunctions {
    return new HostFunctions(this.#functions);
  }

  /**
   * The environment, with every engine that is on made ready. Nothing can be registered afterwards.
   * @throws VmError HOST_FUNCTION_INVALID for a function that an engine cannot offer, or that is for an engine which is not there;
   * CONFIG_INVALID for other options than the declared ones; ENGINE_OPTION_UNKNOWN, ENGINE_OPTION_INVALID.
   */
  build(): Environment {
    checkOptions(this.#options);
    const { engines, config, maxGas = DEFAULT_CONFIG.gas.maxLimit, moduleCache } = this.#options;
    const functions = this.hostFunctions();
    const ports = new HostPorts(this.#options.ports).set(HOST_FUNCTIONS, functions);
    const services = createEngineServices({ ports, ...(moduleCache === undefined ? {} : { moduleCache }) });
    const factory = new VmFactory(engines, config, services);
    for (const of of functions.list) checkEngines(of, factory.types);
    const environment = new Environment({
      factory,
      functions,
      opaqueTypes: new Map(this.#opaqueTypes),
      maxGas,
      contexts: this.#contexts,
    });
    for (const { type } of environment.engines) factory.engine(type);
    this.#isBuilt = true;
    return environment;
  }

  #register(
    name: string,
    forType: Type | null,
    receiver: Type | null,
    parameters: readonly Parameter[],
    onCall: OnCall,
    cost: bigint,
    returnType: Type | null | undefined,
    options: FunctionOptions,
  ): this {
    this.#checkOpen(`host function ${String(name)}`);
    const fault = this.#faultOf(forType, parameters, onCall, returnType);
    if (fault !== undefined) throw declarationError(`host function ${String(name)}`, fault);
    this.#functions.push({
      ...options,
      ...(forType === null ? {} : { type: typeName(forType) }),
      name,
      ...(receiver === null ? {} : { receiver }),
      parameters: parameters.map(([, type]) => type),
      ...(returnType === null || returnType === undefined ? {} : { returns: returnType }),
      gas: cost,
      run: (call): TypedValue | undefined => {
        // A run that no VM started has no context of its own: an execution environment's.
        const context = this.#contexts.get(call.context) ?? new Context();
        return context.during(call, () => {
          const instance = call.receiver === undefined ? undefined : ValueCell.from(call.receiver);
          const result = onCall(instance, call.parameters.map(ValueCell.from), context);
          return result === undefined ? undefined : valueOfCell(result);
        });
      },
    });
    return this;
  }

  #checkOpen(what: string): void {
    if (!this.#isBuilt) return;
    throw declarationError(what, 'is registered after build, so no environment would have it');
  }

  #faultOfOpaque(name: unknown, allowAsInput: unknown, bytes: number): string | undefined {
    if (typeof name !== 'string' || !/^[A-Za-z_]\w*$/.test(name)) return 'has a name that is no identifier';
    if (this.#opaqueTypes.has(name)) return 'is registered twice';
    if (typeof allowAsInput !== 'boolean') return 'says neither true nor false for allowAsInput';
    return Number.isSafeInteger(bytes) && bytes > 0
      ? undefined
      : `has ${String(bytes)} bytes; expected a whole number from 1`;
  }

  /** What is wrong with a declaration, which JavaScript does not check. What core says of it besides is said at `build`. */
  #faultOf(forType: unknown, parameters: unknown, onCall: unknown, returnType: unknown): string | undefined {
    if (typeof onCall !== 'function') return 'has no body; expected a function';
    if (!Array.isArray(parameters) || !parameters.every(isParameter)) {
      return 'has parameters that are no list of pairs, each a name and a type';
    }
    const declared: readonly (readonly [place: string, type: unknown])[] = [
      ...(forType === null ? [] : [['forType', forType] as const]),
      ...parameters.map(([name, type]) => [`parameter ${name}`, type] as const),
      ...(returnType === null || returnType === undefined ? [] : [['returnType', returnType] as const]),
    ];
    for (const [place, type] of declared) {
      const fault = typeFault(type) ?? this.#faultOfSize(type as Type);
      if (fault !== undefined) return `cannot be declared: ${place}: ${fault}`;
    }
    return undefined;
  }

  /** A type that bears a registered name has to be the registered one. */
  #faultOfSize(type: Type): string | undefined {
    if (type.kind === 'opaque') {
      const registered = this.#opaqueTypes.get(type.name)?.bytes ?? type.bytes;
      return registered === type.bytes
        ? undefined
        : `${type.name} has ${registered} bytes, not ${type.bytes}`;
    }
    for (const inner of innerTypes(type)) {
      const fault = this.#faultOfSize(inner);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}

function isParameter(parameter: unknown): parameter is Parameter {
  return Array.isArray(parameter) && parameter.length === 2 && typeof parameter[0] === 'string';
}

function declarationError(what: string, fault: string): VmError {
  return new VmError('HOST_FUNCTION_INVALID', `${what} ${fault}.`);
}

/** A name that no engine of the environment has is a typing error: the function would be offered to nobody. */
function checkEngines(of: HostFunction, types: readonly string[]): void {
  const unknown = of.engines?.find((name) => !types.includes(name));
  if (unknown === undefined) return;
  throw hostFunctionError(
    of,
    `is for engine "${unknown}", which is not there; engines: ${types.join(', ') || 'none'}`,
  );
}

function checkOptions(options: EnvironmentOptions): void {
  const { engines, maxGas = 0n } = options ?? {};
  if (typeof engines?.[Symbol.iterator] !== 'function') {
    throw new VmError('CONFIG_INVALID', 'engines: expected a list of engines.');
  }
  if (typeof maxGas !== 'bigint' || maxGas < 0n || maxGas > MAX_U64) {
    throw new VmError('CONFIG_INVALID', `maxGas: ${String(maxGas)} is not a u64.`);
  }
}

/** What a function's type is called in its name: `Account`, `u64`, `array`. */
function typeName(type: Type): string {
  return type.kind === 'opaque' ? describeType(type) : type.kind;
}
