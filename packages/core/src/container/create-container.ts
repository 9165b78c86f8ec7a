import 'reflect-metadata';
import { Container, type ContainerModule } from 'inversify';
import { DEFAULT_CONFIG, type SwitchyardConfig } from '../config/config.ts';
import type { TransactionObserver } from '../environment/observer.ts';
import { PrecompileRegistry } from '../environment/precompiles.ts';
import { VmEventBus } from '../events/event-bus.ts';
import { createEngineServices } from '../factory/engine-definition.ts';
import { HostPorts } from '../factory/host-ports.ts';
import { ModuleCache } from '../factory/module-cache.ts';
import type { ExecutionHook } from '../hooks/hooks.ts';
import { MemoryBackend } from '../state/memory-backend.ts';
import type { StateBackend } from '../state/state-backend.ts';
import { InjectedEnvironment, InjectedFactory, InjectedState } from './injected.ts';
import { type Logger, silentLogger } from './logger.ts';
import { TOKENS } from './tokens.ts';

/** What a composition root gives; everything has a default. */
export interface ContainerOptions {
  readonly config?: SwitchyardConfig;
  /** One per engine, from the adapters and from `loadPlugins`. */
  readonly modules?: readonly ContainerModule[];
  /** By default a new MemoryBackend. */
  readonly backend?: StateBackend;
  readonly logger?: Logger;
  readonly hooks?: readonly ExecutionHook[];
  readonly events?: VmEventBus;
  readonly precompiles?: PrecompileRegistry;
  /** Told of every written transaction. */
  readonly observers?: readonly TransactionObserver[];
  /** What the host offers to engines. */
  readonly ports?: HostPorts;
}

/**
 * Binds the house together: see TOKENS. For composition roots only (cli, estimator, migration, tests).
 * @example
 * const container = createContainer({ config, modules: [tbpf.containerModule], backend });
 * const environment = resolve(container, 'Environment');
 */
export function createContainer(options: ContainerOptions = {}): Container {
  const config = options.config ?? DEFAULT_CONFIG;
  const container = new Container({ defaultScope: 'Singleton' });
  const services = createEngineServices({
    moduleCache: new ModuleCache(config.moduleCacheBytes),
    ports: options.ports ?? new HostPorts(),
  });
  container.bind(TOKENS.Config).toConstantValue(config);
  container.bind(TOKENS.Logger).toConstantValue(options.logger ?? silentLogger);
  container.bind(TOKENS.EventBus).toConstantValue(options.events ?? new VmEventBus());
  container.bind(TOKENS.StateBackend).toConstantValue(options.backend ?? new MemoryBackend());
  container.bind(TOKENS.EngineServices).toConstantValue(services);
  container.bind(TOKENS.Hooks).toConstantValue(options.hooks ?? []);
  container.bind(TOKENS.Precompiles).toConstantValue(options.precompiles ?? new PrecompileRegistry());
  container.bind(TOKENS.Observers).toConstantValue(options.observers ?? []);
  container.bind(TOKENS.State).to(InjectedState);
  container.bind(TOKENS.VmFactory).to(InjectedFactory);
  container.bind(TOKENS.Environment).to(InjectedEnvironment);
  if (options.modules !== undefined) container.load(...options.modules);
  return container;
}
