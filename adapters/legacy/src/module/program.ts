import { LegacyOp } from '../isa/legacy-op.ts';
import { OPCODES, OPERAND_BYTES } from '../isa/opcodes.ts';
import type { Box } from '../values/box.ts';
import { unmeteredMeasure } from '../values/measure.ts';
import type { LegacyModule } from './legacy-module.ts';

/** An operand that is missing because the chunk ends. */
export const MISSING = -2;
/** A jump target behind the end of its chunk. */
export const BAD_TARGET = -1;

/**
 * A module decoded once into flat arrays. Position `chunkStart[c] + i` is byte i of chunk c, decoded as if an instruction began there:
 * jumps into operands are legal, so every byte is a position. One more position per chunk, `End`, stands behind its last byte.
 */
export interface Program {
  readonly module: LegacyModule;
  /** `LegacyOp` by position. */
  readonly ops: Uint8Array;
  /** First operand: as it is, or the position that an address means; MISSING, BAD_TARGET. */
  readonly first: Int32Array;
  /** Second operand, likewise. */
  readonly second: Int32Array;
  readonly chunkStart: Int32Array;
  readonly constants: readonly Box[];
  /** 1 for chunks that are entries, by chunk id. */
  readonly isEntry: Uint8Array;
  /** Charged memory of each constant. */
  readonly constantSizes: readonly number[];
  /** Roughly what it holds in memory. */
  readonly bytes: number;
}

/** Decodes all chunks. Never fails: what cannot be decoded is found when it is reached. */
export function decodeProgram(module: LegacyModule): Program {
  const total = module.chunks.reduce((sum, chunk) => sum + chunk.length + 1, 0);
  const program = {
    module,
    ops: new Uint8Array(total),
    first: new Int32Array(total),
    second: new Int32Array(total),
    chunkStart: new Int32Array(module.chunks.length),
    constants: module.constants,
    isEntry: Uint8Array.from(module.chunks, (_, id) => (module.entries.has(id) ? 1 : 0)),
    constantSizes: module.constants.map(unmeteredMeasure),
  };
  let start = 0;
  for (const [id, chunk] of module.chunks.entries()) {
    program.chunkStart[id] = start;
    for (let at = 0; at < chunk.length; at++) decodeAt(program, chunk, start, at);
    start += chunk.length;
    program.ops[start++] = LegacyOp.End;
  }
  const constantBytes = program.constantSizes.reduce((sum, size) => sum + size + 64, 0);
  return { ...program, bytes: 9 * total + constantBytes };
}

function decodeAt(
  { ops, first, second }: Pick<Program, 'ops' | 'first' | 'second'>,
  chunk: Uint8Array,
  start: number,
  at: number,
): void {
  const row = OPCODES[chunk[at]!];
  const position = start + at;
  ops[position] = row === undefined ? LegacyOp.Invalid : row.code;
  if (row === undefined) return;
  let from = at + 1;
  for (const [index, kind] of row.operands.entries()) {
    const operands = index === 0 ? first : second;
    const width = OPERAND_BYTES[kind];
    if (from + width > chunk.length) {
      operands[position] = MISSING;
    } else {
      const value = readOperand(chunk, from, width) >>> 0;
      if (kind !== 'address') operands[position] = value;
      else operands[position] = value > chunk.length ? BAD_TARGET : start + value;
    }
    from += width;
  }
}

function readOperand(chunk: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value |= chunk[at + i]! << (8 * i);
  return value;
}
