import { WireError, type WireErrorName, WireReader } from '@switchyard/core';
import type { LegacyModule } from '../module/legacy-module.ts';
import type { Box } from '../values/box.ts';
import { keyOf } from '../values/key-of.ts';
import { CellWriter } from './cell-writer.ts';
import { readCell } from './read-cell.ts';

/** A decoded module, or the reader's error. */
export type DecodedModule =
  | { readonly ok: true; readonly module: LegacyModule; readonly consumed: number }
  | { readonly ok: false; readonly name: WireErrorName | 'InvalidHex'; readonly detail: string };

/** Reads the wire form of a module (spec §2.3). Bytes after it are not an error here: `consumed` says where it ended. */
export function decodeModule(code: Uint8Array): DecodedModule {
  try {
    const reader = new WireReader(code);
    const module = readModule(reader);
    return { ok: true, module, consumed: reader.position };
  } catch (thrown) {
    if (!(thrown instanceof WireError)) throw thrown;
    return { ok: false, name: thrown.wireName, detail: thrown.message };
  }
}

function readModule(reader: WireReader): LegacyModule {
  const constants: Box[] = [];
  const known = new Set<string | number>();
  for (let count = reader.u16(); count > 0; count--) {
    const constant = readCell(reader);
    const key = keyOf(constant);
    if (known.has(key)) throw reader.invalid(`duplicate constant ${constants.length}`);
    known.add(key);
    constants.push(constant);
  }
  const chunks: Uint8Array[] = [];
  for (let count = reader.u16(); count > 0; count--) chunks.push(reader.bytes(reader.u32()));
  const entryCount = reader.u16();
  if (entryCount > chunks.length) throw reader.invalid(`${entryCount} entries of ${chunks.length} chunks`);
  const entries = new Set<number>();
  for (let i = 0; i < entryCount; i++) {
    const id = reader.u16();
    // Equal passes the reference's reader; the validator refuses it.
    if (id > chunks.length || entries.has(id)) throw reader.invalid(`entry ${id}`);
    entries.add(id);
  }
  const hooks = new Map<number, number>();
  for (let count = reader.u8(); count > 0; count--) {
    const hook = reader.u8();
    if (hooks.has(hook)) throw reader.invalid(`duplicate hook ${hook}`);
    hooks.set(hook, reader.u16());
  }
  return { constants, chunks, entries, hooks };
}

/** The canonical wire form as the reference writes it: what does not fit is cut. */
export function moduleWire(module: LegacyModule): Uint8Array {
  const writer = new CellWriter().u16(module.constants.length);
  for (const constant of module.constants) writer.cell(constant);
  writer.u16(module.chunks.length);
  for (const chunk of module.chunks) writer.u32(chunk.length).bytes(chunk);
  writer.u16(module.entries.size);
  for (const entry of module.entries) writer.u16(entry);
  writer.u8(module.hooks.size);
  for (const [hook, chunk] of module.hooks) writer.u8(hook).u16(chunk);
  return writer.finish();
}
