import { deserialize, serialize } from 'node:v8';
import { codeHash, encodeUtf8, entryToChange, equalBytes, type StateChange, VmError } from '@switchyard/core';
import { openState, type StateStore } from '@switchyard/state';
import { ChangeLog, inverted, RevertibleBackend } from './revertible-backend.ts';

/** A place in a side's store that no contract can have: what belongs to the replay itself. */
const OWN = codeHash(encodeUtf8('switchyard migration replay'));
const PROGRESS = encodeUtf8('progress');

/** What a side's store says of itself. */
interface StoredProgress {
  /** Checkpoints that are in the store. */
  readonly checkpoint: number;
  /** Takes the last checkpoint back. */
  readonly undo: readonly StateChange[];
}

/**
 * A side's state in memory, saved to LMDB from checkpoint to checkpoint: the changes since the last one, the checkpoint's number and what
 * takes it back, all in one transaction. So a side that saved a checkpoint which the replay as a whole did not reach can go back by one.
 */
export class SideStore {
  readonly backend = new SavedBackend();
  readonly #store: StateStore;
  #checkpoint: number;

  /**
   * Opens or makes the store, and brings it to the given checkpoint.
   * @throws VmError STATE_UNAVAILABLE; JOURNAL_INVALID when the store is neither at that checkpoint nor one further.
   */
  constructor(path: string, checkpoint: number) {
    this.#store = openState({ kind: 'lmdb', path });
    const stored = this.#progress();
    if (stored.checkpoint === checkpoint + 1) {
      this.#save(checkpoint, stored.undo, []);
    } else if (stored.checkpoint !== checkpoint) {
      throw new VmError(
        'JOURNAL_INVALID',
        `${path} is at checkpoint ${stored.checkpoint}, the replay at ${checkpoint}.`,
      );
    }
    this.#checkpoint = checkpoint;
    for (const entry of this.#store.entries()) {
      if (entry.kind === 'storage' && equalBytes(entry.contract, OWN)) continue;
      this.backend.load(entryToChange(entry));
    }
  }

  /** Saves what changed since the last checkpoint. */
  save(): void {
    const changes = this.backend.takeUnsaved();
    this.#checkpoint++;
    this.#save(this.#checkpoint, changes, inverted(changes));
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  #save(checkpoint: number, changes: readonly StateChange[], undo: readonly StateChange[]): void {
    const after = new Uint8Array(serialize({ checkpoint, undo } satisfies StoredProgress));
    const own: StateChange = { kind: 'storage', contract: OWN, key: PROGRESS, before: undefined, after };
    this.#store.commit([...changes, own]);
  }

  #progress(): StoredProgress {
    const bytes = this.#store.getStorage(OWN, PROGRESS);
    if (bytes === undefined) return { checkpoint: 0, undo: [] };
    try {
      return deserialize(bytes) as StoredProgress;
    } catch (cause) {
      throw new VmError('JOURNAL_INVALID', `${this.#store.name} has no readable progress.`, { cause });
    }
  }
}

/** Remembers what no checkpoint has saved yet. */
class SavedBackend extends RevertibleBackend {
  #unsaved = new ChangeLog();

  override commit(changes: readonly StateChange[]): void {
    super.commit(changes);
    this.#note(changes);
  }

  /** A change that is in the store already. */
  load(change: StateChange): void {
    super.commit([change]);
  }

  protected override reverted(changes: readonly StateChange[]): void {
    this.#note(changes);
  }

  /** The changes since the last call, merged. */
  takeUnsaved(): readonly StateChange[] {
    const changes = this.#unsaved.list();
    this.#unsaved = new ChangeLog();
    return changes;
  }

  #note(changes: readonly StateChange[]): void {
    for (const change of changes) this.#unsaved.add(change);
  }
}
