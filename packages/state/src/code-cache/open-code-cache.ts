import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type CompiledCodeCache, DEFAULT_CODE_CACHE_BYTES } from '@switchyard/core';
import { encodeEntry, entryName, readEntry } from './entry-file.ts';
import { type CodeCacheUsage, remove, roomOf, sweep, usageOf, writeEntry } from './entry-files.ts';
import { checkDirectory } from './trusted-directory.ts';

/** Where a cache is and how large it may become. */
export interface CodeCacheOptions {
  /** Made at the first `put`, for this user alone. */
  readonly directory: string;
  /** Room that its files may take. Several processes that write at one time may take a sixteenth each more, for a while. */
  readonly maxBytes?: number;
}

/** A cache of compiled code in a directory. */
export interface CodeCache extends CompiledCodeCache {
  /** Absolute. */
  readonly directory: string;
  readonly maxBytes: number;
  /** Looks through the directory. @throws when it cannot be read. */
  usage(): CodeCacheUsage;
}

/**
 * Opens a cache of compiled code; any number of processes may share one directory.
 * @throws VmError CACHE_UNAVAILABLE for a directory that others may write to, since whoever can decides what contracts do; or that
 * cannot be opened or made.
 * @example ports.set(COMPILED_CODE_CACHE, openCodeCache({ directory: '.switchyard/cache' }));
 */
export function openCodeCache({
  directory,
  maxBytes = DEFAULT_CODE_CACHE_BYTES,
}: CodeCacheOptions): CodeCache {
  const path = resolve(directory);
  checkDirectory(path);
  return new DirectoryCodeCache(path, maxBytes);
}

/** One file for each key; files go in the order of their last use. */
class DirectoryCodeCache implements CodeCache {
  readonly directory: string;
  readonly maxBytes: number;
  /** Room that is taken as far as this process knows: what it found and has written since. */
  #taken = 0;
  /** Room written since the directory was last looked through; before the first time it is always due. */
  #written = Number.POSITIVE_INFINITY;

  constructor(directory: string, maxBytes: number) {
    this.directory = directory;
    this.maxBytes = maxBytes;
  }

  get(key: string): Uint8Array | undefined {
    const name = entryName(key);
    const found = readEntry(join(this.directory, name), key, this.maxBytes);
    if (found === 'absent') return undefined;
    if (found !== 'damaged') return found;
    remove(this.directory, name);
    return undefined;
  }

  put(key: string, bytes: Uint8Array): void {
    const content = encodeEntry(key, bytes);
    const room = roomOf(content.length);
    if (room > this.maxBytes) return;
    try {
      mkdirSync(this.directory, { recursive: true, mode: 0o700 });
      writeEntry(this.directory, entryName(key), content);
      this.#count(room);
    } catch {
      // Full, read-only or gone: then it is made again when it is needed again.
    }
  }

  usage(): CodeCacheUsage {
    return existsSync(this.directory) ? usageOf(this.directory) : { entries: 0, bytes: 0 };
  }

  /** Looks through the directory only when the bound may be reached, or enough was written to hide that others write too. */
  #count(room: number): void {
    this.#taken += room;
    this.#written += room;
    if (this.#taken <= this.maxBytes && this.#written <= this.maxBytes / 16) return;
    this.#taken = sweep(this.directory, this.maxBytes, Math.floor(this.maxBytes * 0.875));
    this.#written = 0;
  }
}
