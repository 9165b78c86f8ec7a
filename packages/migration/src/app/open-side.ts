import {
  DEFAULT_CONFIG,
  type EngineTools,
  MAX_U64,
  MemoryBackend,
  type SwitchyardConfig,
  type VmFactory,
  type VmVersion,
} from '@switchyard/core';
import { type ContainerOptions, createContainer, resolve } from '@switchyard/core/container';
import { compileMapping } from '../mapping/compile-mapping.ts';
import { type PerSide, SIDES, type SideName } from '../mapping/mapping.ts';
import { noCounts, type SideCounts } from '../observe/observe.ts';
import { Side, type SideBackend } from '../sides/side.ts';
import type { SideSpec, Suite } from '../suite/suite.ts';

/** Engines, as container modules. */
export type EngineModules = NonNullable<ContainerOptions['modules']>;

/** What the host gives to a side. */
export interface OpenSideOptions {
  readonly modules: EngineModules;
  /** By default a new store in memory. */
  readonly backend?: SideBackend;
  /** Counts to go on from. */
  readonly seen?: SideCounts;
  /** Configuration that the suite does not decide; engines' options of the suite come over it. */
  readonly config?: SwitchyardConfig;
}

/**
 * One side of a suite with a container and a state of its own. Call `begin` before the first call, unless the store is already past it.
 * @throws VmError SUITE_INVALID, CODE_FORMAT_UNKNOWN, ENGINE_UNKNOWN, UNSUPPORTED, ENGINE_OPTION_*.
 */
export function openSide(suite: Suite, name: SideName, options: OpenSideOptions): Side {
  const backend = options.backend ?? new MemoryBackend();
  const plain = options.config ?? DEFAULT_CONFIG;
  const spec = suite.sides[name];
  const chooser = resolve(createContainer({ config: plain, modules: options.modules }), 'VmFactory');
  const chosen: PerSide<string> = {
    old: engineOf(chooser, suite.sides.old, suite),
    new: engineOf(chooser, suite.sides.new, suite),
  };
  const engine = chosen[name];
  const container = createContainer({
    config: sideConfig(plain, engine, spec, suite),
    modules: options.modules,
    backend,
  });
  const factory = resolve(container, 'VmFactory');
  const network = suite.start.block.network ?? 'devnet';
  const toolsOf = (side: SideName): EngineTools => factory.definition(chosen[side]).tools;
  const [old, fresh] = SIDES.map((side) => ({ calls: toolsOf(side).calls, network }));
  const oldCalls = toolsOf('old').calls;
  const mapping = compileMapping(suite.mapping, { old: old!, new: fresh! });
  return new Side({
    name,
    suite,
    mapping,
    environment: resolve(container, 'Environment'),
    backend,
    tools: toolsOf(name),
    seen: options.seen ?? noCounts(),
    engine,
    engineVersion: versionText(factory.engine(engine).version),
    form: { cells: toolsOf(name).calls?.cells, network },
    // compileMapping has refused engines without.
    oldCalls: oldCalls!,
    oldForm: { cells: oldCalls?.cells, network },
  });
}

function versionText({ major, minor, patch }: VmVersion): string {
  return `${major}.${minor}.${patch}`;
}

function engineOf(factory: VmFactory, { code, engine }: SideSpec, { start }: Suite): string {
  return factory.select({
    address: start.contract,
    code,
    blockHeight: start.block.height ?? 0n,
    ...(engine === undefined ? {} : { engine }),
  }).type;
}

function sideConfig(
  config: SwitchyardConfig,
  engine: string,
  { options }: SideSpec,
  { gas }: Suite,
): SwitchyardConfig {
  const own = config.engines[engine];
  return {
    ...config,
    engines: {
      ...config.engines,
      [engine]: { enabled: true, options: { ...own?.options, ...options } },
    },
    gas: { ...config.gas, price: 0n, defaultLimit: gas.limit, maxLimit: MAX_U64 },
  };
}
