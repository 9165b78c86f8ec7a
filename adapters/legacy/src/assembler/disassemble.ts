import { LegacyOp } from '../isa/legacy-op.ts';
import { OPCODES, OPERAND_BYTES, type OperandKind } from '../isa/opcodes.ts';
import type { LegacyModule } from '../module/legacy-module.ts';
import type { NativeTable } from '../natives/native.ts';
import { describeCell } from '../values/display.ts';

/** Text of a module that `assemble` takes back to the same bytes. */
export function disassemble(module: LegacyModule, natives: NativeTable): string {
  const lines = module.constants.map((constant) => `.const ${describeCell(constant)}`);
  for (const id of module.entries) lines.push(`.entry ${chunkReference(module, id)}`);
  for (const [hook, chunk] of module.hooks) lines.push(`.hook ${hook} ${chunkReference(module, chunk)}`);
  for (const [id, chunk] of module.chunks.entries()) {
    lines.push('', `#chunk_${id}`, ...chunkLines(module, chunk, natives));
  }
  return `${lines.join('\n')}\n`;
}

function chunkReference(module: LegacyModule, id: number): string {
  return id < module.chunks.length ? `#chunk_${id}` : String(id);
}

function chunkLines(module: LegacyModule, chunk: Uint8Array, natives: NativeTable): readonly string[] {
  const starts = instructionStarts(chunk);
  const labels = labelsOf(chunk, starts);
  const lines: string[] = [];
  for (const at of starts) {
    if (labels.has(at)) lines.push(`:at_${at}`);
    const text = instructionText(module, chunk, at, natives, labels);
    lines.push(`  ${text ?? `.byte ${[...chunk.subarray(at, nextOf(chunk, at))].join(' ')}`}`);
  }
  if (labels.has(chunk.length)) lines.push(`:at_${chunk.length}`);
  return lines;
}

/** Positions of a linear scan; bytes that are no whole instruction stand alone. */
function instructionStarts(chunk: Uint8Array): readonly number[] {
  const starts: number[] = [];
  for (let at = 0; at < chunk.length; at = nextOf(chunk, at)) starts.push(at);
  return starts;
}

function nextOf(chunk: Uint8Array, at: number): number {
  const row = OPCODES[chunk[at]!];
  return row === undefined ? at + 1 : Math.min(at + row.size, chunk.length);
}

/** Targets of jumps that are positions of the scan, or the chunk's end. */
function labelsOf(chunk: Uint8Array, starts: readonly number[]): ReadonlySet<number> {
  const positions = new Set(starts).add(chunk.length);
  const labels = new Set<number>();
  for (const at of starts) {
    const row = OPCODES[chunk[at]!];
    if (row === undefined || at + row.size > chunk.length) continue;
    let from = at + 1;
    for (const kind of row.operands) {
      const width = OPERAND_BYTES[kind];
      const value = readOperand(chunk, from, width);
      if (kind === 'address' && positions.has(value)) labels.add(value);
      from += width;
    }
  }
  return labels;
}

function readOperand(chunk: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value += chunk[at + i]! * 256 ** i;
  return value;
}

/**
 * One instruction, or undefined where the chunk has none. `labels`: positions that have a name; without them addresses are numbers.
 */
export function instructionText(
  module: LegacyModule,
  chunk: Uint8Array,
  at: number,
  natives: NativeTable,
  labels: ReadonlySet<number> = new Set(),
): string | undefined {
  const row = OPCODES[chunk[at]!];
  if (row === undefined || at + row.size > chunk.length) return undefined;
  let text = row.mnemonic;
  let from = at + 1;
  for (const kind of row.operands) {
    const width = OPERAND_BYTES[kind];
    const value = readOperand(chunk, from, width);
    text += ` ${operandText(module, kind, value, natives, labels)}`;
    from += width;
  }
  return text;
}

function operandText(
  module: LegacyModule,
  kind: OperandKind,
  value: number,
  natives: NativeTable,
  labels: ReadonlySet<number>,
): string {
  switch (kind) {
    case 'constant': {
      const constant = module.constants[value];
      return constant === undefined ? String(value) : describeCell(constant);
    }
    case 'chunk':
      return chunkReference(module, value);
    case 'native':
      return natives[value]?.name ?? String(value);
    case 'address':
      return labels.has(value) ? `:at_${value}` : String(value);
    default:
      return String(value);
  }
}

/** Names of the natives that the code calls, sorted; ids without a name as numbers, as in every other text. */
export function nativesUsed(module: LegacyModule, natives: NativeTable): readonly string[] {
  const names = new Set<string>();
  for (const chunk of module.chunks) {
    for (const at of instructionStarts(chunk)) {
      if (chunk[at] !== LegacyOp.SysCall || at + 3 > chunk.length) continue;
      const id = readOperand(chunk, at + 1, 2);
      names.add(natives[id]?.name ?? String(id));
    }
  }
  return [...names].sort();
}

/** Whole instructions of the linear scan. */
export function countInstructions(module: LegacyModule): number {
  return module.chunks.reduce((sum, chunk) => sum + instructionStarts(chunk).length, 0);
}
