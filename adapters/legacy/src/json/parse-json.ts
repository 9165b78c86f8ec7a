import type { JsonValue } from '@switchyard/core';

/** Leaves the parser; caught by `parseJson`'s callers that need an outcome. */
export class JsonError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JsonError';
  }
}

const NAMES = Symbol('names');

/** The names of a parsed object in the order of the text; JavaScript itself moves names that look like integers to the front. */
export function namesOf(object: JsonValue): readonly string[] {
  const names = (object as { readonly [NAMES]?: ReadonlySet<string> })[NAMES];
  return names === undefined ? Object.keys(object as object) : [...names];
}

const MAX_DEPTH = 3000;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const STRING = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const SPACE = /[ \t\n\r]*/y;

/** Parses JSON; whole numbers that a double cannot hold exactly become bigint. @throws JsonError. */
export function parseJson(text: string): JsonValue {
  let at = 0;

  function skip(): void {
    SPACE.lastIndex = at;
    SPACE.exec(text);
    at = SPACE.lastIndex;
  }

  function fail(): never {
    throw new JsonError(`not JSON at character ${at}`);
  }

  function take(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) fail();
    at = pattern.lastIndex;
    return match;
  }

  function quoted(): string {
    const [text] = take(STRING);
    try {
      return JSON.parse(text) as string;
    } catch {
      fail();
    }
  }

  /** The character after spaces, consumed if it is one of `allowed`. */
  function takeOne(allowed: string): string {
    skip();
    const found = text.charAt(at);
    if (found === '' || !allowed.includes(found)) fail();
    at++;
    return found;
  }

  function list(depth: number): JsonValue {
    const items: JsonValue[] = [];
    at++;
    skip();
    if (text.charAt(at) === ']') {
      at++;
      return items;
    }
    do items.push(value(depth + 1));
    while (takeOne(',]') === ',');
    return items;
  }

  function object(depth: number): JsonValue {
    const fields: Record<string, JsonValue> = {};
    const names = new Set<string>();
    Object.defineProperty(fields, NAMES, { value: names });
    at++;
    skip();
    if (text.charAt(at) === '}') {
      at++;
      return fields;
    }
    do {
      skip();
      const name = quoted();
      takeOne(':');
      names.add(name);
      Object.defineProperty(fields, name, {
        value: value(depth + 1),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    } while (takeOne(',}') === ',');
    return fields;
  }

  function value(depth: number): JsonValue {
    if (depth > MAX_DEPTH) fail();
    skip();
    const first = text.charAt(at);
    if (first === '{') return object(depth);
    if (first === '[') return list(depth);
    if (first === '"') return quoted();
    for (const [word, meaning] of WORDS) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return meaning;
      }
    }
    const [digits, fraction, exponent] = take(NUMBER);
    const number = Number(digits);
    const isWhole = fraction === undefined && exponent === undefined;
    return isWhole && !Number.isSafeInteger(number) ? BigInt(digits) : number;
  }

  const result = value(0);
  skip();
  if (at !== text.length) fail();
  return result;
}

const WORDS = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const;
