import { LRUCache } from 'lru-cache';

/** Flows whose cost is remembered. */
const KEPT_FLOWS = 4096;

/** Part of the last cost in the expected one. */
const LEARNING = 0.3;

interface Flow {
  /** Milliseconds that an item of it is expected to take; undefined before the first has been seen. */
  cost: number | undefined;
  /** Virtual time at which its last item will be done. */
  finish: number;
}

interface Waiting<T> {
  readonly item: T;
  readonly owner: string;
  readonly tag: number;
}

/** Where an item stands, and how dear it is. */
export interface Place {
  /** Whose flow it is: flows of one owner share `mostPerOwner`. */
  readonly owner: string;
  /** The owner's items of one kind. */
  readonly flow: string;
  /** Milliseconds that it is guessed to take, while nobody knows the flow. */
  readonly guess: number;
}

/** What may wait. */
export interface QueueBounds {
  readonly most: number;
  readonly mostPerOwner: number;
}

/** An item that had to go, and which bound it met. */
export interface Dropped<T> {
  readonly item: T;
  readonly bound: keyof QueueBounds;
}

/**
 * Lets flows share what serves them: self-clocked fair queueing. An item's tag is the virtual time at which it would be done if its flow had
 * a fair part of the whole; the smallest tag is next. Items of a flow that costs little and asks seldom overtake those of one that
 * costs much, so that a cheap call waits for the job that runs, not for a hundred endless loops; and no flow starves.
 *
 * How much an item costs is what the flow's last ones took; of a flow that nobody knows the caller's guess. Where a bound is met, the item
 * with the largest tag goes: who floods the queue loses his own, not others'.
 */
export class FairQueue<T> {
  readonly #bounds: QueueBounds;
  readonly #flows = new LRUCache<string, Flow>({ max: KEPT_FLOWS });
  readonly #owned = new Map<string, number>();
  /** Largest tag first, of equal ones the latest first: the next item is the last, and what has to go the first. */
  readonly #waiting: Waiting<T>[] = [];
  /** Tag of the item that was taken last. */
  #now = 0;

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** @returns the item that had to go, which may be the given one. */
  push(item: T, { owner, flow: name, guess }: Place): Dropped<T> | undefined {
    const flow = this.#flow(name);
    flow.finish = Math.max(flow.finish, this.#now) + (flow.cost ?? guess);
    this.#insert({ item, owner, tag: flow.finish }, flow.finish);
    const { most, mostPerOwner } = this.#bounds;
    if (this.#owned.get(owner)! > mostPerOwner) {
      const at = this.#waiting.findIndex((waiting) => waiting.owner === owner);
      return { item: this.#remove(at).item, bound: 'mostPerOwner' };
    }
    if (this.#waiting.length > most) return { item: this.#remove(0).item, bound: 'most' };
    return undefined;
  }

  /** Puts an item back that was taken and not served: it is next. No bound holds, since it had its place. */
  putBack(item: T, owner: string): void {
    this.#owned.set(owner, (this.#owned.get(owner) ?? 0) + 1);
    this.#waiting.push({ item, owner, tag: Math.min(this.#now, this.#waiting.at(-1)?.tag ?? this.#now) });
  }

  /** The next item. */
  take(): T | undefined {
    if (this.#waiting.length === 0) return undefined;
    const { item, tag } = this.#remove(this.#waiting.length - 1);
    this.#now = Math.max(this.#now, tag);
    return item;
  }

  /** The item that `take` would give. */
  get next(): T | undefined {
    return this.#waiting.at(-1)?.item;
  }

  /** Milliseconds that an item of the flow is expected to take. */
  expected(flowName: string, guess: number): number {
    return this.#flows.peek(flowName)?.cost ?? guess;
  }

  /** Tells how long an item of the flow took. */
  learn(flowName: string, milliseconds: number): void {
    const flow = this.#flow(flowName);
    flow.cost = flow.cost === undefined ? milliseconds : flow.cost + LEARNING * (milliseconds - flow.cost);
  }

  #insert(waiting: Waiting<T>, tag: number): void {
    let low = 0;
    let high = this.#waiting.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#waiting[middle]!.tag > tag) low = middle + 1;
      else high = middle;
    }
    this.#waiting.splice(low, 0, waiting);
    this.#owned.set(waiting.owner, (this.#owned.get(waiting.owner) ?? 0) + 1);
  }

  #remove(at: number): Waiting<T> {
    const [removed] = at === this.#waiting.length - 1 ? [this.#waiting.pop()] : this.#waiting.splice(at, 1);
    const left = this.#owned.get(removed!.owner)! - 1;
    if (left === 0) this.#owned.delete(removed!.owner);
    else this.#owned.set(removed!.owner, left);
    return removed!;
  }

  #flow(name: string): Flow {
    let flow = this.#flows.get(name);
    if (flow === undefined) {
      flow = { cost: undefined, finish: 0 };
      this.#flows.set(name, flow);
    }
    return flow;
  }
}
