import { LegacyOp } from '../isa/legacy-op.ts';
import { OPERAND_BYTES, type OpcodeRow, type OperandKind, opcodeOf } from '../isa/opcodes.ts';
import type { LegacyModule } from '../module/legacy-module.ts';
import type { NativeTable } from '../natives/native.ts';
import type { Box } from '../values/box.ts';
import { keyOf } from '../values/key-of.ts';
import { wireFault } from '../wire/wire-fault.ts';
import { AssemblyFailure } from './assembly-failure.ts';
import { parseLiteral } from './parse-literal.ts';

/** What the assembler made, or why not. */
export type AssemblyOutcome =
  | { readonly ok: true; readonly module: LegacyModule }
  | { readonly ok: false; readonly message: string };

interface Chunk {
  readonly bytes: number[];
  readonly labels: Map<string, number>;
}

/** A place whose value is known at the end: a label of its chunk, or a chunk's id. */
interface Fixup {
  readonly line: number;
  readonly chunk: number;
  readonly at: number;
  readonly bytes: number;
  readonly target: string;
}

const TYPES: readonly string[] = ['u8', 'u16', 'u32', 'u64', 'u128', 'u256', 'bool', 'string'];

/**
 * Assembles a module. A superset of the reference's text (spec §9): every opcode, forward labels, a scope of labels per chunk, natives
 * and types by name, constants as literals or by name, and the directives `.const`, `.entry`, `.hook`, `.byte`.
 */
export function assemble(source: string, natives: NativeTable): AssemblyOutcome {
  try {
    return { ok: true, module: new Assembler(natives).run(source) };
  } catch (thrown) {
    if (!(thrown instanceof AssemblyFailure)) throw thrown;
    return { ok: false, message: `line ${thrown.line}: ${thrown.message}` };
  }
}

class Assembler {
  readonly #nativeIds: ReadonlyMap<string, number>;
  readonly #constants: Box[] = [];
  readonly #constantIds = new Map<string | number, number>();
  readonly #names = new Map<string, number>();
  readonly #chunks: Chunk[] = [];
  readonly #chunkIds = new Map<string, number>();
  readonly #fixups: Fixup[] = [];
  readonly #entries: (readonly [line: number, chunk: string])[] = [];
  readonly #hooks: (readonly [line: number, hook: number, chunk: string])[] = [];

  constructor(natives: NativeTable) {
    this.#nativeIds = new Map(natives.map((native, id) => [native.name, id]));
  }

