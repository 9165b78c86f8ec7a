import { type BlockInfo, VmError } from '@switchyard/core';
import { derive } from './accounts.ts';

/** What a chain always knows of its block. */
export type ChainBlock = Readonly<
  Partial<BlockInfo> & Pick<BlockInfo, 'height' | 'topoheight' | 'timestamp'>
>;

/** The block that calls run in. It changes only when it is told to: nothing here reads a clock. */
export class BlockClock {
  readonly #secondsPerBlock: bigint;
  #block: ChainBlock;

  constructor(start: Partial<BlockInfo>, secondsPerBlock: bigint) {
    if (secondsPerBlock < 0n) {
      throw new VmError('INVALID_ARGUMENT', `secondsPerBlock: expected 0 or more, found ${secondsPerBlock}.`);
    }
    const height = start.height ?? 0n;
    this.#secondsPerBlock = secondsPerBlock;
    this.#block = { ...chanceOf(height), timestamp: 0n, topoheight: height, ...start, height };
  }

  get block(): ChainBlock {
    return this.#block;
  }

  /** Goes on by so many blocks, each with a hash and a time of its own. */
  mine(blocks: bigint): void {
    if (blocks < 1n) throw new VmError('INVALID_ARGUMENT', `mine: expected 1 or more, found ${blocks}.`);
    const { height, topoheight, timestamp } = this.#block;
    this.#block = {
      ...this.#block,
      ...chanceOf(height + blocks),
      height: height + blocks,
      topoheight: topoheight + blocks,
      timestamp: timestamp + blocks * this.#secondsPerBlock,
    };
  }

  /** Lets time pass inside the block. */
  advance(seconds: bigint): void {
    if (seconds < 0n) {
      throw new VmError('INVALID_ARGUMENT', `advanceTime: expected 0 or more, found ${seconds}.`);
    }
    this.#block = { ...this.#block, timestamp: this.#block.timestamp + seconds };
  }

  /** Replaces fields. A height without a topoheight is both; it brings the hash and the randomness of its block. */
  set(fields: Partial<BlockInfo>): void {
    const { height } = fields;
    const implied = height === undefined ? {} : { ...chanceOf(height), topoheight: height };
    this.#block = { ...this.#block, ...implied, ...fields };
  }

  /** Goes back to a block that it was at. */
  restore(block: ChainBlock): void {
    this.#block = block;
  }
}

function chanceOf(height: bigint): Pick<BlockInfo, 'hash' | 'prevRandao'> {
  return { hash: derive(`block ${height}`), prevRandao: derive(`randomness of block ${height}`) };
}
