import { VmError } from '@switchyard/core';
import { parseDocument, type Tags } from 'yaml';

/** Longest text, in characters. Long sequences of calls belong into a capture. */
const MAX_TEXT = 16 * 1024 * 1024;

/** Aliases that a document may have: enough for people, too few to unfold into gigabytes. */
const MAX_ALIASES = 100;

/** YAML's own reading of `0x…` is an integer, whose leading zeros are lost; in a suite it is bytes, so it stays text. */
const withoutHexadecimal = (tags: Tags): Tags =>
  tags.filter((tag) => typeof tag === 'string' || tag.format !== 'HEX');

/** What a text in YAML or JSON says, integers as bigint, `0x…` as text. @throws VmError SUITE_INVALID. */
export function parseYaml(text: string): unknown {
  if (text.length > MAX_TEXT) throw new VmError('SUITE_INVALID', `longer than ${MAX_TEXT} characters.`);
  const document = parseDocument(text, {
    intAsBigInt: true,
    uniqueKeys: true,
    customTags: withoutHexadecimal,
  });
  const [error] = document.errors;
  if (error !== undefined)
    throw new VmError('SUITE_INVALID', `${error.message.split('\n')[0]!.replace(/:$/, '')}.`);
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    // The library's own error for aliases, and a RangeError for nesting that no document needs.
    throw new VmError('SUITE_INVALID', `${(cause as Error).message}.`, { cause });
  }
}
