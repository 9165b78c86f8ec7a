import type { Canonical } from '../mapping/canonical.ts';
import type { Observation, SideObservation } from '../observe/observation.ts';
import { placeOf } from '../observe/place.ts';

/** What of a call may differ, in the order of reports. */
export const ASPECTS = ['outcome', 'returned', 'storage', 'flows', 'balances', 'assets', 'events'] as const;

/** See `ASPECTS`. */
export type Aspect = (typeof ASPECTS)[number];

/** One thing that the two sides did differently in a call. */
export interface Difference {
  readonly aspect: Aspect;
  /** What differs: `outcome`, a slot such as `balance["0x…"]`, an event's or a flow's place such as `Transfer #2`. */
  readonly place: string;
  /** Undefined where the side has nothing in that place. */
  readonly old: Canonical | undefined;
  readonly new: Canonical | undefined;
}

/**
 * All differences of two observations of one call; empty exactly when the observations are equal. Where the calls ended differently only
 * that is said: a failed call changes nothing, so everything else follows from it.
 */
export function differences(old: SideObservation, fresh: SideObservation): readonly Difference[] {
  if (old.text === fresh.text) return [];
  const left = JSON.parse(old.text) as Observation;
  const right = JSON.parse(fresh.text) as Observation;
  if (left.outcome !== right.outcome) {
    return [{ aspect: 'outcome', place: 'outcome', old: left.outcome, new: right.outcome }];
  }
  const found: Difference[] = [];
  if (!same(left.returned, right.returned)) {
    found.push({ aspect: 'returned', place: 'returned', old: left.returned, new: right.returned });
  }
  compareKeyed(found, 'storage', storageOf(left), storageOf(right));
  compareKeyed(found, 'flows', flowsOf(left), flowsOf(right));
  compareKeyed(found, 'balances', balancesOf(left), balancesOf(right));
  compareKeyed(found, 'assets', new Map(left.assets), new Map(right.assets));
  compareKeyed(found, 'events', eventsOf(left), eventsOf(right));
  // Two keys of one side that read as one place: the texts differ, and the places don't show it.
  if (found.length === 0) {
    found.push({
      aspect: 'storage',
      place: 'places that several keys share',
      old: pairs(left),
      new: pairs(right),
    });
  }
  return found;
}

function pairs({ storage }: Observation): Canonical {
  return storage.map(([item, fields, value]) => [placeOf(item, fields), value]);
}

type Keyed = ReadonlyMap<string, Canonical>;

function compareKeyed(found: Difference[], aspect: Aspect, old: Keyed, fresh: Keyed): void {
  const places = new Set([...old.keys(), ...fresh.keys()]);
  for (const place of [...places].sort()) {
    const [left, right] = [old.get(place), fresh.get(place)];
    if (left === undefined || right === undefined || !same(left, right)) {
      found.push({ aspect, place, old: left, new: right });
    }
  }
}

function storageOf({ storage }: Observation): Keyed {
  return new Map(storage.map(([item, fields, value]) => [placeOf(item, fields), value]));
}

function balancesOf({ balances }: Observation): Keyed {
  return new Map(balances.map(([account, asset, amount]) => [placeOf('balance', [account, asset]), amount]));
}

function flowsOf({ flows }: Observation): Keyed {
  return new Map(flows.map(([kind, ...rest], index) => [`#${index + 1}`, [kind, ...rest]]));
}

function eventsOf({ events }: Observation): Keyed {
  const counts = new Map<string, number>();
  return new Map(
    events.map(([name, fields]) => {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return [`${name} #${count}`, fields];
    }),
  );
}

function same(a: Canonical, b: Canonical): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
