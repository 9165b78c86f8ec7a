import { type BlockInfo, type EngineDefinition, MemoryBackend } from '@switchyard/core';
import { type ConfigLayer, mergeConfig } from '@switchyard/core/config';
import { type ContainerOptions, createContainer, engineModule, resolve } from '@switchyard/core/container';
import { BlockClock } from './block-clock.ts';
import { TestChain } from './test-chain.ts';

/** What a test chain is to be like. */
export interface TestChainOptions
  extends Pick<ContainerOptions, 'modules' | 'hooks' | 'events' | 'precompiles' | 'ports'> {
  /** Engines by their definitions, such as `tbpfEngine`; `modules` takes container modules, as `loadPlugins` gives them. */
  readonly engines?: readonly EngineDefinition[];
  /** What a `switchyard.config` file would say. No file and no environment variable is read. */
  readonly config?: ConfigLayer;
  /** The first block; by default height 0 at time 0. */
  readonly block?: Partial<BlockInfo>;
  /** By how much a block is later than the one before. Default 1. */
  readonly secondsPerBlock?: bigint | number;
  /** Native balances of accounts, by name. */
  readonly accounts?: Readonly<Record<string, bigint>>;
}

/**
 * A chain in memory, for one test.
 * @example
 * const chain = createTestChain({ engines: [tbpfEngine], accounts: { alice: 1_000n } });
 * const counter = chain.deploy('counter.so');
 * const { gasUsed } = counter.call(0, { args: [u64(5)], sender: chain.account('alice') });
 * @throws VmError CONFIG_INVALID, and what an engine says of its options.
 */
export function createTestChain(options: TestChainOptions = {}): TestChain {
  const { engines = [], modules = [], hooks, events, precompiles, ports } = options;
  const config = mergeConfig({ source: 'createTestChain', value: options.config ?? {} });
  const backend = new MemoryBackend();
  const container = createContainer({
    config,
    backend,
    modules: [...engines.map(engineModule), ...modules],
    ...(hooks === undefined ? {} : { hooks }),
    ...(events === undefined ? {} : { events }),
    ...(precompiles === undefined ? {} : { precompiles }),
    ...(ports === undefined ? {} : { ports }),
  });
  const chain = new TestChain({
    backend,
    state: resolve(container, 'State'),
    factory: resolve(container, 'VmFactory'),
    environment: resolve(container, 'Environment'),
    clock: new BlockClock({ ...config.block, ...options.block }, BigInt(options.secondsPerBlock ?? 1)),
  });
  for (const [name, funds] of Object.entries(options.accounts ?? {})) chain.account(name, funds);
  return chain;
}
