import { blake3 } from '@noble/hashes/blake3.js';
import { concatBytes, encodeUtf8 } from '@switchyard/core';
import { rangeAt, succeed } from './support.ts';
import { tosHostOf } from './tos-host.ts';
import { admit, type TosSyscall } from './tos-syscall.ts';

const DOMAIN = encodeUtf8('switchyard/tos_random/v1');

/** `tos_random(out, len)`. */
export const tosRandom: TosSyscall = {
  name: 'tos_random',
  summary:
    'BLAKE3 in extendable output of (domain ‖ block hash ‖ transaction hash ‖ contract ‖ number of this call in the run, u64 little-endian); the domain is `switchyard/tos_random/v1`. The same on every node, and known to whoever knows the block: no secret.',
  parameters: ['out', 'len'],
  result: '0',
  price: { base: 100, perByte: 1, register: 2 },
  limits: [{ register: 2, most: 1024, error: 'OutputTooLarge' }],
  errors: [],
  run(machine) {
    const refused = admit(machine, tosRandom);
    if (refused !== undefined) return refused;
    const length = machine.registerNumber(2);
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
