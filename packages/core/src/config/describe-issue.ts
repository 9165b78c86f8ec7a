import type { z } from 'zod';
import { nearest } from '../errors/nearest.ts';
import { knownKeys } from './known-keys.ts';
import { withoutPasswords } from './secrets.ts';

type Issue = z.core.$ZodIssue;

/** The value that was checked, and how messages name it. */
export interface ValuePlace {
  readonly value: unknown;
  /** The schema that refused it. */
  readonly schema: z.core.$ZodType;
  /** Path of the value itself, put before every path: `estimator`, `params`, or nothing. */
  readonly prefix: string;
  /** What the value as a whole is called: `the configuration`. */
  readonly whole: string;
}

/** What a schema's own message begins with when it says what was expected; any other message is a sentence of its own. */
const EXPECTED = 'expected ';

/** Longest key that is shown, or compared with others. */
const MAX_KEY = 80;

/** One line a problem: path, what was expected, what was found. */
export function describeIssue(issue: Issue, place: ValuePlace): string {
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return describeUnion(issue, place);
  if (issue.code === 'unrecognized_keys') return describeUnknownKey(issue, place);
  if (issue.code === 'invalid_key') {
    const name = issue.path.at(-1)!;
    const object = pathText(issue.path.slice(0, -1), place.prefix) || place.whole;
    return `${object}: as a key, expected ${expectation(issue.issues[0]!)}, found ${describeValue(String(name))}.`;
  }
  const path = pathText(issue.path, place.prefix) || place.whole;
  if (issue.code === 'custom' && !issue.message.startsWith(EXPECTED)) return `${path}: ${issue.message}.`;
  return `${path}: expected ${expectation(issue)}, found ${describeValue(valueAt(place.value, issue.path))}.`;
}

function describeUnknownKey(
  issue: Extract<Issue, { code: 'unrecognized_keys' }>,
  { schema, prefix }: ValuePlace,
): string {
  const key = issue.keys[0]!;
  const full = pathText([...issue.path, key], prefix);
  const known = knownKeys(schema, issue.path);
  const meant = key.length > MAX_KEY ? undefined : nearest(key, known);
  if (meant !== undefined) return `${full}: unknown key, did you mean "${meant}"?`;
  return `${full}: unknown key; expected ${known.length === 0 ? 'none' : `one of ${known.join(', ')}`}.`;
}

/** The branch of a union that came furthest is the one that was meant. */
function describeUnion(issue: Extract<Issue, { code: 'invalid_union' }>, place: ValuePlace): string {
  const expectations: string[] = [];
  for (const branch of issue.errors) {
    for (const inner of branch) {
      if (inner.path.length > 0 || inner.code === 'unrecognized_keys') {
        return describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, place);
      }
      expectations.push(expectation(inner));
    }
  }
  const expected = issue.message.startsWith(EXPECTED) ? expectation(issue) : expectations.join(', or ');
  const path = pathText(issue.path, place.prefix) || place.whole;
  return `${path}: expected ${expected}, found ${describeValue(valueAt(place.value, issue.path))}.`;
}

function expectation(issue: Issue): string {
  if (issue.message.startsWith(EXPECTED)) return issue.message.slice(EXPECTED.length);
  switch (issue.code) {
    case 'invalid_type':
      return article(issue.expected);
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return bound(issue.origin, 'at least', issue.minimum);
    case 'too_big':
      return bound(issue.origin, 'at most', issue.maximum);
    default:
      return issue.message;
  }
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === 'string') {
    return relation === 'at least' && limit === 1
      ? 'a text that is not empty'
      : `${relation} ${limit} characters`;
  }
  return origin === 'array' ? `${relation} ${limit} elements` : `${relation} ${limit}`;
}

function article(type: string): string {
  const name = type === 'int' ? 'integer' : type === 'record' ? 'object' : type;
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** `select[2].engine`; keys that are no plain words stand in brackets: `state["0x12"].balance`. */
export function pathText(path: readonly PropertyKey[], prefix = ''): string {
  let text = prefix;
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[A-Za-z_][\w-]{0,31}$/.test(String(part)))
      text += text === '' ? String(part) : `.${String(part)}`;
    else text += `[${JSON.stringify(cut(String(part)))}]`;
  }
  return text;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

/** A value as a message shows it: kind and, where short, the value. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') {
    const shown = withoutPasswords(value);
    return JSON.stringify(shown.length > 60 ? `${shown.slice(0, 60)}…` : shown);
  }
  if (typeof value === 'number' || typeof value === 'boolean') return `${typeof value} ${value}`;
  if (typeof value === 'bigint') return `bigint ${value}`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function cut(key: string): string {
  return key.length > MAX_KEY ? `${key.slice(0, MAX_KEY)}…` : key;
}
