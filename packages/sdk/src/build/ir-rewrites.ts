/*
 * Rewrites of LLVM's textual code for what clang's BPF back end refuses although the machine can do it. Each instruction is on a line of its
 * own; new values get names, so that the numbers of nameless ones stay in order; `!dbg` goes along, so that debug information stays right.
 */

import { IrDebugInfo, scopeOfDefinition } from './ir-debug-info.ts';

/** Widest integer that is divided; wider ones are library calls to the compiler. */
const widest = 64;

/** Stores by which the back end would copy a block; above this a call is shorter and cheaper. */
const maxStores = 32;

/** Largest unit of a store. */
const largestStore = 8;

const divisionLine = /^(\s*)(%[-\w.$"]+) = (sdiv|srem) (?:exact )?(<[^>]*>|i\d+) (.*)$/;
const memoryLine =
  /^(\s*)(?:(?:tail|notail) )?call void @llvm\.(memcpy|memmove|memset)\.[\w.]+\((.*)\)((?: #\d+)?(?:, !.*)?)$/;

/** What became of the code. */
export interface Rewritten {
  readonly text: string;
  /** Instructions that were replaced. */
  readonly count: number;
}

/**
 * Replaces divisions of signed integers of up to 64 bits: by constant powers of two with shifts, others by calls of functions that the code
 * then defines. Those divide magnitudes and set the sign, as C wants it: truncating, remainder with the sign of the dividend; the least
 * number by −1 wraps; by zero the machine faults. Vectors stay.
 */
export function rewriteSignedDivision(text: string): Rewritten {
  const used = new Set<string>();
  const debug = new IrDebugInfo(text);
  let scope: string | undefined;
  const result = rewriteLines(text, (line, id) => {
    if (line.startsWith('define ')) scope = scopeOfDefinition(line);
    const match = divisionLine.exec(line);
    if (match === null) return undefined;
    const [, indent = '', name = '', operation = '', type = '', rest = ''] = match;
    const bits = Number(type.slice(1));
    if (!(bits <= widest)) return undefined;
    const [left = '', right = '', ...metadata] = splitTopLevel(rest);
    const hasPlace = metadata.some((one) => one.startsWith('!dbg '));
    const place = hasPlace ? '' : debug.locationIn(scope);
    const tail = `${metadata.map((one) => `, ${one}`).join('')}${place}`;
    const temporary = (part: string) => `%switchyard.${id}.${part}`;
    const step = (target: string, code: string) => `${indent}${target} = ${code}${tail}`;
    const power = powerOfTwo(right);
    if (power !== undefined) {
      return divideByShifts(operation, name, type, left, power, bits, temporary, step);
    }
    used.add(operation);
    const callee = `@switchyard.${operation}`;
    if (bits === widest) return [step(name, `call i64 ${callee}(i64 ${left}, i64 ${right})`)];
    return [
      step(temporary('left'), `sext ${type} ${left} to i64`),
      step(temporary('right'), `sext ${type} ${right} to i64`),
      step(temporary('result'), `call i64 ${callee}(i64 ${temporary('left')}, i64 ${temporary('right')})`),
      step(name, `trunc i64 ${temporary('result')} to ${type}`),
    ];
  });
  const helpers = [...used].sort().map((operation) => divisionHelper(operation, debug));
  return { count: result.count, text: [result.text, ...helpers, ...debug.rows()].join('\n') };
}

/** Division by a constant: negative numbers get 2^n − 1 more, so that the shift rounds towards zero. */
function divideByShifts(
  operation: string,
  name: string,
  type: string,
  left: string,
  { shift, isNegative }: PowerOfTwo,
  bits: number,
  temporary: (part: string) => string,
  step: (target: string, code: string) => string,
): string[] {
  const [sign, bias, sum, whole] = ['sign', 'bias', 'sum', 'whole'].map(temporary);
  const rounded = [
    step(sign!, `ashr ${type} ${left}, ${bits - 1}`),
    step(bias!, `and ${type} ${sign}, ${BigInt.asIntN(bits, (1n << BigInt(shift)) - 1n)}`),
    step(sum!, `add ${type} ${left}, ${bias}`),
  ];
  if (operation === 'srem') {
    const mask = BigInt.asIntN(bits, -(1n << BigInt(shift)));
    return [
      ...rounded,
      step(whole!, `and ${type} ${sum}, ${mask}`),
      step(name, `sub ${type} ${left}, ${whole}`),
    ];
  }
  if (!isNegative) return [...rounded, step(name, `ashr ${type} ${sum}, ${shift}`)];
  return [...rounded, step(whole!, `ashr ${type} ${sum}, ${shift}`), step(name, `sub ${type} 0, ${whole}`)];
}

/**
 * Replaces copies and fills of blocks which the back end would turn into calls that it then refuses, by calls that it takes: of `memcpy`,
 * `memmove` and `memset`, which the linker defines.
 */
export function rewriteBlockCopies(text: string): Rewritten {
  const pointer = text.includes('i8*') || !/\bptr\b/.test(text) ? 'i8*' : 'ptr';
  const used = new Set<string>();
  const result = rewriteLines(text, (line, id) => {
    const match = memoryLine.exec(line);
    if (match === null) return undefined;
    const [, indent = '', name = '', list = '', tail = ''] = match;
    const [to = '', second = '', size = ''] = splitTopLevel(list);
    if (isShort(size, to, name === 'memset' ? '' : second)) return undefined;
    used.add(name);
    const lines: string[] = [];
    let source = second;
    if (name === 'memset') {
      const byte = `%switchyard.${id}.byte`;
      lines.push(`${indent}${byte} = zext ${withoutAttributes(second)} to i32${metadataOf(tail)}`);
      source = `i32 ${byte}`;
    }
    const result = `%switchyard.${id}.block`;
    lines.push(`${indent}${result} = call ${pointer} @${name}(${to}, ${source}, ${size})${tail}`);
    return lines;
  });
  const declarations = [...used]
    .sort()
    .filter((name) => !new RegExp(`^(declare|define) .*@${name}\\(`, 'm').test(text))
    .map((name) => {
      const second = name === 'memset' ? 'i32' : pointer;
      return `declare ${pointer} @${name}(${pointer}, ${second}, i64)\n`;
    });
  return { count: result.count, text: [result.text, ...declarations].join('\n') };
}

function rewriteLines(
  text: string,
  rewrite: (line: string, id: number) => readonly string[] | undefined,
): Rewritten {
  let count = 0;
  const lines = text.split('\n').flatMap((line) => {
    const replacement = rewrite(line, count);
    if (replacement === undefined) return [line];
    count++;
    return replacement;
  });
  return { text: lines.join('\n'), count };
}

/** Splits at the commas outside parentheses. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index <= text.length; index++) {
    const character = text[index];
    if (character === '(' || character === '{' || character === '[' || character === '<') depth++;
    else if (character === ')' || character === '}' || character === ']' || character === '>') depth--;
    else if (character === undefined || (character === ',' && depth === 0)) {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  return parts;
}

/** A divisor of ±2^shift. */
interface PowerOfTwo {
  readonly shift: number;
  readonly isNegative: boolean;
}

/** An operand that is a constant ±2^n; undefined when it is none. */
function powerOfTwo(operand: string): PowerOfTwo | undefined {
  if (!/^-?\d+$/.test(operand)) return undefined;
  const value = BigInt(operand);
  const magnitude = value < 0n ? -value : value;
  if (magnitude === 0n || (magnitude & (magnitude - 1n)) !== 0n) return undefined;
  return { shift: magnitude.toString(2).length - 1, isNegative: value < 0n };
}

/** Whether the back end copies a block by loads and stores that are few. */
function isShort(size: string, ...pointers: readonly string[]): boolean {
  const bytes = /^i64 (\d+)$/.exec(size)?.[1];
  if (bytes === undefined) return false;
  const alignments = pointers
    .filter((pointer) => pointer !== '')
    .map((pointer) => Number(/\balign (\d+)/.exec(pointer)?.[1] ?? 1));
  return Number(bytes) / Math.min(largestStore, ...alignments) <= maxStores;
}

/** `i8 noundef %3` without what describes the argument: `i8 %3`. */
function withoutAttributes(argument: string): string {
  const words = argument.split(' ');
  return `${words[0]} ${words.at(-1)}`;
}

/** `, !dbg !5` of what follows a call. */
function metadataOf(tail: string): string {
  return /, !dbg ![0-9]+/.exec(tail)?.[0] ?? '';
}

/** The function that divides, or gives the remainder. */
function divisionHelper(operation: string, debug: IrDebugInfo): string {
  const isRemainder = operation === 'srem';
  const name = `switchyard.${operation}`;
  return `define internal i64 @${name}(i64 %a, i64 %b) noinline nounwind${debug.subprogram(name)} {
  %a.sign = ashr i64 %a, 63
  %a.flipped = xor i64 %a, %a.sign
  %a.magnitude = sub i64 %a.flipped, %a.sign
  %b.sign = ashr i64 %b, 63
  %b.flipped = xor i64 %b, %b.sign
  %b.magnitude = sub i64 %b.flipped, %b.sign
  %magnitude = ${isRemainder ? 'urem' : 'udiv'} i64 %a.magnitude, %b.magnitude
  %sign = ${isRemainder ? 'or i64 %a.sign, 0' : 'xor i64 %a.sign, %b.sign'}
  %flipped = xor i64 %magnitude, %sign
  %result = sub i64 %flipped, %sign
  ret i64 %result
}
`;
}
