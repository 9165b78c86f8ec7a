import { byteKey, type StateChange } from '@switchyard/core';

/** A text for what a change is of: equal for changes of the same thing. See also `ShadowBackend`, which looks places up. */
export function changePlace(change: StateChange): string {
  switch (change.kind) {
    case 'storage':
      return `s${byteKey(change.contract)}${byteKey(change.key)}`;
    case 'balance':
      return `b${byteKey(change.address)}${byteKey(change.asset)}`;
    case 'asset':
      return `a${byteKey(change.asset)}`;
    default:
      return `${change.kind}${byteKey(change.address)}`;
  }
}
