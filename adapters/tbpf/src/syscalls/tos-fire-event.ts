import { charge, checkLength, checkWritable, HASH_BYTES, isFault, readRange, succeed } from './support.ts';
import type { Syscall } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/** Longest event data in bytes. */
const MAX_EVENT_BYTES = 4096;

/** `tos_fire_event(id, data, len)`: one topic, 24 zero bytes and the id big-endian. 500 + 2 · len gas. */
export const tosFireEvent: Syscall = {
  name: 'tos_fire_event',
  run(machine) {
    const tooLarge = checkLength(machine, 3, MAX_EVENT_BYTES, 'EventTooLarge');
    if (tooLarge !== undefined) return tooLarge;
    const refused = charge(machine, 500 + 2 * machine.registerNumber(3));
    if (refused !== undefined) return refused;
    const data = readRange(machine, 2, 3);
    if (isFault(data)) return data;
    const host = tosHostOf(machine);
    const readOnly = checkWritable(host);
    if (readOnly !== undefined) return readOnly;
    const topic = new Uint8Array(HASH_BYTES);
    new DataView(topic.buffer).setBigUint64(HASH_BYTES - 8, machine.register(1));
    const topics = [topic];
    host.state.emitEvent(host.contract, topics, data);
    if (host.events !== undefined) host.events.emit('event', host.contract, topics, data.slice());
    return succeed(machine);
  },
};
