import type { LegacyModule } from '../module/legacy-module.ts';
import { serializationError } from './encode-cell.ts';
import { moduleWire } from './module-wire.ts';
import { wireFault } from './wire-fault.ts';

const U8 = 0xff;
const U16 = 0xffff;

/** A module's canonical wire form, which reads back as the same module. @throws VmError VALUE_INVALID for a module that has none. */
export function encodeModule(module: LegacyModule): Uint8Array {
  const fault = faultOf(module);
  if (fault !== undefined) throw serializationError(`the module has no wire form: ${fault}`);
  return moduleWire(module);
}

function faultOf({ constants, chunks, entries, hooks }: LegacyModule): string | undefined {
  for (const [index, constant] of constants.entries()) {
    const fault = wireFault(constant);
    if (fault !== undefined) return `constant ${index}: ${fault}`;
  }
  return (
    tooMany(constants.length, U16, 'constants') ??
    tooMany(chunks.length, U16, 'chunks') ??
    tooMany(entries.size, U16, 'entries') ??
    tooMany(hooks.size, U8, 'hooks') ??
    tooLarge([...entries, ...hooks.values()], U16, 'chunk id') ??
    tooLarge([...hooks.keys()], U8, 'hook id')
  );
}

function tooMany(count: number, most: number, what: string): string | undefined {
  return count > most ? `${count} ${what}; at most ${most} can be written` : undefined;
}

function tooLarge(ids: readonly number[], most: number, what: string): string | undefined {
  const id = ids.find((each) => each > most);
  return id === undefined ? undefined : `${what} ${id}; at most ${most} can be written`;
}
