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
  type ModuleCache,
  type TypedValue,
  VmError,
  VmFactory,
} from '@switchyard/core';
import { Context } from './context.ts';
import { Environment, type OpaqueType } from './environment.ts';
import type { Type } from './type.ts';
import { ValueCell } from './value-cell.ts';

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

  constructor(options: EnvironmentOptions) {
    this.#options = options;
  }

  /**
   * Registers a type of the host's own, whose values are `bytes` bytes that only the host understands. They are data: a contract in an
   * ELF file can make up any, so check what comes back. `allowAsInput`: may be a parameter of a call from outside, which an engine must
   * also have a form for.
   * @throws VmError HOST_FUNCTION_INVALID when the name is registered.
   */
  registerOpaque(name: string, allowAsInput: boolean, bytes = 32): Type {
    if (this.#opaqueTypes.has(name) || !/^[A-Za-z_]\w*$/.test(name)) {
      throw new VmError(
        'HOST_FUNCTION_INVALID',
        `opaque type ${name} is registered twice, or its name is no identifier.`,
      );
    }
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
   * The environment, with every engine that is on made ready.
   * @throws VmError HOST_FUNCTION_INVALID for a function that an engine cannot offer; ENGINE_OPTION_UNKNOWN, ENGINE_OPTION_INVALID.
   */
  build(): Environment {
    const { engines, config, maxGas = DEFAULT_CONFIG.gas.maxLimit, moduleCache } = this.#options;
    const functions = this.hostFunctions();
    const ports = new HostPorts(this.#options.ports).set(HOST_FUNCTIONS, functions);
    const services = createEngineServices({ ports, ...(moduleCache === undefined ? {} : { moduleCache }) });
    const factory = new VmFactory(engines, config, services);
    const environment = new Environment({
      factory,
      functions,
      opaqueTypes: new Map(this.#opaqueTypes),
      maxGas,
      contexts: this.#contexts,
    });
    for (const { type } of environment.engines) factory.engine(type);
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
          return onCall(instance, call.parameters.map(ValueCell.from), context)?.value;
        });
      },
    });
    return this;
  }
}

/** What a function's type is called in its name: `Account`, `u64`, `array`. */
function typeName(type: Type): string {
  return type.kind === 'opaque' ? describeType(type) : type.kind;
}
