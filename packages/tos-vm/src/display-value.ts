import { bytesToHex, type TypedValue } from '@switchyard/core';

/** A value as the text that contracts print (legacy-stack-vm.md §1.3). */
export function displayValue(value: TypedValue): string {
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'range':
      return `${value.start.value}..${value.end.value}`;
    case 'opaque':
      return `${value.type}(${bytesToHex(value.content)})`;
    case 'bytes':
      return `bytes[[${value.value.join(', ')}]]`;
    case 'object':
      return `[${value.elements.map(displayValue).join(', ')}]`;
    case 'map': {
      const entries = value.entries.map(([key, inner]) => `${displayValue(key)}: ${displayValue(inner)}`);
      return `map{${entries.join(', ')}}`;
    }
    default:
      return `${value.value}`;
  }
}
