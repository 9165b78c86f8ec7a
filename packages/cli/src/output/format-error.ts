import { bytesToHex, errorAnchor, printable, type VmError } from '@switchyard/core';
import pc from 'picocolors';

/** Width of the names on the left. */
const NAME_WIDTH = 10;

/** An error for people: code and message, the facts, a hint, and where to read on. */
export function formatError(error: VmError): string {
  // A message may quote names out of a contract. Line breaks are a compiler's or linker's, and stay.
  const message = error.message.split('\n').map(printable).join('\n');
  const lines = [`${pc.red(pc.bold(error.code))}: ${message}`, ''];
  const add = (name: string, value: string): void => {
    lines.push(`  ${pc.dim(name.padEnd(NAME_WIDTH))}${printable(value)}`);
  };
  for (const [name, value] of Object.entries(error.details)) add(name, value);
  if (error.pc !== undefined && error.details['pc'] === undefined) add('pc', `${error.pc}`);
  if (error.contract !== undefined && error.details['contract'] === undefined) {
    add('contract', bytesToHex(error.contract));
  }
  if (error.native !== undefined) add('native', error.native.detail);
  add('hint', error.hint);
  lines.push(pc.dim(`Docs: docs/errors.md#${errorAnchor(error.code)}`));
  return lines.join('\n');
}
