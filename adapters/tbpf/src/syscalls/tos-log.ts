import { decodeUtf8 } from '@switchyard/core';
import { charge, checkLength, isFault, readRange, succeed } from './support.ts';
import { type Syscall, syscallFault } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/** `tos_log(msg, len)`: keeps a UTF-8 message in the result's log. 100 + len gas; len ≤ 10,000. */
export const tosLog: Syscall = {
  name: 'tos_log',
  run(machine) {
    const tooLong = checkLength(machine, 2, 10_000, 'MessageTooLong');
    if (tooLong !== undefined) return tooLong;
    const refused = charge(machine, 100 + machine.registerNumber(2));
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
