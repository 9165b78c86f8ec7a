import { arrayNatives } from './array.ts';
import { bytesNatives } from './bytes.ts';
import { globalNatives } from './globals.ts';
import { integerNatives, rootNatives } from './integer.ts';
import { mapNatives } from './map.ts';
import type { NativeTable } from './native.ts';
import { optionalNatives } from './optional.ts';
import { rangeNatives } from './range.ts';
import { stringNatives } from './string.ts';

/** The standard library, natives 0–133, in the order in which the reference registers them (spec §7.1). */
export const standardNatives: NativeTable = Object.freeze([
  ...arrayNatives,
  ...bytesNatives,
  ...optionalNatives,
  ...stringNatives,
  ...integerNatives,
  ...rangeNatives,
  ...mapNatives,
  ...rootNatives,
  ...globalNatives,
]);
