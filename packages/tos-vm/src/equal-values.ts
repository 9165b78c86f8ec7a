import { equalBytes, type TypedValue } from '@switchyard/core';

/** Equality of values (legacy-stack-vm.md §1.3): the same kinds and content; the order of a map's entries does not count. */
export function equalValues(a: TypedValue, b: TypedValue): boolean {
  if (a.kind === 'null' || b.kind === 'null') return a.kind === b.kind;
  if (a.kind === 'bytes' && b.kind === 'bytes') return equalBytes(a.value, b.value);
  if (a.kind === 'opaque' && b.kind === 'opaque')
    return a.type === b.type && equalBytes(a.content, b.content);
  if (a.kind === 'range' && b.kind === 'range') {
    return equalValues(a.start, b.start) && equalValues(a.end, b.end);
  }
  if (a.kind === 'object' && b.kind === 'object') {
    return (
      a.elements.length === b.elements.length &&
      a.elements.every((element, index) => equalValues(element, b.elements[index]!))
    );
  }
  if (a.kind === 'map' && b.kind === 'map') {
    return (
      a.entries.length === b.entries.length &&
      a.entries.every(([key, value]) =>
        b.entries.some(
          ([otherKey, otherValue]) => equalValues(key, otherKey) && equalValues(value, otherValue),
        ),
      )
    );
  }
  return a.kind === b.kind && 'value' in a && 'value' in b && a.value === b.value;
}
