import { VmError } from '@switchyard/core';

/** Where in an object something is wrong, and what the reader can do about it. */
export interface LinkPlace {
  /** Name of the object, as given to `link`. */
  readonly object: string;
  /** Section, symbol or table, with an offset where there is one: `.text+0x18`. */
  readonly at: string;
  readonly hint?: string;
}

/** A LINK_FAILED error which names the object and the place in it. */
export function linkError(message: string, place: LinkPlace): VmError {
  return new VmError('LINK_FAILED', `${place.object}: ${message} (at ${place.at})`, {
    details: { object: place.object, at: place.at },
    ...(place.hint === undefined ? {} : { hint: place.hint }),
  });
}

/** `.text+0x18`: a section and a byte offset in it. */
export function offsetIn(section: string, offset: number): string {
  return `${section}+0x${offset.toString(16)}`;
}
