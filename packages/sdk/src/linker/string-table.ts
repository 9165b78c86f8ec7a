/** Builds an ELF string table of ASCII names; equal names share their bytes. */
export class StringTable {
  readonly #offsets = new Map<string, number>([['', 0]]);
  readonly #bytes: number[] = [0];

  /** Offset of the name, which is added when it is new. */
  add(name: string): number {
    const known = this.#offsets.get(name);
    if (known !== undefined) return known;
    const offset = this.#bytes.length;
    for (let index = 0; index < name.length; index++) this.#bytes.push(name.charCodeAt(index));
    this.#bytes.push(0);
    this.#offsets.set(name, offset);
    return offset;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}
