/** A reproducible stream of numbers: mulberry32. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * below);
  };
}

/** A copy with 1 to 8 changes: bits, bytes, runs that are cut, doubled, moved or taken from another input. */
export function mutate(bytes: Uint8Array, other: Uint8Array, random: (below: number) => number): Uint8Array {
  let list = [...bytes];
  for (let changes = 1 + random(8); changes > 0; changes--) {
    const at = random(list.length + 1);
    const length = 1 + random(8);
    switch (random(7)) {
      case 0:
        if (at < list.length) list[at]! ^= 1 << random(8);
        break;
      case 1:
        if (at < list.length) list[at] = random(256);
        break;
      case 2:
        list.splice(at, length);
        break;
      case 3:
        list.splice(at, 0, ...list.slice(at, at + length));
        break;
      case 4:
        list.splice(at, 0, ...other.subarray(random(other.length), random(other.length) + 16).slice(0, 16));
        break;
      case 5:
        // An opcode byte: the likeliest change to stay valid.
        if (at < list.length) list[at] = random(64);
        break;
      default:
        list = list.slice(0, at).concat(list.slice(at + length), list.slice(at, at + length));
    }
  }
  return Uint8Array.from(list);
}
