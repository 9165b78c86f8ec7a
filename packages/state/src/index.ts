export type { CodeCacheUsage } from './code-cache/entry-files.ts';
export { type CodeCache, type CodeCacheOptions, openCodeCache } from './code-cache/open-code-cache.ts';
export { LAYOUT_VERSION, type StateRecord } from './layout.ts';
export { openState, openVersionReader } from './open-state.ts';
export { exportSnapshot, type ImportOptions, importSnapshot, type SnapshotSummary } from './snapshot.ts';
export type { PostgresOptions, StateOptions, StateStore, StateVersionReader } from './state-store.ts';
