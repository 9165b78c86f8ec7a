import { VmError } from '@switchyard/core';
import { parseDocument } from 'yaml';

/** Longest text, in characters. Long sequences of calls belong into a capture. */
const MAX_TEXT = 16 * 1024 * 1024;

/** Aliases that a document may have: enough for people, too few to unfold into gigabytes. */
const MAX_ALIASES = 100;

/** What a text in YAML or JSON says, integers as bigint. @throws VmError SUITE_INVALID. */
export function parseYaml(text: string): unknown {
  if (text.length > MAX_TEXT) throw new VmError('SUITE_INVALID', `longer than ${MAX_TEXT} characters.`);
  const document = parseDocument(text, { intAsBigInt: true, uniqueKeys: true });
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
