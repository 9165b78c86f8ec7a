/**
 * Milliseconds of the host's clock, for statistics only: nothing that a contract or a result's meaning depends on may look at it. 0 where
 * the host has none.
 */
export function now(): number {
  const { performance } = globalThis as unknown as { readonly performance?: { now(): number } };
  return performance?.now() ?? 0;
}
