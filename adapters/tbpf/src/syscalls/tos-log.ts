import { decodeUtf8 } from '@switchyard/core';
import { isFault, readRange, succeed } from './support.ts';
import { syscallFault } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';
import { admit, type TosSyscall } from './tos-syscall.ts';

/** `tos_log(msg, len)`. */
export const tosLog: TosSyscall = {
  name: 'tos_log',
  summary: "Keeps a UTF-8 message in the result's log.",
  parameters: ['msg', 'len'],
  result: '0',
  price: { base: 100, perByte: 1, register: 2 },
  limits: [{ register: 2, most: 10_000, error: 'MessageTooLong' }],
  errors: ['InvalidString'],
  run(machine) {
    const refused = admit(machine, tosLog);
    if (refused !== undefined) return refused;
    const bytes = readRange(machine, 1, 2);
    if (isFault(bytes)) return bytes;
    const message = decodeUtf8(bytes);
    if (message === undefined) return syscallFault('InvalidString');
    const host = tosHostOf(machine);
    host.logs.push({ contract: host.contract, message });
    if (host.events !== undefined) host.events.emit('log', host.contract, message);
    return succeed(machine);
  },
};
