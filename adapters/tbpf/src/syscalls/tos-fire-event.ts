import { checkWritable, HASH_BYTES, isFault, readRange, succeed } from './support.ts';
import { tosHostOf } from './tos-host.ts';
import { admit, type TosSyscall } from './tos-syscall.ts';

/** `tos_fire_event(id, data, len)`. */
export const tosFireEvent: TosSyscall = {
  name: 'tos_fire_event',
  summary: 'Emits an event with one topic: 24 zero bytes and the id, big-endian.',
  parameters: ['id', 'data', 'len'],
  result: '0',
  price: { base: 500, perByte: 2, register: 3 },
  limits: [{ register: 3, most: 4096, error: 'EventTooLarge' }],
  errors: ['StaticViolation'],
  run(machine) {
    const refused = admit(machine, tosFireEvent);
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
