import { inject, injectable, multiInject, optional } from 'inversify';
import type { SwitchyardConfig } from '../config/config.ts';
import { ExecutionEnvironment } from '../environment/execution-environment.ts';
import type { TransactionObserver } from '../environment/observer.ts';
import type { PrecompileRegistry } from '../environment/precompiles.ts';
import type { VmEventBus } from '../events/event-bus.ts';
import type { EngineDefinition, EngineServices } from '../factory/engine-definition.ts';
import { VmFactory } from '../factory/vm-factory.ts';
import type { ExecutionHook } from '../hooks/hooks.ts';
import { JournaledState } from '../state/journaled-state.ts';
import type { StateBackend } from '../state/state-backend.ts';
import { TOKENS } from './tokens.ts';

/*
 * The house's classes with what the container gives their constructors. They live here, not beside the classes, so that nobody who
 * uses those alone loads inversify.
 */

@injectable()
export class InjectedState extends JournaledState {
  constructor(@inject(TOKENS.StateBackend) backend: StateBackend) {
    super(backend);
  }
}

@injectable()
export class InjectedFactory extends VmFactory {
  constructor(
    @multiInject(TOKENS.EngineDefinition) @optional() definitions: EngineDefinition[] | undefined,
    @inject(TOKENS.Config) config: SwitchyardConfig,
    @inject(TOKENS.EngineServices) services: EngineServices,
  ) {
    super(definitions ?? [], config, services);
  }
}

@injectable()
export class InjectedEnvironment extends ExecutionEnvironment {
  constructor(
    @inject(TOKENS.State) state: JournaledState,
    @inject(TOKENS.VmFactory) factory: VmFactory,
    @inject(TOKENS.Config) config: SwitchyardConfig,
    @inject(TOKENS.EventBus) events: VmEventBus,
    @inject(TOKENS.Hooks) hooks: readonly ExecutionHook[],
    @inject(TOKENS.Precompiles) precompiles: PrecompileRegistry,
    @inject(TOKENS.Observers) observers: readonly TransactionObserver[],
  ) {
    super({ state, factory, config, events, hooks, precompiles, observers });
  }
}
