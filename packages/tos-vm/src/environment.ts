import {
  type EngineDefinition,
  type ExecutionContext,
  type HostFunctions,
  symbolName,
  type VmFactory,
} from '@switchyard/core';
import type { Context } from './context.ts';
import { tosError } from './errors.ts';

/** An opaque type that a host registered. */
export interface OpaqueType {
  readonly name: string;
  /** Bytes of a value's content. */
  readonly bytes: number;
  /** Whether it may be a parameter of a call from outside. */
  readonly allowAsInput: boolean;
}

/** Engines, and what the host offers to the contracts that run on them. Made by `EnvironmentBuilder`; serves many VMs. */
export class Environment {
  readonly factory: VmFactory;
  readonly functions: HostFunctions;
  readonly opaqueTypes: ReadonlyMap<string, OpaqueType>;
  /** Most gas of a run. */
  readonly maxGas: bigint;
  /** Contexts of running VMs, by what the engine knows of the run. */
  readonly #contexts: WeakMap<ExecutionContext, Context>;

  /** For `EnvironmentBuilder`. */
  constructor(parts: {
    readonly factory: VmFactory;
    readonly functions: HostFunctions;
    readonly opaqueTypes: ReadonlyMap<string, OpaqueType>;
    readonly maxGas: bigint;
    readonly contexts: WeakMap<ExecutionContext, Context>;
  }) {
    this.factory = parts.factory;
    this.functions = parts.functions;
    this.opaqueTypes = parts.opaqueTypes;
    this.maxGas = parts.maxGas;
    this.#contexts = parts.contexts;
  }

  /** True when the host registered a function of that name: `charge`, or with its type `Account_credit`. */
  hasFunction(name: string): boolean {
    return this.functions.list.some((each) => symbolName(each) === name);
  }

  /** Engines that are on. */
  get engines(): readonly EngineDefinition[] {
    const { factory } = this;
    return factory.types.filter((type) => factory.isEnabled(type)).map((type) => factory.definition(type));
  }

  /** For the VM: the context that functions see which this run calls. */
  attach(run: ExecutionContext, context: Context): void {
    this.#contexts.set(run, context);
  }
}

/** For callers in JavaScript. @throws VmError CALL_NOT_READY (NoEnvironment). */
export function checkEnvironment(environment: unknown): void {
  if (environment instanceof Environment) return;
  const found = environment === null ? 'null' : typeof environment;
  throw tosError(
    'CALL_NOT_READY',
    'NoEnvironment',
    `expected what EnvironmentBuilder built, found ${found}.`,
  );
}
