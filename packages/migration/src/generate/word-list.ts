import type { Canonical } from '../mapping/canonical.ts';
import type { Observation, SideObservation } from '../observe/observation.ts';
import type { SuiteCall } from '../suite/suite.ts';

/** Values by kind, each once, the latest last. When there are more than `most` of a kind, the oldest is forgotten. */
export class WordList {
  readonly #most: number;
  readonly #kinds = { integers: new Set<bigint>(), texts: new Set<string>(), bytes: new Set<string>() };

  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  get integers(): readonly bigint[] {
    return [...this.#kinds.integers];
  }

  get texts(): readonly string[] {
    return [...this.#kinds.texts];
  }

  /** `0x…`, accounts among them. */
  get bytes(): readonly string[] {
    return [...this.#kinds.bytes];
  }

  clear(): void {
    for (const kind of Object.values(this.#kinds)) kind.clear();
  }

  addInteger(value: bigint): void {
    this.#add(this.#kinds.integers, value);
  }

  /** A value and all in it. */
  add(value: Canonical): void {
    if (typeof value === 'string') {
      if (/^\d+$/.test(value)) this.addInteger(BigInt(value));
      else if (value.startsWith('0x')) this.#add(this.#kinds.bytes, value);
    } else if (typeof value === 'object' && value !== null) {
      if ('text' in value) this.#add(this.#kinds.texts, value.text);
      else for (const each of value) this.add(each);
    }
  }

  /** What a call says. */
  addCall({ args, value }: SuiteCall): void {
    this.add(args);
    if (value > 0n) this.addInteger(value);
  }

  /** What a call wrote, told and left in balances. */
  addObservation({ text }: SideObservation): void {
    if (!text.startsWith('{"outcome":"success"')) return;
    const { storage, balances, events } = JSON.parse(text) as Observation;
    this.add(storage);
    this.add(balances);
    this.add(events);
  }

  #add<T>(kind: Set<T>, value: T): void {
    kind.delete(value);
    kind.add(value);
    if (kind.size > this.#most) kind.delete(kind.values().next().value as T);
  }
}
