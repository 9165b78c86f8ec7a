/** `above` over `below`: plain objects are merged key by key, everything else is replaced; undefined changes nothing. */
export function mergeLayers(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  if (!isPlainObject(below) || !isPlainObject(above)) return above;
  // A store of another kind shares no keys with the one below it.
  if ('kind' in above && 'kind' in below && above['kind'] !== below['kind']) return above;
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    // defineProperty, so that a key named __proto__ is a key like any other, which the schema then refuses.
    Object.defineProperty(merged, key, {
      value: mergeLayers(Object.hasOwn(below, key) ? below[key] : undefined, value),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return merged;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}
