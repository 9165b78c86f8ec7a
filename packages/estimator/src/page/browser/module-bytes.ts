/** Most bytes of a module that the page takes; what a service takes is mostly less, and it says so. */
const MAX_BYTES = 16 * 1024 * 1024;

/** What was given cannot be a module's bytes; the message says why. */
export class ModuleProblem extends Error {}

/** Hexadecimal digits as the service wants them, out of text with blanks, lines and 0x. @throws ModuleProblem */
export function hexOfText(text: string): string {
  const digits = text.replace(/\s+/g, '').replace(/^0x/i, '').toLowerCase();
  if (digits.length > 2 * MAX_BYTES) throw tooLong(digits.length / 2);
  const wrong = /[^0-9a-f]/u.exec(digits);
  if (wrong !== null) throw new ModuleProblem(`"${wrong[0]}" at ${wrong.index} is no hexadecimal digit.`);
  if (digits.length % 2 !== 0) throw new ModuleProblem(`${digits.length} digits are not whole bytes.`);
  return digits;
}

/** A file's bytes as hexadecimal digits; of a file that holds digits, those. @throws ModuleProblem */
export function hexOfFile(bytes: Uint8Array): string {
  if (bytes.length === 0) throw new ModuleProblem('The file is empty.');
  if (bytes.length > MAX_BYTES) throw tooLong(bytes.length);
  const isDigits = bytes.every((byte) => byte < 0x80 && /[0-9a-fA-FxX\s]/.test(String.fromCharCode(byte)));
  if (isDigits) return hexOfText(new TextDecoder().decode(bytes));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function tooLong(length: number): ModuleProblem {
  return new ModuleProblem(`${length} bytes are more than a module may have (${MAX_BYTES}).`);
}
