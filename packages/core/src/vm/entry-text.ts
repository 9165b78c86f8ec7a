import type { EntryPoint } from './execution-context.ts';

/**
 * The entry point that a text names, as symbols do: `entry_7`, `hook_0`, `entrypoint`, or a function's name. @returns undefined for a number
 * out of range: entries go to 65535 and hooks to 255.
 */
export function entryFromText(text: string): EntryPoint | undefined {
  if (text === 'entrypoint') return { kind: 'default' };
  const numbered = /^(entry|hook)_(0|[1-9]\d*)$/.exec(text);
  if (numbered === null) return { kind: 'function', name: text };
  const kind = numbered[1] as 'entry' | 'hook';
  const id = Number(numbered[2]);
  return id > (kind === 'hook' ? 0xff : 0xffff) ? undefined : { kind, id };
}
