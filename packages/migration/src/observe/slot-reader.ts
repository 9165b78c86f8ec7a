import { bytesToHex } from '@switchyard/core';
import { type Canonical, hex } from '../mapping/canonical.ts';
import type { Mapping, SideName, StorageItem } from '../mapping/mapping.ts';

/** A slot in the form that both sides share. */
export interface ReadSlot {
  /** Name of the storage item, or `not mapped`. */
  readonly item: string;
  readonly fields: readonly Canonical[];
  /** The value of the slot's bytes; null for an absent slot, also for one that has the item's `absent` value. */
  value(bytes: Uint8Array | undefined): Canonical;
}

/** Keys that are remembered; a contract's calls touch the same ones again and again. */
const REMEMBERED_KEYS = 4096;

/** Reads one side's storage keys through the suite's items. */
export class SlotReader {
  readonly #mapping: Mapping;
  readonly #side: SideName;
  readonly #known = new Map<string, ReadSlot | undefined>();
  /** How often a key was read that is the side's own by design, by the name of the rule. */
  readonly own = new Map<string, number>();
  /** How often a key was read that no item describes. */
  unmapped = 0;

  constructor(mapping: Mapping, side: SideName) {
    this.#mapping = mapping;
    this.#side = side;
  }

  /** The slot of a key; undefined for one that only this side keeps, by design. */
  read(key: Uint8Array): ReadSlot | undefined {
    const own = this.#mapping.own.find(
      (each) => each.side === this.#side && each.key.parse(key) !== undefined,
    );
    if (own !== undefined) {
      this.own.set(own.name, (this.own.get(own.name) ?? 0) + 1);
      return undefined;
    }
    const name = bytesToHex(key);
    let slot = this.#known.get(name);
    if (slot === undefined) {
      slot = this.#find(key);
      if (this.#known.size >= REMEMBERED_KEYS) this.#known.clear();
      this.#known.set(name, slot);
    }
    if (slot.item === UNMAPPED) this.unmapped++;
    return slot;
  }

  #find(key: Uint8Array): ReadSlot {
    for (const item of this.#mapping.storage) {
      const fields = item.form[this.#side].key.parse(key);
      if (fields !== undefined)
        return { item: item.name, fields, value: (bytes) => this.#value(item, bytes) };
    }
    return {
      item: UNMAPPED,
      fields: [hex(key)],
      value: (bytes) => (bytes === undefined ? null : hex(bytes)),
    };
  }

  #value({ form, absent }: StorageItem, bytes: Uint8Array | undefined): Canonical {
    if (bytes === undefined) return null;
    const value = form[this.#side].value.decode(bytes);
    if (value === undefined) return ['not of the declared type', hex(bytes)];
    return absent !== undefined && JSON.stringify(value) === JSON.stringify(absent) ? null : value;
  }
}

/** Item of a slot that the suite does not describe. It is compared by its bytes, so that nothing passes unseen. */
export const UNMAPPED = 'not mapped';
