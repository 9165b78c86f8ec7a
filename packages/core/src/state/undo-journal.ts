import { VmError } from '../errors/vm-error.ts';
import type { RunOutput } from '../vm/outputs.ts';
import type { AnyCell, Cell } from './cell.ts';
import type { StateChange } from './changes.ts';

interface UndoEntry {
  readonly cell: AnyCell;
  readonly before: unknown;
  /** The cell's `journalIndex` before this entry was made. */
  readonly previousIndex: number;
}

interface OpenCheckpoint {
  readonly id: number;
  /** Length of the undo list when the checkpoint opened. */
  readonly start: number;
  readonly outputs: number;
}

/**
 * Undo list with nested checkpoints. A cell gets at most one entry per checkpoint, so a loop that writes one key a million times
 * holds one old value, and revert costs O(items changed).
 */
export class UndoJournal {
  readonly outputs: RunOutput[] = [];
  readonly #entries: UndoEntry[] = [];
  readonly #open: OpenCheckpoint[] = [];
  #innermostStart = 0;
  #nextId = 1;

  /** True when nothing was written and no checkpoint is open. */
  get isEmpty(): boolean {
    return this.#entries.length === 0 && this.#open.length === 0 && this.outputs.length === 0;
  }

  get hasOpenCheckpoint(): boolean {
    return this.#open.length > 0;
  }

  /** Sets a cell's value and remembers the old one. */
  write<T>(cell: Cell<T>, value: T): void {
    if (cell.journalIndex < this.#innermostStart) {
      this.#entries.push({
        cell: cell as AnyCell,
        before: cell.value,
        previousIndex: cell.journalIndex,
      });
      cell.journalIndex = this.#entries.length - 1;
    }
    cell.value = value;
  }

  checkpoint(): number {
    const id = this.#nextId++;
    this.#open.push({ id, start: this.#entries.length, outputs: this.outputs.length });
    this.#innermostStart = this.#entries.length;
    return id;
  }

  commit(id: number): void {
    const last = this.#open.at(-1);
    if (last?.id !== id) {
      throw new VmError(
        'CHECKPOINT_INVALID',
        last === undefined
          ? `commit of checkpoint ${id}: no checkpoint is open.`
          : `commit of checkpoint ${id}: the innermost open checkpoint is ${last.id}.`,
      );
    }
    this.#open.pop();
    this.#innermostStart = this.#open.at(-1)?.start ?? 0;
  }

  revert(id: number): void {
    const { start, outputs } = this.#find(id, 'revert to');
    for (let i = this.#entries.length - 1; i >= start; i--) {
      const entry = this.#entries[i]!;
      entry.cell.value = entry.before;
      entry.cell.journalIndex = entry.previousIndex;
    }
    this.#entries.length = start;
    this.outputs.length = outputs;
    while (this.#open.pop()?.id !== id);
    this.#innermostStart = this.#open.at(-1)?.start ?? 0;
  }

  /** True when a write or an output was recorded since the checkpoint and not undone. */
  touchedSince(id: number): boolean {
    const { start, outputs } = this.#find(id, 'look at');
    return this.#entries.length > start || this.outputs.length > outputs;
  }

  /** Net changes since the checkpoint, or since the last clear; in order of first write. */
  changes(since: number | undefined): StateChange[] {
    const start = since === undefined ? 0 : this.#find(since, 'changes since').start;
    const seen = new Set<AnyCell>();
    const changes: StateChange[] = [];
    for (let i = start; i < this.#entries.length; i++) {
      const { cell, before } = this.#entries[i]!;
      // The first entry of a cell in the range holds its value at the start of the range.
      if (seen.has(cell)) continue;
      seen.add(cell);
      const change = cell.toChange(before);
      if (change !== undefined) changes.push(change);
    }
    return changes;
  }

  /** Forgets everything: entries, outputs, checkpoints. The cells are the caller's to drop. */
  clear(): void {
    this.#entries.length = 0;
    this.outputs.length = 0;
    this.#open.length = 0;
    this.#innermostStart = 0;
  }

  #find(id: number, action: string): OpenCheckpoint {
    for (let i = this.#open.length - 1; i >= 0; i--) {
      const open = this.#open[i]!;
      if (open.id === id) return open;
    }
    throw new VmError('CHECKPOINT_INVALID', `${action} checkpoint ${id}: it is not open.`);
  }
}
