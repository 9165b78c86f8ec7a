import { codeHash, encodeUtf8 } from '@switchyard/core';
import type { Canonical } from '../mapping/canonical.ts';
import type { StateLine } from '../sides/side.ts';
import type { Difference } from './difference.ts';

/** A state in 40 bytes: equal states have equal digests, in whatever order they are listed. */
export interface StateDigest {
  readonly lines: number;
  /** Sum of the lines' sha-256, modulo 2^256, in hexadecimal. */
  readonly sum: string;
}

/** Digest of a listing, in constant memory. */
export function digestState(lines: Iterable<StateLine>): StateDigest {
  let sum = 0n;
  let count = 0;
  for (const line of lines) {
    count++;
    sum += BigInt(`0x${Buffer.from(codeHash(encodeUtf8(JSON.stringify(line)))).toString('hex')}`);
  }
  return { lines: count, sum: BigInt.asUintN(256, sum).toString(16) };
}

/** Most differing places of a final state that a report lists. */
export const LISTED_PLACES = 1000;

/** The places in which two states differ, sorted, at most `LISTED_PLACES`. Needs memory for one of the states. */
export function compareStates(old: Iterable<StateLine>, fresh: Iterable<StateLine>): readonly Difference[] {
  const left = new Map<string, Canonical>(old);
  const found: Difference[] = [];
  for (const [place, value] of fresh) {
    const other = left.get(place);
    left.delete(place);
    if (other === undefined || JSON.stringify(other) !== JSON.stringify(value)) {
      found.push({ aspect: aspectOf(place), place, old: other, new: value });
    }
  }
  for (const [place, value] of left)
    found.push({ aspect: aspectOf(place), place, old: value, new: undefined });
  return found.sort((a, b) => (a.place < b.place ? -1 : 1)).slice(0, LISTED_PLACES);
}

function aspectOf(place: string): Difference['aspect'] {
  return place.startsWith('balance 0x') || place.startsWith('asset 0x') ? 'balances' : 'storage';
}
