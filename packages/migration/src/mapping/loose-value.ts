import { isIntegerKind, type ValueType, VmError } from '@switchyard/core';
import type { Canonical } from './canonical.ts';
import { typeText } from './mapped-type.ts';

/** Addresses by the names that a suite gives them. */
export type AddressBook = ReadonlyMap<string, Uint8Array>;

/**
 * The canonical value of what someone wrote in YAML or JSON for a declared type: numbers or their text for integers, plain text for
 * strings, a name of the suite or `0x…` for accounts. @throws VmError SUITE_INVALID.
 */
export function fromLoose(loose: unknown, type: ValueType, names: AddressBook): Canonical {
  if (isIntegerKind(type.kind)) return integer(loose, type);
  switch (type.kind) {
    case 'bool':
      if (typeof loose === 'boolean') return loose;
      break;
    case 'string':
      if (typeof loose === 'string') return { text: loose };
      break;
    case 'bytes':
      if (typeof loose === 'string' && isHex(loose)) return loose.toLowerCase();
      break;
    case 'opaque': {
      if (typeof loose !== 'string') break;
      const named = type.name === 'Address' ? names.get(loose) : undefined;
      if (named !== undefined) return `0x${Buffer.from(named).toString('hex')}`;
      if (isHex(loose) && loose.length === 2 + 2 * type.bytes) return loose.toLowerCase();
      break;
    }
    case 'optional':
      return loose === null || loose === undefined ? null : fromLoose(loose, type.of, names);
    case 'array':
      if (Array.isArray(loose)) return loose.map((each) => fromLoose(each, type.of, names));
      break;
    case 'tuple':
      if (Array.isArray(loose) && loose.length === type.of.length) {
        return loose.map((each, index) => fromLoose(each, type.of[index]!, names));
      }
      break;
    case 'map':
      if (Array.isArray(loose) && loose.every((entry) => Array.isArray(entry) && entry.length === 2)) {
        return (loose as unknown[][]).map(([key, value]) => [
          fromLoose(key, type.key, names),
          fromLoose(value, type.value, names),
        ]);
      }
      break;
    default:
  }
  throw refused(loose, type);
}

function integer(loose: unknown, type: ValueType): Canonical {
  if (typeof loose === 'bigint' && loose >= 0n) return `${loose}`;
  if (typeof loose === 'number' && Number.isSafeInteger(loose) && loose >= 0) return `${loose}`;
  if (typeof loose === 'string' && /^\d[\d_]{0,100}$/.test(loose))
    return `${BigInt(loose.replaceAll('_', ''))}`;
  throw refused(loose, type);
}

function isHex(text: string): boolean {
  return /^0x(?:[0-9a-f]{2})*$/i.test(text);
}

function refused(loose: unknown, type: ValueType): VmError {
  const shown = JSON.stringify(loose, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
  return new VmError('SUITE_INVALID', `expected ${typeText(type)}, found ${shown ?? 'nothing'}.`, {
    hint: 'Integers are decimal numbers, bytes 0x…, accounts a name from `accounts` or 0x… of 32 bytes.',
  });
}
