import type { Box } from './box.ts';
import { keyOf } from './key-of.ts';

/** An insertion-ordered map of cells (spec §1.3). Owns its keys and values. */
export class LegacyMap {
  readonly #places = new Map<string | number, number>();
  readonly keys: Box[] = [];
  readonly values: Box[] = [];

  get size(): number {
    return this.keys.length;
  }

  get(key: Box): Box | undefined {
    const place = this.#places.get(keyOf(key));
    return place === undefined ? undefined : this.values[place];
  }

  has(key: Box): boolean {
    return this.#places.has(keyOf(key));
  }

  /** Sets a value; an existing key keeps its position and its first form. @returns the old value. */
  insert(key: Box, value: Box): Box | undefined {
    const name = keyOf(key);
    const place = this.#places.get(name);
    if (place === undefined) {
      this.#places.set(name, this.keys.length);
      this.keys.push(key);
      this.values.push(value);
      return undefined;
    }
    const old = this.values[place]!;
    this.values[place] = value;
    return old;
  }

  /** Removes a key and keeps the order of the others. */
  shiftRemove(key: Box): Box | undefined {
    const name = keyOf(key);
    const place = this.#places.get(name);
    if (place === undefined) return undefined;
    this.#places.delete(name);
    this.keys.splice(place, 1);
    const [old] = this.values.splice(place, 1);
    for (let i = place; i < this.keys.length; i++) this.#places.set(keyOf(this.keys[i]!), i);
    return old;
  }

  /** Removes a key; the last entry moves into the hole. */
  swapRemove(key: Box): Box | undefined {
    const name = keyOf(key);
    const place = this.#places.get(name);
    if (place === undefined) return undefined;
    this.#places.delete(name);
    const old = this.values[place];
    const lastKey = this.keys.pop()!;
    const lastValue = this.values.pop()!;
    if (place < this.keys.length) {
      this.keys[place] = lastKey;
      this.values[place] = lastValue;
      this.#places.set(keyOf(lastKey), place);
    }
    return old;
  }

  clear(): void {
    this.#places.clear();
    this.keys.length = 0;
    this.values.length = 0;
  }
}
