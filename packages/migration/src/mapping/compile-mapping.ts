import { type CallCodec, type EntryPoint, entryFromText, type ValueType, VmError } from '@switchyard/core';
import { atPlace } from '../suite/at-place.ts';
import type { EntrySource, MappingSource, StorageFormSource, StorageSource } from '../suite/suite.ts';
import type { ValueForm } from './canonical.ts';
import { type Fields, keyPattern } from './key-pattern.ts';
import { fromLoose } from './loose-value.ts';
import { parseType } from './mapped-type.ts';
import {
  type EntryMapping,
  type Mapping,
  type PerSide,
  SIDES,
  type SideName,
  type StorageForm,
  type StorageItem,
} from './mapping.ts';
import { valueCodec, valuesCodec } from './payload.ts';

/** Name of the entry that stands for the constructor. */
export const CONSTRUCTOR = 'constructor';

/** What compiling a mapping needs to know of a side's engine. */
export interface SideCalls {
  readonly calls: CallCodec | undefined;
  readonly network: string;
}

/**
 * The mapping of a suite for two engines. @throws VmError SUITE_INVALID naming the place in the suite; UNSUPPORTED for an engine whose
 * calls have no typed values.
 */
export function compileMapping(source: MappingSource, sides: PerSide<SideCalls>): Mapping {
  const forms: PerSide<ValueForm> = { old: formOf('old', sides.old), new: formOf('new', sides.new) };
  const entries = new Map<string, EntryMapping>();
  const { construct } = source;
  if (construct !== undefined) {
    entries.set(
      CONSTRUCTOR,
      atPlace('construct', () => entryOf(CONSTRUCTOR, construct, forms)),
    );
  }
  for (const [name, entry] of Object.entries(source.entries)) {
    entries.set(
      name,
      atPlace(`entries.${name}`, () => entryOf(name, entry, forms)),
    );
  }
  checkDistinctEvents(source);
  return {
    hasBytes: forms.old.cells === undefined && forms.new.cells === undefined,
    entries,
    storage: Object.entries(source.storage).map(([name, item]) =>
      atPlace(`storage.${name}`, () => storageOf(name, item, forms)),
    ),
    own: source.own.map((each) => ({
      name: each.name,
      side: each.side,
      reason: each.reason,
      key: atPlace(`own.${each.name}`, () => keyPattern(each.key, fieldsOf(each.fields), forms[each.side])),
    })),
    events: Object.entries(source.events).map(([name, event]) =>
      atPlace(`events.${name}`, () => {
        const fields = fieldsOf(event.fields);
        const types = fields.map(([, type]) => type);
        return {
          name,
          fields,
          id: event.id,
          data: { old: valuesCodec(types, forms.old), new: valuesCodec(types, forms.new) },
        };
      }),
    ),
    outcomes: new Map(Object.entries(source.outcomes)),
  };
}

/** The entry point that a suite names: `entry_7`, `hook_0`, `entrypoint`, or a function's name. */
export function parseEntryPoint(text: string): EntryPoint {
  const entry = entryFromText(text);
  if (entry !== undefined) return entry;
  throw new VmError('SUITE_INVALID', `${text}: entries go to 65535 and hooks to 255.`);
}

/** @throws VmError SUITE_INVALID for two events with one id: the second would never be found. */
function checkDistinctEvents({ events }: MappingSource): void {
  for (const side of SIDES) {
    const ids = Object.entries(events).map(([name, { id }]) => [name, id[side]] as const);
    const twice = ids.find(([, id], index) => ids.findIndex(([, other]) => other === id) !== index);
    if (twice !== undefined) {
      throw new VmError(
        'SUITE_INVALID',
        `events.${twice[0]}: another event has the id ${twice[1]} on the ${side} side.`,
      );
    }
  }
}

function formOf(side: SideName, { calls, network }: SideCalls): ValueForm {
  if (calls === undefined) {
    throw new VmError('UNSUPPORTED', `the engine of the ${side} side has no typed calls to compare.`);
  }
  return { cells: calls.cells, network };
}

function entryOf(name: string, source: EntrySource, forms: PerSide<ValueForm>): EntryMapping {
  const returns = source.returns === undefined ? undefined : parseType(source.returns);
  return {
    name,
    parameters: fieldsOf(source.params).map(([parameter, type]) => ({ name: parameter, type })),
    entry: { old: parseEntryPoint(source.entry.old), new: parseEntryPoint(source.entry.new) },
    returns: returns && { old: valueCodec(returns, forms.old), new: valueCodec(returns, forms.new) },
  };
}

function storageOf(name: string, source: StorageSource, forms: PerSide<ValueForm>): StorageItem {
  const fields = fieldsOf(source.fields);
  const valueType = parseType(source.value);
  const side = (which: SideName): StorageForm =>
    storageForm(source.form[which], fields, valueType, forms[which]);
  return {
    name,
    fields,
    valueType,
    form: { old: side('old'), new: side('new') },
    absent: source.absent === undefined ? undefined : fromLoose(source.absent, valueType, new Map()),
  };
}

function storageForm(
  source: StorageFormSource,
  fields: Fields,
  valueType: ValueType,
  form: ValueForm,
): StorageForm {
  const isRaw = source.value === 'raw';
  const type = source.value === undefined || isRaw ? valueType : parseType(source.value);
  return { key: keyPattern(source.key, fields, form), value: valueCodec(type, form, isRaw) };
}

function fieldsOf(source: Readonly<Record<string, string>>): Fields {
  return Object.entries(source).map(([name, text]) => [name, parseType(text)] as const);
}
