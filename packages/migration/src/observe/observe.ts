import {
  type AssetRecord,
  bytesToHex,
  compareBytes,
  type EventOutput,
  equalBytes,
  type StateChange,
  type TransactionResult,
  type VmError,
} from '@switchyard/core';
import { type Canonical, hex } from '../mapping/canonical.ts';
import { errorClass } from '../mapping/error-class.ts';
import type { EntryMapping, Mapping, SideName } from '../mapping/mapping.ts';
import type {
  AssetChange,
  BalanceChange,
  Flow,
  Observation,
  Outcome,
  SeenEvent,
  SideObservation,
  StorageChange,
} from './observation.ts';
import { SlotReader, UNMAPPED, unreadable } from './slot-reader.ts';

/** Counts of what a report has to say beside its comparison. Plain data. */
export interface SideCounts {
  readonly own: Record<string, number>;
  unmapped: number;
  /** Recorded calls that the old side, run again, ended otherwise than the chain said. */
  otherwise: number;
}

/** Counts to begin with. */
export function noCounts(): SideCounts {
  return { own: {}, unmapped: 0, otherwise: 0 };
}

/** What is seen of a call that a side does not take. */
export function refused({ code, message }: VmError): SideObservation {
  const nothing: Observation = {
    outcome: `refused ${code}`,
    returned: null,
    storage: [],
    flows: [],
    balances: [],
    assets: [],
    events: [],
  };
  return {
    text: JSON.stringify(nothing),
    gas: 0,
    notes: JSON.stringify({ error: { code, message }, logs: [] }),
  };
}

/** Turns the results of one side's calls into observations. Holds a bounded memory of keys that it has read before. */
export class Observer {
  readonly #mapping: Mapping;
  readonly #side: SideName;
  readonly #contract: Uint8Array;
  readonly slots: SlotReader;
  /** How often slots changed that one side alone keeps by design, by rule, and how often slots that no item describes. */
  readonly seen: SideCounts;

  constructor(mapping: Mapping, side: SideName, contract: Uint8Array, seen: SideCounts) {
    this.seen = seen;
    this.#mapping = mapping;
    this.#side = side;
    this.#contract = contract;
    this.slots = new SlotReader(mapping, side);
  }

  observe(result: TransactionResult, entry: EntryMapping | undefined): SideObservation {
    const observation: Observation = {
      outcome: this.#outcomeOf(result),
      returned: this.#returned(result, entry),
      storage: this.#storage(result.result.stateChanges),
      flows: flowsOf(result),
      balances: balancesOf(result.result.stateChanges),
      assets: assetsOf(result.result.stateChanges),
      events: this.#events(result.result.events),
    };
    const { error, result: own } = result;
    const isQuiet = own.logs.length === 0 && (error === null || error.code === 'REVERTED');
    return {
      text: JSON.stringify(observation),
      gas: Number(own.gasUsed),
      notes: isQuiet
        ? ''
        : JSON.stringify({
            error: error === null ? null : { code: error.code, message: error.message },
            logs: own.logs.map(({ message }) => message),
          }),
    };
  }

  /** The old side's end is said in the new side's words where the suite maps it. */
  #outcomeOf({ status, exitCode, error }: TransactionResult): Outcome {
    const outcome =
      status === 'success'
        ? 'success'
        : status === 'reverted'
          ? `exit ${exitCode}`
          : `failed ${errorClass(error!.code)}`;
    if (this.#side === 'new') return outcome;
    const { outcomes } = this.#mapping;
    return (
      (status === 'failed' ? outcomes.get(`failed ${error!.code}`) : undefined) ??
      outcomes.get(outcome) ??
      outcome
    );
  }

  #returned({ status, result }: TransactionResult, entry: EntryMapping | undefined): Canonical {
    if (status === 'failed') return null;
    const codec = entry?.returns?.[this.#side];
    if (status === 'success' && codec !== undefined) {
      return codec.decode(result.returnData) ?? unreadable(result.returnData);
    }
    // Bytes on both sides mean the same; a cell is the exit code over again.
    return this.#mapping.hasBytes && result.returnData.length > 0 ? hex(result.returnData) : null;
  }

  #storage(changes: readonly StateChange[]): readonly StorageChange[] {
    const found: StorageChange[] = [];
    for (const change of changes) {
      if (change.kind !== 'storage' || !equalBytes(change.contract, this.#contract)) continue;
      const { before, after } = change;
      // A write of what was there is no change: how often a contract writes is not compared.
      if (before !== undefined && after !== undefined && compareBytes(before, after) === 0) continue;
      const slot = this.slots.read(change.key);
      if (slot.own !== undefined) {
        const { own } = this.seen;
        own[slot.own] = (Object.hasOwn(own, slot.own) ? own[slot.own]! : 0) + 1;
        continue;
      }
      if (slot.item === UNMAPPED) this.seen.unmapped++;
      const value = slot.value(after);
      if (JSON.stringify(slot.value(before)) === JSON.stringify(value)) continue;
      found.push([slot.item, slot.fields, value]);
    }
    return found.length < 2 ? found : found.sort(byText);
  }

  #events(events: readonly EventOutput[]): readonly SeenEvent[] {
    if (events.length === 0) return [];
    const seen = events
      .filter(({ contract }) => equalBytes(contract, this.#contract))
      .map((event): SeenEvent => this.#event(event));
    // Sorting is stable: events of one name keep their order.
    return seen.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }

  #event({ topics, data }: EventOutput): SeenEvent {
    const id = topics[0] === undefined ? -1n : BigInt(`0x${bytesToHex(topics[0])}`);
    const mapped = this.#mapping.events.find((each) => each.id[this.#side] === id);
    if (mapped === undefined) return [`event ${id}, not mapped`, [hex(data)]];
    const fields = mapped.data[this.#side].decode(data) as readonly Canonical[] | undefined;
    return [mapped.name, fields ?? [unreadable(data)]];
  }
}

function flowsOf({ result }: TransactionResult): readonly Flow[] {
  return result.transfers.map((flow) => [
    flow.kind,
    flow.kind === 'mint' ? null : hex(flow.from),
    flow.kind === 'burn' ? null : hex(flow.to),
    hex(flow.asset),
    `${flow.amount}`,
  ]);
}

function balancesOf(changes: readonly StateChange[]): readonly BalanceChange[] {
  const found: BalanceChange[] = [];
  for (const change of changes) {
    if (change.kind !== 'balance' || change.before === change.after) continue;
    found.push([hex(change.address), hex(change.asset), `${change.after}`]);
  }
  return found.length < 2 ? found : found.sort(byText);
}

function assetsOf(changes: readonly StateChange[]): readonly AssetChange[] {
  const found: AssetChange[] = [];
  for (const change of changes) {
    if (change.kind === 'asset' && change.after !== undefined)
      found.push([hex(change.asset), assetLine(change.after)]);
  }
  return found.length < 2 ? found : found.sort(byText);
}

/** An asset's record in the form that both sides share. */
export function assetLine({ creator, name, decimals, maxSupply, supply }: AssetRecord): readonly Canonical[] {
  return [hex(creator), { text: name }, `${decimals}`, `${maxSupply}`, `${supply}`];
}

function byText(a: readonly unknown[], b: readonly unknown[]): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
