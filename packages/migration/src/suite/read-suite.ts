import { type BlockInfo, codeHash, encodeUtf8, hexToBytes, NATIVE_ASSET, VmError } from '@switchyard/core';
import { CONSTRUCTOR } from '../mapping/compile-mapping.ts';
import type { PatternPart } from '../mapping/key-pattern.ts';
import { type AddressBook, fromLoose } from '../mapping/loose-value.ts';
import { parseType } from '../mapping/mapped-type.ts';
import { atPlace } from './at-place.ts';
import { parseYaml } from './parse-yaml.ts';
import { type SuiteFile, suiteSchema } from './schema.ts';
import type { EntrySource, MappingSource, SideSpec, StartState, Suite, SuiteCall } from './suite.ts';

/** Where a suite comes from. */
export interface SuiteSource {
  /** What messages call it, such as the file's path. */
  readonly name: string;
  /** YAML or JSON. */
  readonly text: string;
  /** Reads a file that the suite names. @throws VmError FILE_UNREADABLE. */
  readonly readFile: (path: string) => Uint8Array;
}

/**
 * Reads and checks a suite. Nothing is run and no engine is needed; what depends on an engine is checked when a side is opened.
 * @throws VmError SUITE_INVALID naming the file and the place in it; FILE_UNREADABLE.
 */
export function readSuite(source: SuiteSource): Suite {
  return atPlace(source.name, () => resolveSuite(checkSuite(source), source));
}

/** 32 bytes that stand for an account's name: the same in every run. */
export function accountAddress(name: string): Uint8Array {
  return codeHash(encodeUtf8(`switchyard migration account ${name}`));
}

