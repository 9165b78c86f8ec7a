import { bytesToHex, errorAnchor, type VmError } from '@switchyard/core';
import pc from 'picocolors';

/** Width of the names on the left. */
const NAME_WIDTH = 10;

/** An error for people: code and message, the facts, a hint, and where to read on. */
export function formatError(error: VmError): string {
  const lines = [`${pc.red(pc.bold(error.code))}: ${error.message}`, ''];
  const add = (name: string, value: string): void => {
    lines.push(`  ${pc.dim(name.padEnd(NAME_WIDTH))}${value}`);
  };
  for (const [name, value] of Object.entries(error.details)) add(name, value);
  if (error.contract !== undefined && error.details['contract'] === undefined) {
    add('contract', bytesToHex(error.contract));
  }
  if (error.native !== undefined) add('native', error.native.detail);
  add('hint', error.hint);
  lines.push(pc.dim(`Docs: docs/errors.md#${errorAnchor(error.code)}`));
  return lines.join('\n');
}
