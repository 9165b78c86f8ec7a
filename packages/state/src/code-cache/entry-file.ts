import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, futimesSync, openSync, readSync, type Stats } from 'node:fs';
import { encodeUtf8 } from '@switchyard/core';
import { isTrusted } from './trusted-directory.ts';

/*
 * A file of the cache: magic "SWYDCODE" ‖ version u16 ‖ sha-256 of (key length u32 ‖ key ‖ payload) ‖ payload. Integers big-endian. Its
 * name is the sha-256 of the key, in hexadecimal. The key itself is not in the file: the reader knows it, and the hash holds the two
 * together, so a file under a wrong name is as bad as a changed one.
 */

const MAGIC = encodeUtf8('SWYDCODE');
const VERSION = 1;
const HASH_AT = MAGIC.length + 2;
const HEAD_BYTES = HASH_AT + 32;

/** Hangs on no pipe and follows no link. Windows has neither flag, nor what they guard against. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** The name of a key's file. */
export function entryName(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Whether a name could be `entryName`'s. */
export function isEntryName(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name);
}

/** A file's content. */
export function encodeEntry(key: string, payload: Uint8Array): Uint8Array {
  const file = new Uint8Array(HEAD_BYTES + payload.length);
  file.set(MAGIC);
  new DataView(file.buffer).setUint16(MAGIC.length, VERSION);
  file.set(digestOf(key, payload), HASH_AT);
  file.set(payload, HEAD_BYTES);
  return file;
}

/** The payload of a file's content, a view; undefined when it is not what `encodeEntry` made for this key. */
export function decodeEntry(key: string, file: Uint8Array): Uint8Array | undefined {
  if (file.length < HEAD_BYTES || MAGIC.some((byte, index) => file[index] !== byte)) return undefined;
  if (new DataView(file.buffer, file.byteOffset).getUint16(MAGIC.length) !== VERSION) return undefined;
  const payload = file.subarray(HEAD_BYTES);
  return digestOf(key, payload).every((byte, index) => file[HASH_AT + index] === byte) ? payload : undefined;
}

function digestOf(key: string, payload: Uint8Array): Uint8Array {
  const keyBytes = encodeUtf8(key);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, keyBytes.length);
  return createHash('sha256').update(length).update(keyBytes).update(payload).digest();
}

/**
 * Reads a key's file and marks it as used now.
 * @returns its payload; `absent` when there is no file that can be opened; `damaged` for one that holds anything else.
 */
export function readEntry(path: string, key: string, mostBytes: number): Uint8Array | 'absent' | 'damaged' {
  let file: number;
  try {
    file = openSync(path, OPEN_FLAGS);
  } catch {
    return 'absent';
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile() || !isTrusted(stats) || stats.size > mostBytes) return 'damaged';
    const content = readWhole(file, stats);
    const payload = content === undefined ? undefined : decodeEntry(key, content);
    if (payload === undefined) return 'damaged';
    markUsed(file);
    return payload;
  } catch {
    return 'absent';
  } finally {
    closeSync(file);
  }
}

function readWhole(file: number, { size }: Stats): Uint8Array | undefined {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const read = readSync(file, bytes, at, size - at, at);
    if (read === 0) return undefined;
    at += read;
  }
  return bytes;
}

/** The time of the last change is the order in which files go; the time of the last access is not kept on every file system. */
function markUsed(file: number): void {
  const now = Date.now() / 1000;
  try {
    futimesSync(file, now, now);
  } catch {
    // A cache that this user only reads: whoever writes it decides what stays.
  }
}
