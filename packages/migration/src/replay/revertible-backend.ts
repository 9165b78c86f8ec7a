import { MemoryBackend, type StateChange } from '@switchyard/core';
import { changePlace } from '../sides/change-place.ts';

/** Changes merged by place: each place once, with its value before the first and after the last change. */
export class ChangeLog {
  readonly #changes = new Map<string, StateChange>();

  add(change: StateChange): void {
    const place = changePlace(change);
    const known = this.#changes.get(place);
    // The kinds are equal, since they are part of the place.
    this.#changes.set(
      place,
      known === undefined ? change : ({ ...change, before: known.before } as StateChange),
    );
  }

  /** In order of first touch. */
  list(): readonly StateChange[] {
    return [...this.#changes.values()];
  }
}

/** A store in memory that remembers, from mark to mark, how to go back. */
export class RevertibleBackend extends MemoryBackend {
  #logs: ChangeLog[] = [new ChangeLog()];

  override commit(changes: readonly StateChange[]): void {
    super.commit(changes);
    const log = this.#logs[this.#logs.length - 1]!;
    for (const change of changes) log.add(change);
  }

  /** Begins a new stretch, and forgets how to undo all but the last `kept` stretches. */
  mark(kept: number): void {
    this.#logs.push(new ChangeLog());
    if (this.#logs.length > kept + 1) this.#logs = this.#logs.slice(-kept - 1);
  }

  /** Undoes the last `count` stretches, the present one among them. */
  goBack(count: number): void {
    const undone = this.#logs.splice(-count, count);
    for (const log of undone.reverse()) {
      const changes = inverted(log.list());
      super.commit(changes);
      this.reverted(changes);
    }
    this.#logs.push(new ChangeLog());
  }

  /** Told of what `goBack` did to the store. */
  protected reverted(_changes: readonly StateChange[]): void {}
}

/** The changes that take these back. */
export function inverted(changes: readonly StateChange[]): readonly StateChange[] {
  return changes.map((change) => ({ ...change, before: change.after, after: change.before }) as StateChange);
}
