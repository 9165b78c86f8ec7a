import { randomBytes } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isEntryName } from './entry-file.ts';

/** A file smaller than this takes as much room: so the bound also bounds the number of files. */
const BLOCK_BYTES = 4096;

/** A file that is being written is written in far less time; an older one was left behind by a process that was killed. */
const ABANDONED_AFTER_MS = 3_600_000;

/** What the cache holds. */
export interface CodeCacheUsage {
  readonly entries: number;
  /** Room that they take: each file's length, rounded up to 4 KiB. */
  readonly bytes: number;
}

interface EntryFile {
  readonly name: string;
  readonly bytes: number;
  readonly usedMs: number;
}

/** Room that a file of this length takes. */
export function roomOf(length: number): number {
  return Math.ceil(length / BLOCK_BYTES) * BLOCK_BYTES;
}

/** Writes a file beside its place and moves it there: readers, and other writers, see a whole one or none. */
export function writeEntry(directory: string, name: string, content: Uint8Array): void {
  const temporary = join(directory, `${name}.${randomBytes(8).toString('hex')}.tmp`);
  const file = openSync(temporary, 'wx', 0o600);
  try {
    try {
      for (let at = 0; at < content.length; ) at += writeSync(file, content, at);
    } finally {
      closeSync(file);
    }
    // Not flushed to disk before: what a power loss leaves does not pass the reader's check, and can be made again.
    renameSync(temporary, join(directory, name));
  } catch (thrown) {
    rmSync(temporary, { force: true });
    throw thrown;
  }
}

/** What the directory holds; other files than the cache's own are neither counted nor touched. */
export function usageOf(directory: string): CodeCacheUsage {
  const { entries } = list(directory);
  return { entries: entries.length, bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/**
 * Removes what killed processes left behind and, if all that is left takes more than `mostBytes`, the files that were not used for the
 * longest until it takes `goalBytes`. Files that another process removes meanwhile are no matter.
 * @returns the room that the rest takes.
 */
export function sweep(directory: string, mostBytes: number, goalBytes: number): number {
  const { entries, temporaries } = list(directory);
  const latest = Date.now() - ABANDONED_AFTER_MS;
  for (const { name, usedMs } of temporaries) if (usedMs < latest) remove(directory, name);
  let total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= mostBytes) return total;
  entries.sort((a, b) => a.usedMs - b.usedMs);
  for (const { name, bytes } of entries) {
    if (total <= goalBytes) break;
    remove(directory, name);
    total -= bytes;
  }
  return total;
}

/** Removes a file, or leaves it when that fails. */
export function remove(directory: string, name: string): void {
  try {
    rmSync(join(directory, name), { force: true });
  } catch {
    // A directory, or one that this user may not change: it goes on counting, and nothing is read from it.
  }
}

function list(directory: string): { readonly entries: EntryFile[]; readonly temporaries: EntryFile[] } {
  const entries: EntryFile[] = [];
  const temporaries: EntryFile[] = [];
  for (const name of readdirSync(directory)) {
    const isTemporary = /^[0-9a-f]{64}\.[0-9a-f]{16}\.tmp$/.test(name);
    if (!isTemporary && !isEntryName(name)) continue;
    const stats = lstatSync(join(directory, name), { throwIfNoEntry: false });
    if (stats === undefined) continue;
    (isTemporary ? temporaries : entries).push({ name, bytes: roomOf(stats.size), usedMs: stats.mtimeMs });
  }
  return { entries, temporaries };
}
