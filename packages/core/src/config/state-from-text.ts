import type { StateConfig } from './config.ts';

/** A store as one word, as a flag or a variable gives it: `memory`, a `postgres://` address, or the path of an LMDB store with or without `lmdb:` in front. */
export function stateFromText(text: string): StateConfig {
  if (text === 'memory') return { kind: 'memory' };
  if (isPostgresUrl(text)) return { kind: 'postgres', url: text };
  return { kind: 'lmdb', path: text.startsWith('lmdb:') ? text.slice(5) : text };
}

/** Whether this is the address of a PostgreSQL database, by how it begins. */
export function isPostgresUrl(text: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(text);
}
