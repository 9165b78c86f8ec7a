import { encodeUtf8 } from '@switchyard/core';
import type { Machine } from '../interpreter/machine.ts';
import { MAX_STRING_BYTES } from '../interpreter/machine-limits.ts';
import { Trap } from '../interpreter/trap.ts';
import type { Box } from '../values/box.ts';
import { BOX_WORK } from '../values/copy.ts';
import { Kind } from '../values/kind.ts';
import { make, setBoolean, setNull, setObject, setSmall, setString } from '../values/make.ts';
import { unitIndexAt, utf8Length } from '../values/text.ts';
import { arrayOfBytes } from './array.ts';
import { argument, method, type Native, requireText, requireU32 } from './native.ts';

/** Unicode White_Space, which JavaScript's `trim` is not: it adds U+FEFF and leaves out U+0085 (spec §7.4). */
const SPACES = /^\p{White_Space}+|\p{White_Space}+$/gu;

function give(machine: Machine, text: string | undefined): true {
  if (text === undefined) setNull(machine.result);
  else setString(machine.result, text);
  return true;
}

function giveIndex(machine: Machine, text: string, unitIndex: number): true {
  if (unitIndex < 0) setNull(machine.result);
  else setSmall(machine.result, Kind.U32, utf8Length(text.slice(0, unitIndex)));
  return true;
}

function giveList(machine: Machine, parts: readonly string[]): true {
  setObject(machine.result, parts.map(make.string));
  return true;
}

/** A native of a string and a string: the argument's type is checked first. */
function textual(
  name: string,
  cost: number,
  run: (machine: Machine, text: string, other: string) => boolean,
): Native {
  return method(name, 1, cost, (machine, self, args) => {
    const other = requireText(machine, argument(machine, args));
    return run(machine, requireText(machine, self), other);
  });
}

function test(name: string, cost: number, holds: (text: string, other: string) => boolean): Native {
  return textual(name, cost, (machine, text, other) => {
    setBoolean(machine.result, holds(text, other));
    return true;
  });
}

function change(name: string, run: (text: string) => string): Native {
  return method(name, 0, 1, (machine, self) => give(machine, run(requireText(machine, self))));
}

/** Occurrences from left to right that do not overlap; an empty pattern is found at every character boundary. */
function countMatches(text: string, pattern: string): number {
  let count = 0;
  if (pattern === '') {
    for (const _character of text) count++;
    return count + 1;
  }
  for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + pattern.length)) count++;
  return count;
}

/** Splits as Rust does: an empty separator gives the characters between two empty strings. */
function split(machine: Machine, text: string, separator: string): true {
  machine.spend((countMatches(text, separator) + 1) * BOX_WORK);
  return giveList(machine, separator === '' ? ['', ...text, ''] : text.split(separator));
}

/** As many copies of the pattern as there are occurrences. */
function matches(machine: Machine, text: string, pattern: string): true {
  const count = countMatches(text, pattern);
  machine.spend(count * BOX_WORK);
  return giveList(machine, new Array<string>(count).fill(pattern));
}

function replace(machine: Machine, self: Box, args: number): true {
  const from = requireText(machine, argument(machine, args));
  const to = requireText(machine, argument(machine, args + 1));
  const text = requireText(machine, self);
  const length = utf8Length(text) + countMatches(text, from) * (utf8Length(to) - utf8Length(from));
  if (length > MAX_STRING_BYTES) throw new Trap('limit', 'machine', 'HostLimit', '(string)');
  machine.spend(length);
  return give(
    machine,
    from === '' ? to + [...text].map((each) => each + to).join('') : text.split(from).join(to),
  );
}

function slice(text: string, from: number, to: number | undefined): string | undefined {
  const start = unitIndexAt(text, from);
  const end = to === undefined ? text.length : unitIndexAt(text, to);
  return start < 0 || end < start ? undefined : text.slice(start, end);
}

/** Natives 27–44. */
export const stringNatives: readonly Native[] = [
  method('string.len', 0, 1, (machine, self) => {
    if (self.kind !== Kind.String) requireText(machine, self);
    setSmall(machine.result, Kind.U32, self.lo);
    return true;
  }),
  change('string.trim', (text) => text.replace(SPACES, '')),
  test('string.contains', 1, (text, other) => text.includes(other)),
  test('string.contains_ignore_case', 1, (text, other) => text.toLowerCase().includes(other.toLowerCase())),
  change('string.to_uppercase', (text) => text.toUpperCase()),
  change('string.to_lowercase', (text) => text.toLowerCase()),
  method('string.to_bytes', 0, 5, (machine, self) => {
    setObject(machine.result, arrayOfBytes(machine, encodeUtf8(requireText(machine, self))));
    return true;
  }),
  textual('string.index_of', 3, (machine, text, other) => giveIndex(machine, text, text.indexOf(other))),
  textual('string.last_index_of', 3, (machine, text, other) =>
    giveIndex(machine, text, text.lastIndexOf(other)),
  ),
  method('string.replace', 2, 5, replace),
  test('string.starts_with', 3, (text, other) => text.startsWith(other)),
  test('string.ends_with', 3, (text, other) => text.endsWith(other)),
  textual('string.split', 5, split),
  method('string.char_at', 1, 1, (machine, self, args) => {
    const index = requireU32(argument(machine, args));
    const text = requireText(machine, self);
    let at = 0;
    for (const character of text) if (at++ === index) return give(machine, character);
    return give(machine, undefined);
  }),
  method('string.is_empty', 0, 1, (machine, self) => {
    setBoolean(machine.result, requireText(machine, self) === '');
    return true;
  }),
  textual('string.matches', 50, matches),
  method('string.substring', 1, 3, (machine, self, args) => {
    const from = requireU32(argument(machine, args));
    return give(machine, slice(requireText(machine, self), from, undefined));
  }),
  method('string.substring_range', 2, 3, (machine, self, args) => {
    const text = requireText(machine, self);
    const from = requireU32(argument(machine, args));
    const to = requireU32(argument(machine, args + 1));
    return give(machine, slice(text, from, to));
  }),
];
