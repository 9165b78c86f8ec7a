import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { VmError } from '@switchyard/core';

/*
 * LMDB maps its file and trusts it: a cut or foreign file ends the process with a bus error. So the two header pages are read here
 * first. Offsets are those of lmdb-js 3.5 on 64-bit machines: a page header of 24 bytes, then magic u32, version u32, address u64, map
 * size u64, two tables of 48 bytes (page size u32 first, root page u64 at 40), last page u64, transaction u64; little-endian.
 */

const MAGIC = 0xbeefc0de;
const META = 24;
const META_BYTES = 160;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;

/** A file may lack pages at its end that a transaction took and gave back; more than these, and a tenth, is a cut file. */
const MISSING_PAGES_ALLOWED = 64n;

interface Meta {
  readonly pageSize: number;
  readonly roots: readonly bigint[];
  readonly lastPage: bigint;
  readonly transaction: bigint;
}

/**
 * Makes sure that LMDB can map the data file.
 * @throws VmError STATE_CORRUPT for a file that is not LMDB's, or was cut.
 */
export function checkDataFile(path: string, data: string): void {
  const file = openSync(data, 'r');
  let size: number;
  let newest: Meta | undefined;
  try {
    size = fstatSync(file).size;
    // A process killed while LMDB made the file leaves it empty; LMDB then starts afresh.
    if (size === 0) return;
    const first = readMeta(file, 0);
    const second = first === undefined ? undefined : readMeta(file, first.pageSize);
    if (first === undefined || second === undefined || second.pageSize !== first.pageSize) {
      throw corrupt(path, 'data.mdb is not an LMDB file');
    }
    newest = second.transaction > first.transaction ? second : first;
  } finally {
    closeSync(file);
  }
  const pages = BigInt(Math.floor(size / newest.pageSize));
  const missing = newest.lastPage + 1n - pages;
  if (missing <= 0n) return;
  const lostRoot = newest.roots.some((root) => root !== NO_PAGE && root >= pages);
  if (lostRoot || (missing > MISSING_PAGES_ALLOWED && missing * 10n > newest.lastPage)) {
    throw corrupt(path, `data.mdb was cut: ${missing} of its ${newest.lastPage + 1n} pages are missing`);
  }
}

function readMeta(file: number, offset: number): Meta | undefined {
  const bytes = new Uint8Array(META_BYTES);
  if (readSync(file, bytes, 0, META_BYTES, offset) < META_BYTES) return undefined;
  const view = new DataView(bytes.buffer);
  const pageSize = view.getUint32(META + 24, true);
  const isPower = pageSize >= 256 && pageSize <= 65_536 && (pageSize & (pageSize - 1)) === 0;
  if (view.getUint32(META, true) !== MAGIC || !isPower) return undefined;
  const roots = [view.getBigUint64(META + 64, true), view.getBigUint64(META + 112, true)];
  const lastPage = view.getBigUint64(META + 120, true);
  if (lastPage > 0xffff_ffff_ffffn || roots.some((root) => root !== NO_PAGE && root > lastPage))
    return undefined;
  return { pageSize, roots, lastPage, transaction: view.getBigUint64(META + 128, true) };
}

function corrupt(path: string, what: string): VmError {
  return new VmError('STATE_CORRUPT', `${path}: ${what}.`, {
    hint: 'Choose another path, or restore a snapshot into a new one.',
  });
}
