import { hexToBytes } from '@switchyard/core';
import type { Box } from '../values/box.ts';
import { bitsOf, isInteger, Kind } from '../values/kind.ts';
import { make } from '../values/make.ts';
import { OPAQUE_TAGS } from '../values/opaque.ts';
import { AssemblyFailure } from './assembly-failure.ts';

const INTEGER = /u(8|16|32|64|128|256):(\d[\d_]*)/y;
const TEXT = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const WORD = /null|true|false/y;
const OPAQUE = /([A-Z]\w+)\(([0-9a-fA-F]*)\)/y;
const KINDS: Readonly<Record<string, Kind>> = {
  8: Kind.U8,
  16: Kind.U16,
  32: Kind.U32,
  64: Kind.U64,
  128: Kind.U128,
  256: Kind.U256,
};

/**
 * A value in the notation of the specification: `u64:5`, `"text"`, `true`, `null`, `[a, b]`, `{k=>v}`, `bytes[1, 2]`,
 * `range(u64:1..u64:5)`, `Hash(00…)`. @throws AssemblyFailure.
 */
export function parseLiteral(text: string, line: number): Box {
  const reader = new LiteralReader(text, line);
  const value = reader.value(0);
  reader.end();
  return value;
}

class LiteralReader {
  readonly #text: string;
  readonly #line: number;
  #at = 0;

  constructor(text: string, line: number) {
    this.#text = text;
    this.#line = line;
  }

  value(depth: number): Box {
    if (depth > 64) this.#fail('nested too deeply');
    this.#skip();
    if (this.#takes('[')) return make.object(this.#list(']', () => this.value(depth + 1)));
    if (this.#takes('{')) return make.map(this.#list('}', () => this.#pair(depth)));
    if (this.#takes('bytes[')) return make.bytes(Uint8Array.from(this.#list(']', () => this.#byte())));
    if (this.#takes('range(')) return this.#range();
    const integer = this.#match(INTEGER);
    if (integer !== undefined) return this.#integer(KINDS[integer[1]!]!, integer[2]!);
    const quoted = this.#match(TEXT);
    if (quoted !== undefined) return this.#string(quoted[0]);
    const word = this.#match(WORD)?.[0];
    if (word !== undefined) return word === 'null' ? make.null() : make.boolean(word === 'true');
    const opaque = this.#match(OPAQUE);
    const type = OPAQUE_TAGS.find((tag) => tag === opaque?.[1]);
    if (opaque === undefined || type === undefined) this.#fail('expected a value such as u64:5 or "text"');
    const bytes = hexToBytes(opaque[2]!);
    const wanted = { Hash: 32, Address: 34, Signature: 64 }[type as string];
    if (bytes === undefined || (wanted !== undefined && bytes.length !== wanted)) {
      this.#fail(`${type}: expected ${wanted ?? 'some'} bytes in hexadecimal`);
    }
    return make.opaque({ type, bytes });
  }

  end(): void {
    this.#skip();
    if (this.#at !== this.#text.length) this.#fail(`unexpected "${this.#text.slice(this.#at)}"`);
  }

  #integer(kind: Kind, digits: string): Box {
    const value = BigInt(digits.replaceAll('_', ''));
    if (value >> BigInt(bitsOf(kind)) !== 0n) this.#fail(`${digits} does not fit in u${bitsOf(kind)}`);
    return make.integer(kind, value);
  }

  #string(quoted: string): Box {
    try {
      return make.string(JSON.parse(quoted) as string);
    } catch {
      this.#fail(`${quoted} is not a string`);
    }
  }

  #pair(depth: number): readonly [Box, Box] {
    const key = this.value(depth + 1);
    if (!this.#takes('=>')) this.#fail('expected =>');
    return [key, this.value(depth + 1)];
  }

  #range(): Box {
    const start = this.value(0);
    if (!this.#takes('..')) this.#fail('expected ..');
    const end = this.value(0);
    if (!this.#takes(')')) this.#fail('expected )');
    if (!isInteger(start.kind) || start.kind !== end.kind) this.#fail('a range has two integers of one type');
    return make.range(start, end);
  }

  #byte(): number {
    this.#skip();
    const digits = this.#match(/\d+/y)?.[0];
    if (digits === undefined || Number(digits) > 255) this.#fail('expected a byte');
    return Number(digits);
  }

  #list<T>(close: string, item: () => T): T[] {
    const items: T[] = [];
    if (this.#takes(close)) return items;
    do items.push(item());
    while (this.#takes(','));
    if (!this.#takes(close)) this.#fail(`expected , or ${close}`);
    return items;
  }

  #skip(): void {
    while (this.#text.charAt(this.#at) === ' ') this.#at++;
  }

  #takes(text: string): boolean {
    this.#skip();
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text) ?? undefined;
    if (match !== undefined) this.#at = pattern.lastIndex;
    return match;
  }

  #fail(message: string): never {
    throw new AssemblyFailure(this.#line, message);
  }
}
