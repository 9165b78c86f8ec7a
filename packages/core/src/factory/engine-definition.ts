import type { EngineTools } from '../vm/engine-tools.ts';
import type { VirtualMachine, VmType } from '../vm/virtual-machine.ts';
import { HostPorts } from './host-ports.ts';
import { ModuleCache } from './module-cache.ts';

/** What an engine is given at construction. One object for all engines of a factory. */
export interface EngineServices {
  readonly moduleCache: ModuleCache;
  readonly ports: HostPorts;
}

/** Services of a host that offers nothing special. */
export function createEngineServices(partial: Partial<EngineServices> = {}): EngineServices {
  return { moduleCache: partial.moduleCache ?? new ModuleCache(), ports: partial.ports ?? new HostPorts() };
}

/** All that the house knows of an engine: what an adapter's container module binds. */
export interface EngineDefinition {
  readonly type: VmType;
  /** A new engine. @throws VmError ENGINE_OPTION_UNKNOWN, ENGINE_OPTION_INVALID. */
  create(options: unknown, services: EngineServices): VirtualMachine;
  /**
   * True when the code is of this engine's format: by its magic bytes, or (`last`) by decoding it strictly, as an engine of the same
   * services would.
   */
  recognise(code: Uint8Array, services?: EngineServices): boolean;
  /** `magic`: asked first; `last`: asked when no magic fits, because only a full decode can tell. */
  readonly markerPriority: 'magic' | 'last';
  readonly tools: EngineTools;
  /** Options that `create` takes, for messages and for `config show`. */
  readonly optionNames?: readonly string[];
}
