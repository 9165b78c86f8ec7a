import { encodeUtf8 } from '@switchyard/core';

/** Murmur3, 32-bit (spec §8.5). Returns an unsigned 32-bit number. */
export function murmur3(bytes: Uint8Array, seed = 0): number {
  const length = bytes.length;
  let hash = seed;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    hash ^= scramble(word);
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  if (at < length) {
    let tail = 0;
    for (let end = length - 1; end >= at; end--) tail = (tail << 8) | bytes[end]!;
    hash ^= scramble(tail);
  }
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scramble(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

/** Key of a syscall, and of the function `entrypoint`: murmur3 of the name's UTF-8 bytes. */
export function syscallKey(name: string): number {
  return murmur3(encodeUtf8(name));
}

/** Key of a V0–V2 function in the function registry: murmur3 of the pc as eight little-endian bytes. */
export function functionKey(pc: number): number {
  const bytes = new Uint8Array(8);
  let rest = pc;
  for (let index = 0; index < 8; index++) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return murmur3(bytes);
}
