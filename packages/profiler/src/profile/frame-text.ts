import { printable } from '@switchyard/core';
import type { ProfileFrame } from './profile.ts';

/** A frame on one line, safe for a terminal: `token.so entry_1 [tbpf]`, `transfer`, `tos_log`. */
export function frameText({ kind, name, engine }: ProfileFrame): string {
  return kind === 'contract' ? `${printable(name)} [${engine}]` : printable(name);
}
