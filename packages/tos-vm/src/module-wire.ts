import {
  type EngineDefinition,
  encodeUtf8,
  WireError,
  type WireReader,
  type WireWriter,
} from '@switchyard/core';
import { tosError } from './errors.ts';

/** Longest module in bytes (framework.md D13). */
export const MAX_MODULE_BYTES = 1_048_576;

const ELF_MAGIC = [0x7f, 0x45, 0x4c, 0x46];
/** Longest name in a table; names are `entry_N` and `hook_N`. */
const MAX_NAME_BYTES = 11;

/** What is written of a module. */
export interface WireModule {
  elfBytes(): Uint8Array;
  readonly entryPoints: ReadonlyMap<number, string>;
  readonly hooks: ReadonlyMap<number, string>;
}

/** True when an ELF file begins at an offset. */
export function isElf(bytes: Uint8Array, offset: number): boolean {
  return ELF_MAGIC.every((byte, index) => bytes[offset + index] === byte);
}

/** Writes a module (framework.md M3, D11, D12): integers big-endian, ids ascending, strings after their length (u32). */
export function writeModule(module: WireModule, writer: WireWriter): void {
  const code = module.elfBytes();
  if (!isElf(code, 0)) {
    writer.bytes(code);
    return;
  }
  writer.u32(code.length).bytes(code).u16(module.entryPoints.size);
  for (const [id, name] of module.entryPoints) writeText(writer.u16(id), name);
  writer.u8(module.hooks.size);
  for (const [id, name] of module.hooks) writeText(writer.u8(id), name);
}

/** Bytes that `writeModule` writes. */
export function moduleSize(module: WireModule): number {
  const code = module.elfBytes();
  if (!isElf(code, 0)) return code.length;
  let size = 4 + code.length + 2 + 1;
  for (const name of module.entryPoints.values()) size += 2 + 4 + encodeUtf8(name).length;
  for (const name of module.hooks.values()) size += 1 + 4 + encodeUtf8(name).length;
  return size;
}

/**
 * Reads a module: a length and an ELF file at the fifth byte, else a legacy module, which tells its own end (legacy-stack-vm.md §2.4).
 * The tables behind an ELF file must be those of the file itself (framework.md D10).
 */
export function readModuleBytes<T extends WireModule>(
  reader: WireReader,
  engines: readonly EngineDefinition[],
  load: (code: Uint8Array) => T,
): T {
  try {
    return isElf(reader.rest, 4) ? readElf(reader, load) : load(reader.bytes(legacyLength(reader, engines)));
  } catch (thrown) {
    if (!(thrown instanceof WireError)) throw thrown;
    throw tosError('CODE_INVALID', thrown.wireName, `not a module: ${thrown.message}.`);
  }
}

function legacyLength(reader: WireReader, engines: readonly EngineDefinition[]): number {
  for (const { tools } of engines) {
    const length = tools.calls?.moduleLength?.(reader.rest);
    if (length !== undefined) return length;
  }
  // Not one: all of the bytes, so that loading them says why.
  return reader.rest.length;
}

function readElf<T extends WireModule>(reader: WireReader, load: (code: Uint8Array) => T): T {
  const length = reader.u32();
  if (length > MAX_MODULE_BYTES) {
    throw tosError(
      'CODE_TOO_LARGE',
      'InvalidSize',
      `an ELF file of ${length} bytes; at most ${MAX_MODULE_BYTES} are allowed.`,
    );
  }
  const code = reader.bytes(length);
  const entries = readTable(reader, reader.u16(), () => reader.u16());
  const hooks = readTable(reader, reader.u8(), () => reader.u8());
  const module = load(code);
  if (!isTable(entries, module.entryPoints)) throw reader.invalid("the entries are not the ELF file's");
  if (!isTable(hooks, module.hooks)) throw reader.invalid("the hooks are not the ELF file's");
  return module;
}

type Row = readonly [id: number, name: string];

function readTable(reader: WireReader, count: number, readId: () => number): readonly Row[] {
  const rows: Row[] = [];
  for (let i = 0; i < count; i++) {
    const id = readId();
    const length = reader.u32();
    if (length > MAX_NAME_BYTES) throw reader.invalid(`a name of ${length} bytes`);
    rows.push([id, reader.text(length)]);
  }
  return rows;
}

function isTable(rows: readonly Row[], table: ReadonlyMap<number, string>): boolean {
  const wanted = [...table];
  return (
    rows.length === wanted.length &&
    rows.every(([id, name], index) => id === wanted[index]![0] && name === wanted[index]![1])
  );
}

function writeText(writer: WireWriter, text: string): void {
  const bytes = encodeUtf8(text);
  writer.u32(bytes.length).bytes(bytes);
}