  run(source: string): LegacyModule {
    for (const [index, raw] of source.split('\n').entries()) {
      const text = raw.trim();
      if (text !== '' && !text.startsWith('//')) this.#line(text, index + 1);
    }
    for (const fixup of this.#fixups) this.#fix(fixup);
    return {
      constants: this.#constants,
      chunks: this.#chunks.map(({ bytes }) => Uint8Array.from(bytes)),
      entries: new Set(this.#entries.map(([line, chunk]) => this.#chunkId(chunk, line))),
      hooks: new Map(this.#hooks.map(([line, hook, chunk]) => [hook, this.#chunkId(chunk, line)])),
    };
  }

  #line(text: string, line: number): void {
    if (text.startsWith('#')) {
      const name = text.slice(1);
      if (this.#chunkIds.has(name)) throw new AssemblyFailure(line, `chunk #${name} is already there`);
      this.#chunkIds.set(name, this.#chunks.length);
      this.#chunks.push({ bytes: [], labels: new Map() });
      return;
    }
    if (text.startsWith('.')) {
      this.#directive(text, line);
      return;
    }
    const { bytes, labels } = this.#chunk(line);
    if (text.startsWith(':')) {
      const name = text.slice(1);
      if (!labels.has(name)) labels.set(name, bytes.length);
      return;
    }
    const space = text.indexOf(' ');
    const mnemonic = space < 0 ? text : text.slice(0, space);
    const row = opcodeOf(mnemonic);
    if (row === undefined) throw new AssemblyFailure(line, `unknown mnemonic "${mnemonic}"`);
    this.#instruction(row, space < 0 ? '' : text.slice(space + 1).trim(), line);
  }

  #directive(text: string, line: number): void {
    const [, name, rest] = /^\.(\w+)\s*(.*)$/.exec(text) ?? [];
    const words = (rest ?? '').split(/\s+/);
    if (name === 'const') {
      const [, constant, literal] = /^(?:([A-Za-z_]\w*)\s*=\s*)?(.+)$/.exec(rest!) ?? [];
      if (literal === undefined) throw new AssemblyFailure(line, '.const needs a value');
      const id = this.#constant(parseLiteral(literal, line), line);
      if (constant !== undefined) this.#names.set(constant, id);
    } else if (name === 'entry' && words.length === 1) {
      this.#entries.push([line, words[0]!]);
    } else if (name === 'hook' && words.length === 2) {
      this.#hooks.push([line, this.#number(words[0]!, 255, line), words[1]!]);
    } else if (name === 'byte') {
      for (const word of words) this.#chunk(line).bytes.push(this.#number(word, 255, line));
    } else {
      throw new AssemblyFailure(
        line,
        'expected .const VALUE, .const NAME = VALUE, .entry #chunk, .hook N #chunk or .byte N',
      );
    }
  }

  #instruction(row: OpcodeRow, rest: string, line: number): void {
    const { bytes } = this.#chunk(line);
    // A constant may be a literal with spaces; the reference's assembler ignores whatever follows ARRAYCALL.
    const isConstant = row.code === LegacyOp.Constant;
    const words =
      rest === '' || row.code === LegacyOp.ArrayCall ? [] : isConstant ? [rest] : rest.split(/\s+/);
    if (words.length !== row.operands.length) {
      const wanted = row.operands.length === 0 ? 'no argument' : row.operands.join(', ');
      throw new AssemblyFailure(line, `${row.mnemonic} takes ${wanted}; found ${words.length}`);
    }
    bytes.push(row.code);
    for (const [index, kind] of row.operands.entries()) {
      const width = OPERAND_BYTES[kind];
      const value = this.#operand(kind, words[index]!, width, line);
      for (let i = 0; i < width; i++) bytes.push((value >>> (8 * i)) & 255);
    }
  }

  #operand(kind: OperandKind, word: string, width: number, line: number): number {
    const most = width === 4 ? 0xffff_ffff : 2 ** (8 * width) - 1;
    if (/^\d+$/.test(word)) return this.#number(word, most, line);
    const isReference =
      (kind === 'address' && word.startsWith(':')) || (kind === 'chunk' && word.startsWith('#'));
    if (isReference) {
      const chunk = this.#chunks.length - 1;
      this.#fixups.push({ line, chunk, at: this.#chunks[chunk]!.bytes.length, bytes: width, target: word });
      return 0;
    }
    if (kind === 'native') {
      const id = this.#nativeIds.get(word);
      if (id === undefined) throw new AssemblyFailure(line, `there is no native "${word}"`);
      return id;
    }
    if (kind === 'type' && TYPES.includes(word.toLowerCase())) return TYPES.indexOf(word.toLowerCase());
    if (kind === 'constant') return this.#names.get(word) ?? this.#constant(parseLiteral(word, line), line);
    throw new AssemblyFailure(line, `"${word}" is not a ${kind}`);
  }

  #constant(value: Box, line: number): number {
    const fault = wireFault(value);
    if (fault !== undefined) throw new AssemblyFailure(line, `the constant has no wire form: ${fault}`);
    const key = keyOf(value);
    let id = this.#constantIds.get(key);
    if (id === undefined) {
      id = this.#constants.length;
      if (id >= 65_535) throw new AssemblyFailure(line, 'too many constants');
      this.#constants.push(value);
      this.#constantIds.set(key, id);
    }
    return id;
  }

  #fix({ line, chunk, at, bytes: width, target }: Fixup): void {
    const { bytes, labels } = this.#chunks[chunk]!;
    const value = target.startsWith('#') ? this.#chunkId(target, line) : labels.get(target.slice(1));
    if (value === undefined) throw new AssemblyFailure(line, `there is no label ${target} in this chunk`);
    for (let i = 0; i < width; i++) bytes[at + i] = (value >>> (8 * i)) & 255;
  }

  #chunkId(word: string, line: number): number {
    const id = word.startsWith('#') ? this.#chunkIds.get(word.slice(1)) : this.#number(word, 65_535, line);
    if (id === undefined) throw new AssemblyFailure(line, `there is no chunk ${word}`);
    return id;
  }

  #chunk(line: number): Chunk {
    const chunk = this.#chunks.at(-1);
    if (chunk === undefined) throw new AssemblyFailure(line, 'expected a chunk first: #name');
    return chunk;
  }

  #number(word: string, most: number, line: number): number {
    const value = Number(word);
    if (!/^\d+$/.test(word) || value > most) {
      throw new AssemblyFailure(line, `expected a number from 0 to ${most}, found "${word}"`);
    }
    return value;
  }
}
