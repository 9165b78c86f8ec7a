import { quoteDebug } from '../native-error.ts';
import { failAssembly } from './assembly-failure.ts';
import type { Operand } from './operand.ts';

/** One statement of assembly text (spec §10.1). */
export type Statement = {
  readonly name: string;
  /** From 1. */
  readonly line: number;
} & (
  | { readonly kind: 'label' }
  | { readonly kind: 'directive'; readonly operands: readonly Operand[] }
  | { readonly kind: 'instruction'; readonly operands: readonly Operand[] }
);

// White space and letters are those of Unicode, digits of numbers those of ASCII, as in the reference.
const patterns = Object.freeze({
  whiteSpace: /\p{White_Space}*/uy,
  spaces: / */y,
  label: /([\p{Alphabetic}\p{N}_]+):/uy,
  ident: /[\p{Alphabetic}\p{N}_]+/uy,
  word: /[\p{Alphabetic}\p{N}]+/uy,
  registerNumber: /[0-9]+/y,
  sign: /[-+] */y,
  number: /0x([0-9a-fA-F]+)|([0-9]+)/y,
});

/** Parses assembly text in one pass, linear in its length; throws `AssemblyFailure` with a parse error. */
export function parseAssembly(source: string): readonly Statement[] {
  return new Parser(source).parse();
}

class Parser {
  readonly #source: string;
  #at = 0;
  /** How far lines have been counted, and the line there. */
  #counted = 0;
  #line = 1;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): readonly Statement[] {
    const statements: Statement[] = [];
    this.#match(patterns.whiteSpace);
    while (this.#at < this.#source.length) {
      statements.push(this.#statement());
      this.#match(patterns.whiteSpace);
    }
    return statements;
  }

  #statement(): Statement {
    const line = this.#lineHere();
    const label = this.#match(patterns.label)?.[1];
    if (label !== undefined) return { kind: 'label', name: label, line };
    if (this.#take('.')) {
      const name = this.#require(patterns.word, 'letter or digit');
      const operands = name === 'global' ? this.#names() : this.#operands();
      return { kind: 'directive', name, operands, line };
    }
    const name = this.#require(patterns.word, 'label, directive, instruction or end of input');
    return { kind: 'instruction', name, operands: this.#operands(), line };
  }

  #lineHere(): number {
    for (; this.#counted < this.#at; this.#counted++) if (this.#source[this.#counted] === '\n') this.#line++;
    return this.#line;
  }

  /** Any names, also those that as operands would start a register or a number; all on one line. */
  #names(): readonly Operand[] {
    const names: Operand[] = [];
    do {
      this.#match(patterns.spaces);
      const name = this.#match(patterns.ident)?.[0];
      if (name !== undefined) names.push({ kind: 'label', name });
      else if (names.length > 0) this.#fail('name');
    } while (names.length > 0 && this.#take(','));
    return names;
  }

  #operands(): readonly Operand[] {
    this.#match(patterns.spaces);
    const first = this.#operand();
    if (first === undefined) return [];
    const operands = [first];
    while (this.#take(',')) {
      this.#match(patterns.spaces);
      operands.push(this.#operand() ?? this.#fail('operand'));
    }
    return operands;
  }

  #operand(): Operand | undefined {
    // A leading r commits to a register: labels cannot start with it.
    if (this.#take('r')) return { kind: 'register', number: this.#registerNumber() };
    const value = this.#integer();
    if (value !== undefined) return { kind: 'integer', value };
    if (this.#take('[')) return this.#memory();
    const name = this.#match(patterns.ident)?.[0];
    return name === undefined ? undefined : { kind: 'label', name };
  }

  #memory(): Operand {
    if (!this.#take('r')) this.#fail("'r'");
    const base = this.#registerNumber();
    this.#match(patterns.spaces);
    const offset = this.#integer() ?? 0n;
    if (!this.#take(']')) this.#fail("']'");
    return { kind: 'memory', base, offset };
  }

  #registerNumber(): bigint {
    return decimal(this.#require(patterns.registerNumber, 'digit'));
  }

  #integer(): bigint | undefined {
    const sign = this.#match(patterns.sign)?.[0];
    const match = this.#match(patterns.number);
    if (match === undefined) return sign === undefined ? undefined : this.#fail('digit');
    const magnitude = match[1] === undefined ? decimal(match[2]!) : hexadecimal(match[1]);
    return BigInt.asIntN(64, sign?.startsWith('-') ? -magnitude : magnitude);
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match;
  }

  #require(pattern: RegExp, expected: string): string {
    return this.#match(pattern)?.[0] ?? this.#fail(expected);
  }

  #take(character: string): boolean {
    if (this.#source[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #fail(expected: string): never {
    const before = this.#source.slice(0, this.#at);
    const lineStart = before.lastIndexOf('\n') + 1;
    const line = before.split('\n').length;
    const column = [...before.slice(lineStart)].length + 1;
    const code = this.#source.codePointAt(this.#at);
    const found = code === undefined ? 'end of input' : quoteDebug(String.fromCodePoint(code));
    return failAssembly(
      `Parse error at line ${line} column ${column}: unexpected ${found}, expected ${expected}`,
    );
  }
}

/** A decimal number that fits a signed 64-bit one, else 0. */
function decimal(digits: string): bigint {
  const significant = digits.replace(/^0+/, '');
  if (significant.length > 19) return 0n;
  const value = BigInt(significant === '' ? '0' : significant);
  return value > 0x7fff_ffff_ffff_ffffn ? 0n : value;
}

/** A hexadecimal number of up to 64 bits as two's complement; longer ones are 0. */
function hexadecimal(digits: string): bigint {
  const significant = digits.replace(/^0+/, '');
  return significant.length > 16 ? 0n : BigInt.asIntN(64, BigInt(`0x0${significant}`));
}