function checkSuite({ text }: SuiteSource): SuiteFile {
  const parsed = suiteSchema.safeParse(parseYaml(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const place = issue.path.map(String).join('.');
  throw new VmError('SUITE_INVALID', `${place === '' ? '' : `${place}: `}${issue.message}.`);
}

function resolveSuite(file: SuiteFile, { readFile }: SuiteSource): Suite {
  const accounts = new Map(
    Object.entries(file.accounts).map(([name, { address }]) => [
      name,
      address === undefined ? accountAddress(name) : bytes(address),
    ]),
  );
  const contract =
    file.contract === undefined ? accountAddress(`contract ${file.name}`) : bytes(file.contract);
  const names = new Map([...accounts, ['contract', contract] as const]);
  const mapping = mappingOf(file);
  const start: StartState = {
    contract,
    accounts,
    balances: Object.entries(file.accounts).flatMap(([name, { balance, assets }]) => {
      const account = accounts.get(name)!;
      return [
        ...(balance > 0n ? [{ account, asset: NATIVE_ASSET, amount: balance }] : []),
        ...Object.entries(assets).map(([asset, amount]) => ({ account, asset: bytes(asset), amount })),
      ];
    }),
    block: blockOf(file.block),
    construct:
      file.construct === undefined
        ? undefined
        : callOf({ ...file.construct, call: CONSTRUCTOR }, mapping.construct!, names, 'construct'),
    storage: file.state.map((slot, index) => slotOf(slot, mapping, names, `state[${index}]`)),
  };
  return {
    name: file.name,
    sides: {
      old: sideOf(file.old, readFile),
      new: sideOf(file.new, readFile),
    },
    plugins: file.plugins,
    mapping,
    start,
    calls: file.calls.map((call, index) => {
      const entry = mapping.entries[call.call];
      const place = `calls[${index}]`;
      if (entry === undefined || !Object.hasOwn(mapping.entries, call.call)) {
        throw new VmError('SUITE_INVALID', `${place}: there is no entry "${call.call}".`, {
          hint: `Entries: ${Object.keys(mapping.entries).join(', ') || 'none'}.`,
        });
      }
      return callOf(call, entry, names, place);
    }),
    gas: { limit: file.gas.limit, maxRatio: file.gas.maxRatio },
  };
}

function sideOf({ code, engine, options }: SuiteFile['old'], readFile: SuiteSource['readFile']): SideSpec {
  return { name: code, code: readFile(code), engine, options };
}

function mappingOf(file: SuiteFile): MappingSource {
  const entryOf = ({ params, old, new: fresh, returns }: SuiteFile['entries'][string]): EntrySource => ({
    params,
    entry: { old, new: fresh },
    returns,
  });
  const { construct } = file;
  return {
    construct: construct && {
      params: construct.params,
      entry: { old: construct.old, new: construct.new },
    },
    entries: mapValues(file.entries, entryOf),
    storage: mapValues(file.storage, ({ fields, value, absent, old, new: fresh }) => ({
      fields,
      value,
      absent,
      form: { old: keyed(old), new: keyed(fresh) },
    })),
    own: file.own.map((each) => ({ ...each, key: each.key as PatternPart })),
    events: file.events,
    outcomes: file.outcomes,
  };
}

function keyed({ key, value }: { key: unknown; value?: string | undefined }): {
  key: PatternPart;
  value: string | undefined;
} {
  return { key: key as PatternPart, value };
}

type CallFile = SuiteFile['calls'][number];

function callOf(call: CallFile, entry: EntrySource, names: AddressBook, place: string): SuiteCall {
  const parameters = Object.entries(entry.params);
  const given: readonly unknown[] = Array.isArray(call.args)
    ? call.args
    : parameters.map(([name]) => (call.args as Record<string, unknown>)[name]);
  const count = Array.isArray(call.args) ? call.args.length : Object.keys(call.args).length;
  if (count !== parameters.length) {
    throw new VmError(
      'SUITE_INVALID',
      `${place}: ${call.call} takes ${parameters.length} arguments (${Object.keys(entry.params).join(', ')}), found ${count}.`,
    );
  }
  return {
    entry: call.call,
    args: parameters.map(([name, type], index) =>
      atPlace(`${place}.args.${name}`, () => fromLoose(given[index], parseType(type), names)),
    ),
    sender: atPlace(`${place}.from`, () => accountOf(call.from, names)),
    value: call.value,
    deposits: Object.entries(call.deposits).map(([asset, amount]) => ({
      asset: asset === 'native' ? NATIVE_ASSET : atPlace(`${place}.deposits`, () => bytesOrThrow(asset)),
      amount,
    })),
    gasLimit: { old: call.gas, new: call.gas },
    block: blockOf(call.block),
    txHash: call.txHash === undefined ? undefined : bytes(call.txHash),
  };
}

function slotOf(
  slot: SuiteFile['state'][number],
  mapping: MappingSource,
  names: AddressBook,
  place: string,
): StartState['storage'][number] {
  const item = Object.hasOwn(mapping.storage, slot.item) ? mapping.storage[slot.item] : undefined;
  if (item === undefined) {
    throw new VmError('SUITE_INVALID', `${place}: there is no storage item "${slot.item}".`);
  }
  return {
    item: slot.item,
    fields: Object.entries(item.fields).map(([name, type]) =>
      atPlace(`${place}.fields.${name}`, () => fromLoose(slot.fields[name], parseType(type), names)),
    ),
    value: atPlace(`${place}.value`, () => fromLoose(slot.value, parseType(item.value), names)),
  };
}

function accountOf(text: string | undefined, names: AddressBook): Uint8Array {
  if (text === undefined) {
    const [first] = names.values();
    return first!;
  }
  return names.get(text) ?? bytesOrThrow(text);
}

function bytesOrThrow(text: string): Uint8Array {
  if (/^0x[0-9a-f]{64}$/i.test(text)) return bytes(text);
  throw new VmError('SUITE_INVALID', `expected a name from accounts or 0x and 64 digits, found "${text}".`);
}

function blockOf(block: SuiteFile['block']): Partial<BlockInfo> {
  const { hash, ...rest } = block;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return { ...given, ...(hash === undefined ? {} : { hash: bytes(hash) }) };
}

function bytes(text: string): Uint8Array {
  return hexToBytes(text.slice(2))!;
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
