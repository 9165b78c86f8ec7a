import { blake3 } from '@noble/hashes/blake3.js';
import { concatBytes, encodeUtf8 } from '@switchyard/core';
import { charge, checkLength, rangeAt, succeed } from './support.ts';
import type { Syscall } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

const MAX_RANDOM_BYTES = 1024;
const DOMAIN = encodeUtf8('switchyard/tos_random/v1');

/**
 * `tos_random(out, len)`: BLAKE3 XOF of (domain ‖ block hash ‖ tx hash ‖ contract ‖ number of this call in the run, u64
 * little-endian). The same on every node, and known to whoever knows the block: no secret. 100 + len gas.
 */
export const tosRandom: Syscall = {
  name: 'tos_random',
  run(machine) {
    const length = machine.registerNumber(2);
    const refused =
      checkLength(machine, 2, MAX_RANDOM_BYTES, 'OutputTooLarge') ?? charge(machine, 100 + length);
    if (refused !== undefined) return refused;
    const out = rangeAt(machine, 1, length, true);
    if (out === undefined) return machine.memoryFault(1, machine.register(2), true);
    const host = tosHostOf(machine);
    const { block, tx } = host.context;
    const counter = new Uint8Array(8);
    new DataView(counter.buffer).setBigUint64(0, host.randomCalls++, true);
    const seed = concatBytes(DOMAIN, block.hash, tx.hash, host.contract, counter);
    if (length > 0) out.set(blake3(seed, { dkLen: length }));
    return succeed(machine);
  },
};
