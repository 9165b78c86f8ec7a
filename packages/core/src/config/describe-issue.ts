import type { z } from 'zod';
import { nearest } from '../errors/nearest.ts';
import { KNOWN_KEYS } from './schema.ts';
import { withoutPasswords } from './secrets.ts';

type Issue = z.core.$ZodIssue;

/** One line a problem: path, what was expected, what was found. */
export function describeIssue(issue: Issue, root: unknown): string {
  if (issue.code === 'invalid_union') return describeUnion(issue, root);
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = KNOWN_KEYS[pathPattern(issue.path)] ?? [];
    const key = issue.keys[0]!;
    const meant = nearest(key, known);
    const full = path === '' ? key : `${path}.${key}`;
    return meant === undefined
      ? `${full}: unknown key; expected one of ${known.join(', ')}.`
      : `${full}: unknown key, did you mean "${meant}"?`;
  }
  return `${path === '' ? 'the configuration' : path}: expected ${expectation(issue)}, found ${describeValue(valueAt(root, issue.path))}.`;
}

/** The branch of a union that came furthest is the one that was meant. */
function describeUnion(issue: Extract<Issue, { code: 'invalid_union' }>, root: unknown): string {
  const expectations: string[] = [];
  for (const branch of issue.errors) {
    for (const inner of branch) {
      if (inner.path.length > 0 || inner.code === 'unrecognized_keys') {
        return describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, root);
      }
      expectations.push(expectation(inner));
    }
  }
  return `${pathText(issue.path)}: expected ${expectations.join(', or ')}, found ${describeValue(valueAt(root, issue.path))}.`;
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return article(issue.expected);
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return issue.origin === 'string' ? 'a text that is not empty' : `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function article(type: string): string {
  const name = type === 'int' ? 'integer' : type === 'record' ? 'object' : type;
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** `select[2].engine` */
export function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text;
}

function pathPattern(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === 'number' || (index === 1 && path[0] === 'engines') ? '*' : String(part),
    )
    .join('.');
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
