import { byteKey } from '@switchyard/core';
import { type Canonical, hex } from '../mapping/canonical.ts';
import type { Mapping, SideName, StorageItem } from '../mapping/mapping.ts';

/** A slot in the form that both sides share. */
export interface ReadSlot {
  /** Name of the storage item, or `not mapped`. */
  readonly item: string;
  readonly fields: readonly Canonical[];
  /** The suite's rule by which only this side keeps the slot: then it isn't compared. */
  readonly own: string | undefined;
  /** The value of the slot's bytes; null for an absent slot, also for one that has the item's `absent` value. */
  value(bytes: Uint8Array | undefined): Canonical;
}

/** Item of a slot that the suite does not describe. It is compared by its bytes, so that nothing passes unseen. */
export const UNMAPPED = 'not mapped';

/** Keys that are remembered; a contract's calls touch the same ones again and again. */
const REMEMBERED_KEYS = 4096;

/** Reads one side's storage keys through the suite's items. */
export class SlotReader {
  readonly #mapping: Mapping;
  readonly #side: SideName;
  readonly #known = new Map<string, ReadSlot>();

  constructor(mapping: Mapping, side: SideName) {
    this.#mapping = mapping;
    this.#side = side;
  }

  read(key: Uint8Array): ReadSlot {
    const name = byteKey(key);
    let slot = this.#known.get(name);
    if (slot === undefined) {
      slot = this.#find(key);
      if (this.#known.size >= REMEMBERED_KEYS) this.#known.clear();
      this.#known.set(name, slot);
    }
    return slot;
  }

  #find(key: Uint8Array): ReadSlot {
    const side = this.#side;
    // Items come first: a wide pattern of `own` must not take what the suite says is compared.
    for (const item of this.#mapping.storage) {
      const fields = item.form[side].key.parse(key);
      if (fields === undefined) continue;
      return { item: item.name, fields, own: undefined, value: (bytes) => slotValue(item, side, bytes) };
    }
    const own = this.#mapping.own.find(
      (each) => each.side === side && each.key.parse(key) !== undefined,
    )?.name;
    const value = (bytes: Uint8Array | undefined) => (bytes === undefined ? null : hex(bytes));
    return { item: UNMAPPED, fields: [hex(key)], own, value };
  }
}

function slotValue({ form, absent }: StorageItem, side: SideName, bytes: Uint8Array | undefined): Canonical {
  if (bytes === undefined) return null;
  const value = form[side].value.decode(bytes);
  if (value === undefined) return unreadable(bytes);
  return absent !== undefined && JSON.stringify(value) === JSON.stringify(absent) ? null : value;
}

/** What stands for bytes that are not of the type that the suite declares: equal only to the same bytes. */
export function unreadable(bytes: Uint8Array): Canonical {
  return ['not of the declared type', hex(bytes)];
}
