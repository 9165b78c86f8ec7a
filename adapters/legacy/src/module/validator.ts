import { LegacyOp } from '../isa/legacy-op.ts';
import { OPCODES } from '../isa/opcodes.ts';
import { type Box, bytesOf, elementsOf, mapOf, opaqueOf, rangeOf } from '../values/box.ts';
import { isInteger, Kind } from '../values/kind.ts';
import { measure } from '../values/measure.ts';
import { isInputOpaque } from '../values/opaque.ts';
import type { LegacyModule } from './legacy-module.ts';

/** The validator's first complaint: variant name, and with its payload in the reference's debug form. */
export interface ValidatorError {
  readonly name: string;
  readonly detail: string;
}

/** What the validator must know of the environment. */
export interface ValidatorOptions {
  readonly hookCount: number;
  readonly nativeCount: number;
}

const MAX_COUNT = 65_535;
const MAX_DEPTH = 16;
const MAX_CONSTANT_MEMORY = 1_048_576;

const complain = (name: string, payload = ''): ValidatorError => ({ name, detail: name + payload });

/** Checks a module as deployment does (spec §6). @returns the first error, or undefined. */
export function validateModule(module: LegacyModule, options: ValidatorOptions): ValidatorError | undefined {
  return (
    checkConstants(module) ??
    checkEntries(module) ??
    checkHooks(module, options.hookCount) ??
    checkChunks(module, options.nativeCount)
  );
}

function checkConstants({ constants, chunks }: LegacyModule): ValidatorError | undefined {
  if (constants.length >= MAX_COUNT) return complain('TooManyConstants');
  if (chunks.length >= MAX_COUNT) return complain('TooManyChunks');
  let memory = 0;
  for (const constant of constants) {
    const error = validateConstant(constant);
    if (error !== undefined) return error;
    const size = constantMemory(constant);
    if (typeof size !== 'number') return size;
    memory += size;
    if (memory > MAX_CONSTANT_MEMORY) return complain('TooMuchMemoryUsage');
  }
  return undefined;
}

/** The inner walk has a limit of its own. Only it leaves by an exception, because `measure` cannot go on. */
class WalkExceeded extends Error {}

function constantMemory(constant: Box): number | ValidatorError {
  try {
    return measure(constant, MAX_CONSTANT_MEMORY, (used, limit) => {
      throw new WalkExceeded(`ValueError(MaxMemoryReached(${used}, ${limit}))`);
    });
  } catch (thrown) {
    if (!(thrown instanceof WalkExceeded)) throw thrown;
    return { name: 'ValueError(MaxMemoryReached)', detail: thrown.message };
  }
}

/** The check that a constant and a call's parameter must pass, without the sum of memory. */
export function validateConstant(constant: Box): ValidatorError | undefined {
  const pending: Box[] = [constant];
  const depths: number[] = [0];
  for (let box = pending.pop(); box !== undefined; box = pending.pop()) {
    const depth = depths.pop()!;
    if (depth > MAX_DEPTH) return complain('ConstantTooDeep');
    const error = validateOne(box);
    if (error !== undefined) return error;
    for (const child of childrenOf(box)) {
      pending.push(child);
      depths.push(depth + 1);
    }
  }
  return undefined;
}

function childrenOf(box: Box): readonly Box[] {
  if (box.kind === Kind.Object) return elementsOf(box);
  if (box.kind !== Kind.Map) return [];
  const { keys, values } = mapOf(box);
  return keys.flatMap((key, index) => [key, values[index]!]);
}

function validateOne(box: Box): ValidatorError | undefined {
  switch (box.kind) {
    case Kind.Bytes:
      return bytesOf(box).length > 0xffff_ffff ? complain('TooManyConstants') : undefined;
    case Kind.Map:
      return mapOf(box).keys.some((key) => key.kind === Kind.Map)
        ? complain('MapAsKeyNotAllowed')
        : undefined;
    case Kind.Range: {
      const { start, end } = rangeOf(box);
      return isInteger(start.kind) && start.kind === end.kind ? undefined : complain('InvalidRange');
    }
    case Kind.Opaque:
      return isInputOpaque(opaqueOf(box).type) ? undefined : complain('InvalidOpaque');
    default:
      return undefined;
  }
}

function checkEntries({ chunks, entries }: LegacyModule): ValidatorError | undefined {
  if (chunks.length === 0) return complain('EmptyModule');
  for (const id of entries) if (id >= chunks.length) return complain('InvalidEntryId', `(${id})`);
  return undefined;
}

function checkHooks({ chunks, entries, hooks }: LegacyModule, hookCount: number): ValidatorError | undefined {
  const used = new Set(entries);
  for (const [hook, chunk] of hooks) {
    if (chunk >= chunks.length || hook >= hookCount) return complain('InvalidHookId', `(${hook}, ${chunk})`);
    if (used.has(chunk)) return complain('ChunkIdAlreadyUsed', `(${chunk})`);
    used.add(chunk);
  }
  return undefined;
}

function checkChunks(module: LegacyModule, nativeCount: number): ValidatorError | undefined {
  const callable = new Set([...module.entries, ...module.hooks.values()]);
  for (const chunk of module.chunks) {
    for (let at = 0; at < chunk.length; ) {
      const row = OPCODES[chunk[at]!];
      if (row === undefined) return complain('InvalidOpCode');
      const error = checkOperand(module, chunk, at, callable, nativeCount);
      if (error !== undefined) return error;
      const missing = at + row.size - chunk.length;
      if (missing > 0)
        return complain('InvalidOpCodeArguments', `(${row.name}, ${missingOperands(row.code, row.size)})`);
      at += row.size;
    }
  }
  return undefined;
}

/** Operand bytes that the linear scan still requires: those that were not read to check an id. */
function missingOperands(code: number, size: number): number {
  switch (code) {
    case LegacyOp.InvokeChunk:
      return 1;
    case LegacyOp.SysCall:
    case LegacyOp.Constant:
    case LegacyOp.Jump:
    case LegacyOp.JumpIfFalse:
      return 0;
    default:
      return size - 1;
  }
}

/** Ids and addresses of the five opcodes whose operand the validator reads. */
function checkOperand(
  module: LegacyModule,
  chunk: Uint8Array,
  at: number,
  callable: ReadonlySet<number>,
  nativeCount: number,
): ValidatorError | undefined {
  const op = chunk[at]! as LegacyOp;
  switch (op) {
    case LegacyOp.InvokeChunk:
    case LegacyOp.SysCall:
    case LegacyOp.Constant: {
      if (at + 3 > chunk.length) return complain('InvalidOpCode');
      const id = chunk[at + 1]! | (chunk[at + 2]! << 8);
      if (op === LegacyOp.SysCall)
        return id >= nativeCount ? complain('InvalidSysCall', `(${id})`) : undefined;
      if (op === LegacyOp.Constant) {
        return id >= module.constants.length ? complain('InvalidConstantId', `(${id})`) : undefined;
      }
      const isWrong = id >= module.chunks.length || callable.has(id);
      return isWrong ? complain('InvalidEntryId', `(${id})`) : undefined;
    }
    case LegacyOp.Jump:
    case LegacyOp.JumpIfFalse: {
      if (at + 5 > chunk.length) return complain('InvalidOpCode');
      const address = new DataView(chunk.buffer, chunk.byteOffset).getUint32(at + 1, true);
      return address >= chunk.length ? complain('InvalidEntryId', `(${address})`) : undefined;
    }
    default:
      return undefined;
  }
}
