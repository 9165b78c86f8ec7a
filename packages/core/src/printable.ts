const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

// Control characters, and those that change the direction or the place of what follows: escape sequences of a terminal start with one.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Text of a contract's making, such as a log or a name, as it may go to a terminal: what would not print as itself is written out, so
 * that a contract can neither clear the screen nor forge a line of the report.
 */
export function printable(text: string): string {
  return text.replace(
    UNSAFE,
    (character) => NAMED[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}
