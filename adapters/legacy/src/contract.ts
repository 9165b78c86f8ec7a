import { type EntryPoint, VmError, WireError, WireReader } from '@switchyard/core';
import type { LegacyModule } from './module/legacy-module.ts';
import { decodeProgram, type Program } from './module/program.ts';
import { type ValidatorError, validateConstant, validateModule } from './module/validator.ts';
import type { NativeTable } from './natives/native.ts';
import { NODE_HOOKS, nodeNatives } from './natives/table.ts';
import type { Box } from './values/box.ts';
import { decodeModule } from './wire/module-wire.ts';
import { readCell } from './wire/read-cell.ts';

/** More natives than an id can name. */
const EVERY_NATIVE = 0x1_0000;

/**
 * True for bytes that are a whole and valid module on some host: which functions a host registers says nothing of the format, so a module
 * that calls others is recognised, and its refusal can name them.
 */
export function isLegacyModule(code: Uint8Array): boolean {
  const decoded = decodeModule(code);
  return decoded.ok && decoded.consumed === code.length && isValidElsewhere(decoded.module);
}

function isValidElsewhere(module: LegacyModule): boolean {
  return validateModule(module, { hookCount: NODE_HOOKS, nativeCount: EVERY_NATIVE }) === undefined;
}

/** Decodes and validates a module as a deployment does, every byte of it, for an engine with these natives. A refusal is a VmError CODE_INVALID. */
export function loadContract(code: Uint8Array, natives: NativeTable): Program | VmError {
  const decoded = decodeModule(code);
  if (!decoded.ok) {
    const { name, detail } = decoded;
    return new VmError('CODE_INVALID', `not a legacy module: ${detail}.`, { native: { name, detail: name } });
  }
  if (decoded.consumed !== code.length) {
    return new VmError(
      'CODE_INVALID',
      `not a legacy module: it ends at byte ${decoded.consumed} of ${code.length}.`,
      { native: { name: 'InvalidSize', detail: 'InvalidSize' } },
    );
  }
  const refused = validateModule(decoded.module, { hookCount: NODE_HOOKS, nativeCount: natives.length });
  if (refused !== undefined) {
    if (refused.name === 'InvalidSysCall' && isValidElsewhere(decoded.module)) {
      return missingFunction(refused, natives.length);
    }
    return new VmError('CODE_INVALID', `the validator refuses the module: ${refused.detail}.`, {
      native: refused,
    });
  }
  return decodeProgram(decoded.module);
}

/** A module that is valid but for the natives that it calls: those behind the node's are functions of the host. */
function missingFunction(refused: ValidatorError, nativeCount: number): VmError {
  const first = nodeNatives.length;
  const id = Number(/\d+/.exec(refused.detail)?.[0]);
  const count = nativeCount - first;
  const which = id === first ? 'the first host function' : `host function ${id - first + 1}`;
  const ids = count === 1 ? `${first}` : `${first} to ${nativeCount - 1}`;
  return new VmError(
    'CODE_INVALID',
    `the module calls native ${id}, ${which}, and this host registers ${count === 0 ? 'none' : `${count} (${ids})`}.`,
    {
      native: refused,
      hint: 'Functions of the host are registered in code, see docs/guide/tos-vm.md; the switchyard command has none.',
    },
  );
}

/** The chunk at which an entry point starts, or the error ENTRY_NOT_FOUND that lists what there is. */
export function chunkOf(program: Program, entry: EntryPoint): number | VmError {
  const { entries, hooks } = program.module;
  const [kind, id] = entryId(entry, entries);
  if (kind === 'entry' && entries.has(id)) return id;
  const hook = kind === 'hook' ? hooks.get(id) : undefined;
  if (hook !== undefined) return hook;
  const names = [
    ...[...entries].map((each) => `entry_${each}`),
    ...[...hooks.keys()].map((each) => `hook_${each}`),
  ];
  const listed = names.length > 12 ? [...names.slice(0, 12), `${names.length - 12} more`] : names;
  const native = kind === 'hook' ? 'HookNotImplemented' : 'ChunkNotEntry';
  return new VmError(
    'ENTRY_NOT_FOUND',
    `the module has no ${entryName(entry)}; it has ${listed.join(', ') || 'nothing to call'}.`,
    { native: { name: native, detail: native } },
  );
}

/** `default` is the only entry, where there is one. */
function entryId(
  entry: EntryPoint,
  entries: ReadonlySet<number>,
): readonly ['entry' | 'hook' | 'none', number] {
  switch (entry.kind) {
    case 'default':
      return entries.size === 1 ? ['entry', [...entries][0]!] : ['none', 0];
    case 'function': {
      const match = /^(entry|hook)_(0|[1-9]\d{0,4})$/.exec(entry.name);
      return match === null ? ['none', 0] : [match[1] as 'entry' | 'hook', Number(match[2])];
    }
    default:
      return [entry.kind, entry.id];
  }
}

function entryName(entry: EntryPoint): string {
  if (entry.kind === 'default') return 'default entry';
  return entry.kind === 'function' ? `function "${entry.name}"` : `${entry.kind}_${entry.id}`;
}

/** Parameters of a call's input: nothing, or `u8 n` and n cells in wire form, in source order (spec §2.3, invoke payload). */
export function readParameters(input: Uint8Array): readonly Box[] | VmError {
  if (input.length === 0) return [];
  const reader = new WireReader(input);
  const cells: Box[] = [];
  try {
    for (let count = reader.u8(); count > 0; count--) cells.push(readCell(reader));
  } catch (thrown) {
    if (!(thrown instanceof WireError)) throw thrown;
    return inputError(thrown.message);
  }
  if (!reader.isAtEnd) return inputError(`the parameters end at byte ${reader.position} of ${input.length}`);
  for (const cell of cells) {
    const refused = validateConstant(cell);
    if (refused !== undefined) return inputError(refused.detail);
  }
  return cells;
}

function inputError(what: string): VmError {
  return new VmError('INVALID_ARGUMENT', `input: ${what}.`, {
    hint: "A legacy contract's input is the number of parameters (u8) and their cells in wire form; empty for none.",
  });
}
