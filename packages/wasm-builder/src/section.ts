import { ByteBuffer } from './byte-buffer.ts';
import { refuseAbove } from './error.ts';

/** Ids of the sections (specification §5.5.2). */
export const SectionId = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
} as const;

/** Entries of one section, encoded as they are added: a vector (§5.1.3) whose number of elements is written at the end. */
export class Section {
  readonly entries = new ByteBuffer();
  count = 0;

  constructor(
    private readonly id: number,
    private readonly limit: number,
    private readonly what: string,
  ) {}

  /** Counts an entry, whose bytes the caller then appends to what is returned. LIMIT above what engines accept. */
  add(): ByteBuffer {
    refuseAbove(this.limit, this.count + 1, this.what);
    this.count++;
    return this.entries;
  }

  /** Id, size, number of entries, entries; nothing where there are none. */
  write(out: ByteBuffer): void {
    if (this.count === 0) return;
    const head = new ByteBuffer(16);
    head.u32(this.count);
    writeSection(out, this.id, head, this.entries);
  }
}

/** Id, size in bytes, contents (§5.5.2). */
export function writeSection(out: ByteBuffer, id: number, ...parts: readonly ByteBuffer[]): void {
  out.u8(id);
  out.u32(parts.reduce((size, part) => size + part.length, 0));
  for (const part of parts) out.copy(part);
}
