import { entryToChange, MemoryBackend, type StateChange } from '@switchyard/core';
import type { ChainBlock } from './block-clock.ts';

/** A moment of a chain: everything in its state, its block, how many transactions it has seen. Made by `TestChain.snapshot`. */
export class ChainSnapshot {
  readonly #contents: readonly StateChange[];
  /** The block of that moment. */
  readonly block: ChainBlock;
  /** Transactions until then. */
  readonly transactions: number;

  constructor(backend: MemoryBackend, block: ChainBlock, transactions: number) {
    // The store never writes into an array that it holds, so the entries may share theirs with it.
    this.#contents = [...backend.entries()].map(entryToChange);
    this.block = block;
    this.transactions = transactions;
  }

  /** Puts the contents of that moment into a store, in place of its own. */
  restore(backend: MemoryBackend): void {
    const fresh = new MemoryBackend();
    fresh.commit(this.#contents);
    backend.swap(fresh);
  }
}
