import { LRUCache } from 'lru-cache';
import TinyQueue from 'tinyqueue';

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
  readonly tag: number;
  readonly order: number;
}

/**
 * Lets flows share what serves them: self-clocked fair queueing. An item's tag is the virtual time at which it would be done if its flow had
 * a fair part of the whole; the smallest tag is next. Items of a flow that costs little and asks seldom overtake those of one that
 * costs much, so that a cheap call waits for the job that runs, not for a hundred endless loops; and no flow starves.
 *
 * How much an item costs is what the flow's last ones took; of a flow that nobody knows the caller's guess.
 */
export class FairQueue<T> {
  readonly #flows = new LRUCache<string, Flow>({ max: KEPT_FLOWS });
  readonly #waiting = new TinyQueue<Waiting<T>>([], (a, b) => a.tag - b.tag || a.order - b.order);
  /** Tag of the item that was taken last. */
  #now = 0;
  #order = 0;

  get size(): number {
    return this.#waiting.length;
  }

  /** @param guess milliseconds, for a flow that nobody knows. */
  push(flowName: string, item: T, guess: number): void {
    const flow = this.#flow(flowName);
    flow.finish = Math.max(flow.finish, this.#now) + (flow.cost ?? guess);
    this.#waiting.push({ item, tag: flow.finish, order: ++this.#order });
  }

  /** Puts an item back that was taken and not served: it is next. */
  putBack(item: T): void {
    this.#waiting.push({ item, tag: this.#now, order: -++this.#order });
  }

  /** The next item. */
  take(): T | undefined {
    const next = this.#waiting.pop();
    if (next === undefined) return undefined;
    this.#now = Math.max(this.#now, next.tag);
    return next.item;
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

  #flow(name: string): Flow {
    let flow = this.#flows.get(name);
    if (flow === undefined) {
      flow = { cost: undefined, finish: 0 };
      this.#flows.set(name, flow);
    }
    return flow;
  }
}
