import { decodeUtf8, type JsonValue } from '@switchyard/core';
import type { LegacyModule } from '../module/legacy-module.ts';
import type { Box } from '../values/box.ts';
import { keyOf } from '../values/key-of.ts';
import type { DecodedModule } from '../wire/module-wire.ts';
import { byteOf, cellFromJson, cellToJson, fieldsOf, listOf, numberOf } from './cell-json.ts';
import { JsonError, namesOf, parseJson } from './parse-json.ts';

/** Reads the JSON form of a module (spec §2.2): fields may be missing, unknown ones are ignored, duplicates are merged. */
export function decodeModuleJson(code: Uint8Array): DecodedModule {
  try {
    const text = decodeUtf8(code);
    if (text === undefined) throw new JsonError('not UTF-8');
    return { ok: true, module: moduleFromJson(parseJson(text)), consumed: code.length };
  } catch (thrown) {
    if (!(thrown instanceof JsonError)) throw thrown;
    return { ok: false, name: 'InvalidValue', detail: thrown.message };
  }
}

function moduleFromJson(json: JsonValue): LegacyModule {
  const fields = fieldsOf(json);
  const constants = new Map<string | number, Box>();
  for (const cell of listOf(fields['constants'] ?? [])) {
    const constant = cellFromJson(cell);
    const key = keyOf(constant);
    if (!constants.has(key)) constants.set(key, constant);
  }
  const chunks = listOf(fields['chunks'] ?? []).map((chunk) =>
    Uint8Array.from(listOf(fieldsOf(chunk)['instructions']), byteOf),
  );
  const entries = new Set(listOf(fields['entry_chunk_ids'] ?? []).map((id) => numberOf(id, 0xffff)));
  const hooks = new Map<number, number>();
  const hookFields = fieldsOf(fields['hook_chunk_ids'] ?? {});
  for (const name of namesOf(hookFields)) {
    if (!/^(0|[1-9]\d{0,2})$/.test(name) || Number(name) > 255) throw new JsonError(`hook "${name}"`);
    hooks.set(Number(name), numberOf(hookFields[name]!, 0xffff));
  }
  return { constants: [...constants.values()], chunks, entries, hooks };
}

/** The JSON form of a module as a value; integers above 2^53 are bigint. */
export function moduleToJson(module: LegacyModule): JsonValue {
  return {
    constants: module.constants.map(cellToJson),
    chunks: module.chunks.map((chunk) => ({ instructions: Array.from(chunk) })),
    entry_chunk_ids: [...module.entries],
    hook_chunk_ids: Object.fromEntries(module.hooks),
  };
}
