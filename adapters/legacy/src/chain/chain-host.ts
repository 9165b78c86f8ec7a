import { blake3 } from '@noble/hashes/blake3.js';
import { concatBytes, type ExecutionContext, type StateAccess } from '@switchyard/core';
import type { Machine } from '../interpreter/machine.ts';
import { Trap } from '../interpreter/trap.ts';

/** A cached slot: what this run read or wrote; null for deleted or absent. */
export type CachedValue = Uint8Array | null;

/** What the chain natives of one run work on. */
export class ChainHost {
  readonly context: ExecutionContext;
  readonly state: StateAccess;
  /** Slots by wire-encoded key in hexadecimal: `store` and `delete` answer from it (spec §7.5). */
  get storage(): Map<string, CachedValue> {
    this.#storage ??= new Map();
    return this.#storage;
  }

  /** MemoryStorage of this run. */
  get memoryStorage(): Map<string, CachedValue> {
    this.#memoryStorage ??= new Map();
    return this.#memoryStorage;
  }

  #storage: Map<string, CachedValue> | undefined;
  #memoryStorage: Map<string, CachedValue> | undefined;
  #random: { xof(length: number): Uint8Array } | undefined;

  constructor(context: ExecutionContext, state: StateAccess) {
    this.context = context;
    this.state = state;
  }

  get contract(): Uint8Array {
    return this.context.contract;
  }

  get isMainnet(): boolean {
    return this.context.block.network === 'mainnet';
  }

  get reportsStorage(): boolean {
    const { events } = this.context;
    return events !== undefined && events.listenerCount('storage') > 0;
  }

  /** The next bytes of the run's random stream: BLAKE3 in extendable output of contract ‖ block hash ‖ transaction hash. */
  random(length: number): Uint8Array {
    const { contract, block, tx } = this.context;
    this.#random ??= blake3.create({}).update(concatBytes(contract, block.hash, tx.hash));
    return this.#random.xof(length);
  }
}

/** The host of a machine that runs in an environment. */
export function chainHostOf(machine: Machine): ChainHost {
  const { host } = machine;
  if (host instanceof ChainHost) return host;
  throw new Trap('host', 'machine', 'NoChain');
}

/** Refuses a change of state in a read-only call. @throws Trap. */
export function requireWritable(host: ChainHost): void {
  if (host.context.isStatic) throw new Trap('host', 'machine', 'StaticViolation');
}
