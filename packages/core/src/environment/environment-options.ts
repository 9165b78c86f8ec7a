import {
  DEFAULT_CONFIG,
  type DeployConfig,
  type GasConfig,
  HIGHEST_CALL_DEPTH,
  type LimitsConfig,
  type ReentrancyConfig,
} from '../config/config.ts';
import { VmError } from '../errors/vm-error.ts';
import type { VmEventBus } from '../events/event-bus.ts';
import type { VmFactory } from '../factory/vm-factory.ts';
import type { ExecutionHook } from '../hooks/hooks.ts';
import { byteKey } from '../state/byte-key.ts';
import type { JournaledState } from '../state/journaled-state.ts';
import type { BlockInfo } from '../vm/execution-context.ts';
import type { TransactionObserver } from './observer.ts';
import { PrecompileRegistry } from './precompiles.ts';

/** The part of the configuration that the environment reads; what is absent takes the defaults. */
export interface EnvironmentConfig {
  readonly limits?: Partial<LimitsConfig>;
  readonly gas?: Partial<GasConfig>;
  readonly contracts?: { readonly reentrancy?: Partial<ReentrancyConfig> };
  readonly deploy?: Partial<DeployConfig>;
  readonly block?: Partial<BlockInfo>;
}

/** What an environment is made of. */
export interface EnvironmentOptions {
  readonly state: JournaledState;
  readonly factory: VmFactory;
  readonly config?: EnvironmentConfig;
  readonly events?: VmEventBus | undefined;
  readonly hooks?: readonly ExecutionHook[];
  readonly precompiles?: PrecompileRegistry;
  /** Told of every written transaction, in order. */
  readonly observers?: readonly TransactionObserver[];
}

/** The options with every default in place, as the environment's parts share them. */
export interface EnvironmentParts {
  readonly state: JournaledState;
  readonly factory: VmFactory;
  readonly events: VmEventBus | undefined;
  readonly hooks: readonly ExecutionHook[];
  readonly precompiles: PrecompileRegistry;
  readonly observers: readonly TransactionObserver[];
  readonly limits: LimitsConfig;
  readonly gas: GasConfig;
  readonly deploy: DeployConfig;
  readonly block: Partial<BlockInfo>;
  readonly reentrancy: ReentrancyConfig;
  /** `byteKey`s of the contracts that may be re-entered. */
  readonly reentrant: ReadonlySet<string>;
}

/** Fills in the defaults. */
export function environmentParts(options: EnvironmentOptions): EnvironmentParts {
  const config = options.config ?? {};
  const limits = { ...DEFAULT_CONFIG.limits, ...config.limits };
  if (limits.maxCallDepth > HIGHEST_CALL_DEPTH) {
    throw new VmError(
      'CONFIG_INVALID',
      `limits.maxCallDepth: at most ${HIGHEST_CALL_DEPTH}, found ${limits.maxCallDepth}.`,
    );
  }
  const reentrancy = { ...DEFAULT_CONFIG.contracts.reentrancy, ...config.contracts?.reentrancy };
  return {
    state: options.state,
    factory: options.factory,
    events: options.events,
    hooks: options.hooks ?? [],
    precompiles: options.precompiles ?? new PrecompileRegistry(),
    observers: options.observers ?? [],
    limits,
    gas: { ...DEFAULT_CONFIG.gas, ...config.gas },
    deploy: { ...DEFAULT_CONFIG.deploy, ...config.deploy },
    block: config.block ?? {},
    reentrancy,
    reentrant: new Set(reentrancy.allow.map(byteKey)),
  };
}
