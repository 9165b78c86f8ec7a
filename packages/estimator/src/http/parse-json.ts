import { isUtf8 } from 'node:buffer';
import { VmError } from '@switchyard/core';

/** Deepest nesting of a body; no schema goes deeper than 8. */
export const MAX_DEPTH = 64;

/** Most values in a body: they cost ten times their text in memory. */
export const MAX_VALUES = 100_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * A body as JSON has it. Stricter than `JSON.parse`, so that no two readers understand a body differently and none is harmed by it: UTF-8
 * alone, no key twice in an object, no key `__proto__`, bounded nesting and number of values.
 * @throws VmError REQUEST_INVALID
 */
export function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw invalid('the body: expected JSON in UTF-8, found bytes that are none.');
  const keys = countKeys(body);
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw invalid(`the body: expected JSON, found none: ${(error as Error).message.slice(0, 200)}.`);
  }
  // JSON.parse lets the last of two equal keys win: then the text has more keys than the value.
  if (keysOf(value) !== keys)
    throw invalid(`the body: the key ${duplicateKey(body)} stands twice in one object.`);
  return value;
}

/** Colons outside of strings: the keys of all objects, where the text is JSON. Bounds nesting and values before memory is spent on them. */
function countKeys(body: Buffer): number {
  let keys = 0;
  let depth = 0;
  let values = 1;
  for (let at = 0; at < body.length; at++) {
    switch (body[at]) {
      case QUOTE:
        at = endOfString(body, at);
        break;
      case 0x3a: // :
        keys++;
        break;
      case 0x2c: // ,
        values++;
        break;
      case 0x5b: // [
      case 0x7b: // {
        values++;
        if (++depth > MAX_DEPTH)
          throw invalid(`the body: expected at most ${MAX_DEPTH} levels of nesting, found more.`);
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
        break;
    }
  }
  if (values > MAX_VALUES) throw invalid(`the body: expected at most ${MAX_VALUES} values, found more.`);
  return keys;
}

/** Where the quote stands that ends the string, or the end of the body. Asked of Buffer, which is fast where code is megabytes of text. */
function endOfString(body: Buffer, start: number): number {
  for (let from = start + 1; ; ) {
    const quote = body.indexOf(QUOTE, from);
    if (quote < 0) return body.length;
    let backslashes = 0;
    while (body[quote - 1 - backslashes] === BACKSLASH) backslashes++;
    // An even number of them are pairs that stand for themselves.
    if (backslashes % 2 === 0) return quote;
    from = quote + 1;
  }
}

function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let keys = 0;
  if (Array.isArray(value)) {
    for (const element of value) keys += keysOf(element);
    return keys;
  }
  for (const key in value) {
    if (key === '__proto__') throw invalid('the body: the key "__proto__" is not taken.');
    keys += 1 + keysOf((value as Record<string, unknown>)[key]);
  }
  return keys;
}

/** The first key that an object has twice, quoted. The body is JSON. */
function duplicateKey(body: Buffer): string {
  const objects: Set<string>[] = [];
  let text = '';
  for (let at = 0; at < body.length; at++) {
    switch (body[at]) {
      case QUOTE: {
        const end = endOfString(body, at);
        text = body.toString('utf8', at, end + 1);
        at = end;
        break;
      }
      case 0x7b:
        objects.push(new Set());
        break;
      case 0x7d:
        objects.pop();
        break;
      case 0x3a: {
        const keys = objects.at(-1)!;
        const key = JSON.parse(text) as string;
        if (keys.has(key)) return JSON.stringify(key.slice(0, 80));
        keys.add(key);
      }
    }
  }
  return 'of an object';
}

function invalid(message: string): VmError {
  return new VmError('REQUEST_INVALID', message);
}
