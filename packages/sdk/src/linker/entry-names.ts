/** Symbol of the default entry. */
export const defaultEntryName = 'entrypoint';

/** What a symbol name says about being callable from outside. */
export type EntryNameKind = 'entry' | 'misspelt' | 'plain';

/** `entrypoint`, `entry_N` (N up to 65535) and `hook_N` (N up to 255), without leading zeros; a near miss is `misspelt`. */
export function entryNameKind(name: string): EntryNameKind {
  if (name === defaultEntryName) return 'entry';
  const match = /^(entry|hook)_([0-9]+)$/.exec(name);
  if (match === null) return 'plain';
  const digits = match[2]!;
  const hasLeadingZero = digits.length > 1 && digits.startsWith('0');
  const limit = match[1] === 'entry' ? 0xffff : 0xff;
  return hasLeadingZero || Number(digits) > limit ? 'misspelt' : 'entry';
}
