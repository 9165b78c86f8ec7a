// Control characters above ASCII, and what changes the direction or the place of what follows. Those below U+0020, JSON escapes itself.
const UNSAFE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A value as JSON that may go to a terminal: what would steer it is written as `\u` escapes, so that reading gives the same value.
 * @param indent spaces for each level; none for a single line.
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(UNSAFE, escapeUnits);
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}
