import { createDebugScope, type DebugScope } from './ir-debug-scope.ts';

/*
 * Rewrites of LLVM's textual code for what clang's BPF back end refuses although the machine can do it. Each instruction is on a line of its
 * own; new values get names, so that the numbers of nameless ones stay in order; `!dbg` goes along, so that debug information stays right.
 */

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
 * Replaces divisions of signed integers of up to 64 bits by calls of functions that the code then defines. They divide magnitudes and set the
 * sign, as C wants it: truncating, remainder with the sign of the dividend; the least number by −1 wraps; by zero the machine faults.
 * Divisions by constant powers of two stay, which the back end makes shifts of, and so do vectors.
 */
export function rewriteSignedDivision(text: string): Rewritten {
  const used = new Set<string>();
  const result = rewriteLines(text, (line, id) => {
    const match = divisionLine.exec(line);
    if (match === null) return undefined;
    const [, indent = '', name = '', operation = '', type = '', rest = ''] = match;
    const bits = Number(type.slice(1));
    const [left = '', right = '', ...metadata] = splitTopLevel(rest);
    if (type.startsWith('<') || bits > widest || isPowerOfTwo(right)) return undefined;
    used.add(operation);
    const tail = metadata.map((one) => `, ${one}`).join('');
    const step = (target: string, code: string) => `${indent}${target} = ${code}${tail}`;
    const callee = `@switchyard.${operation}`;
    if (bits === widest) return [step(name, `call i64 ${callee}(i64 ${left}, i64 ${right})`)];
    const temporary = (part: string) => `%switchyard.${id}.${part}`;
    return [
      step(temporary('left'), `sext ${type} ${left} to i64`),
      step(temporary('right'), `sext ${type} ${right} to i64`),
      step(temporary('result'), `call i64 ${callee}(i64 ${temporary('left')}, i64 ${temporary('right')})`),
      step(name, `trunc i64 ${temporary('result')} to ${type}`),
    ];
  });
  const scopeOf = createDebugScope(text);
  const helpers = [...used].sort().map((operation) => divisionHelper(operation, scopeOf(operation)));
  return { count: result.count, text: [result.text, ...helpers].join('\n') };
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

/** Whether an operand is a constant 2^n or −2^n. */
function isPowerOfTwo(operand: string): boolean {
  if (!/^-?\d+$/.test(operand)) return false;
  const value = BigInt(operand);
  const magnitude = value < 0n ? -value : value;
  return magnitude !== 0n && (magnitude & (magnitude - 1n)) === 0n;
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
function divisionHelper(operation: string, { attachment, metadata }: DebugScope): string {
  const isRemainder = operation === 'srem';
  return `define internal i64 @switchyard.${operation}(i64 %a, i64 %b) noinline nounwind${attachment} {
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
${metadata}`;
}
