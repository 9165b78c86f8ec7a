import type { Container } from 'inversify';
import type { SwitchyardConfig } from '../config/config.ts';
import type { ExecutionEnvironment } from '../environment/execution-environment.ts';
import type { TransactionObserver } from '../environment/observer.ts';
import type { PrecompileRegistry } from '../environment/precompiles.ts';
import type { VmEventBus } from '../events/event-bus.ts';
import type { EngineDefinition, EngineServices } from '../factory/engine-definition.ts';
import type { VmFactory } from '../factory/vm-factory.ts';
import type { ExecutionHook } from '../hooks/hooks.ts';
import type { JournaledState } from '../state/journaled-state.ts';
import type { StateBackend } from '../state/state-backend.ts';
import type { EngineTools } from '../vm/engine-tools.ts';
import type { VirtualMachine } from '../vm/virtual-machine.ts';
import type { Logger } from './logger.ts';

/** What each token gives. */
export interface TokenTypes {
  Config: SwitchyardConfig;
  Logger: Logger;
  EventBus: VmEventBus;
  StateBackend: StateBackend;
  State: JournaledState;
  /** One binding per engine: `getAll`, or `get` with the engine's type as name. */
  EngineDefinition: EngineDefinition;
  /** By name: the engine's type. */
  EngineTools: EngineTools;
  /** By name: the engine's type. */
  VirtualMachine: VirtualMachine;
  EngineServices: EngineServices;
  Precompiles: PrecompileRegistry;
  Hooks: readonly ExecutionHook[];
  Observers: readonly TransactionObserver[];
  VmFactory: VmFactory;
  Environment: ExecutionEnvironment;
}

type Tokens = { readonly [K in keyof TokenTypes]: symbol };

/** The container's keys. `Symbol.for`, so that a plugin with a core of its own means the same ones. */
export const TOKENS: Tokens = Object.freeze({
  Config: Symbol.for('switchyard.Config'),
  Logger: Symbol.for('switchyard.Logger'),
  EventBus: Symbol.for('switchyard.EventBus'),
  StateBackend: Symbol.for('switchyard.StateBackend'),
  State: Symbol.for('switchyard.State'),
  EngineDefinition: Symbol.for('switchyard.EngineDefinition'),
  EngineTools: Symbol.for('switchyard.EngineTools'),
  VirtualMachine: Symbol.for('switchyard.VirtualMachine'),
  EngineServices: Symbol.for('switchyard.EngineServices'),
  Precompiles: Symbol.for('switchyard.Precompiles'),
  Hooks: Symbol.for('switchyard.Hooks'),
  Observers: Symbol.for('switchyard.Observers'),
  VmFactory: Symbol.for('switchyard.VmFactory'),
  Environment: Symbol.for('switchyard.Environment'),
});

/** `container.get` with the token's own type. */
export function resolve<K extends keyof TokenTypes>(
  container: Container,
  token: K,
  name?: string,
): TokenTypes[K] {
  return name === undefined
    ? container.get<TokenTypes[K]>(TOKENS[token])
    : container.get<TokenTypes[K]>(TOKENS[token], { name });
}
